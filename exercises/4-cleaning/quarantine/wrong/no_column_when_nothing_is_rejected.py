"""Adds `reasons` only when there is something to say: the next step crashes on good days.

rejected by: test_no_rules_and_no_rows, test_all_clean_and_all_rejected, test_clean_rows_pass_again
"""

import numpy as np
import pandas as pd


def quarantine(df, rules):
    reasons = [[] for _ in range(len(df))]
    for name, rule in rules.items():
        for row, ok in enumerate(rule(df).astype("boolean").fillna(False)):
            if not ok:
                reasons[row].append(name)
    bad = np.array([len(names) > 0 for names in reasons], dtype=bool)
    rejected = df[bad].copy()
    if bad.any():
        rejected["reasons"] = pd.Series(
            [r for r in reasons if r], index=rejected.index, dtype=object
        )
    return df[~bad], rejected
