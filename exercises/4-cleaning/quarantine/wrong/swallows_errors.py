"""Takes a rule that crashes for a rule that everybody failed.

rejected by: test_a_rule_that_cannot_run_is_heard
"""

import numpy as np
import pandas as pd


def quarantine(df, rules):
    reasons = [[] for _ in range(len(df))]
    for name, rule in rules.items():
        try:
            verdict = list(rule(df).astype("boolean").fillna(False))
        except Exception:
            verdict = [False] * len(df)
        for row, ok in enumerate(verdict):
            if not ok:
                reasons[row].append(name)
    bad = np.array([len(names) > 0 for names in reasons], dtype=bool)
    rejected = df[bad].copy()
    rejected["reasons"] = pd.Series([r for r in reasons if r], index=rejected.index, dtype=object)
    return df[~bad], rejected
