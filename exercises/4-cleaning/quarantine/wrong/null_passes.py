"""Rejects only what is False: a verdict that is null slips through as clean.

rejected by: test_a_null_verdict_rejects, test_cannot_tell_is_not_a_pass,
test_any_kind_of_null_is_not_a_pass
"""

import pandas as pd


def quarantine(df, rules):
    failed = {
        name: rule(df).astype("boolean").eq(False).fillna(False) for name, rule in rules.items()
    }
    failed = pd.DataFrame(failed, index=df.index).to_numpy(dtype=bool)
    bad = failed.any(axis=1)
    rejected = df[bad].copy()
    rejected["reasons"] = pd.Series(
        [[n for n, f in zip(rules, row, strict=True) if f] for row in failed[bad]],
        index=rejected.index,
        dtype=object,
    )
    return df[~bad], rejected
