"""Puts True into one table and False into the other: rows with a null verdict are in neither.

rejected by: test_no_row_is_lost_or_doubled, test_a_null_verdict_rejects,
test_cannot_tell_is_not_a_pass
"""

import pandas as pd


def quarantine(df, rules):
    passed = pd.Series(True, index=df.index, dtype="boolean")
    reasons = [[] for _ in range(len(df))]
    for name, rule in rules.items():
        verdict = rule(df).astype("boolean")
        passed &= verdict
        for row, value in enumerate(verdict):
            if value is not True:
                reasons[row].append(name)
    bad = (~passed).fillna(False).to_numpy(dtype=bool)
    rejected = df[bad].copy()
    rejected["reasons"] = pd.Series(
        [names for names, is_bad in zip(reasons, bad, strict=True) if is_bad],
        index=rejected.index,
        dtype=object,
    )
    return df[passed.fillna(False).to_numpy(dtype=bool)], rejected
