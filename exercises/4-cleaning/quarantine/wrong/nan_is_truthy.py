"""Turns verdicts into booleans with `astype(bool)`, for which NaN is True.

rejected by: test_any_kind_of_null_is_not_a_pass
"""

import numpy as np
import pandas as pd


def quarantine(df, rules):
    passed = []
    for rule in rules.values():
        verdict = rule(df)
        if verdict.dtype == "boolean":
            verdict = verdict.fillna(False)
        passed.append(verdict.astype(bool).to_numpy())
    passed = np.array(passed, dtype=bool).reshape(len(rules), len(df))
    bad = ~passed.all(axis=0)
    rejected = df[bad].copy()
    rejected["reasons"] = pd.Series(
        [[n for n, ok in zip(rules, row, strict=True) if not ok] for row in passed.T[bad]],
        index=rejected.index,
        dtype=object,
    )
    return df[~bad], rejected
