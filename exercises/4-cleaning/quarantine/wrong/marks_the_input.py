"""Writes the reasons into the caller's table and splits that.

rejected by: test_the_input_is_left_alone
"""

import numpy as np
import pandas as pd


def quarantine(df, rules):
    reasons = [[] for _ in range(len(df))]
    for name, rule in rules.items():
        verdict = rule(df).astype("boolean").fillna(False)
        for row, ok in enumerate(verdict):
            if not ok:
                reasons[row].append(name)
    df["reasons"] = pd.Series(reasons, index=df.index, dtype=object)
    bad = np.array([len(names) > 0 for names in reasons], dtype=bool)
    return df[~bad].drop(columns="reasons"), df[bad].copy()
