"""Builds one table of failures, a column per rule, and reads the reasons from its rows."""

import numpy as np
import pandas as pd


def quarantine(df, rules):
    failed = pd.DataFrame(index=range(len(df)))
    for name, rule in rules.items():
        verdict = rule(df.copy()).reset_index(drop=True)
        failed[name] = ~(verdict.eq(True).fillna(False).astype(bool))
    names = np.array(list(rules), dtype=object)
    values = failed.to_numpy(dtype=bool).reshape(len(df), len(rules))
    bad = values.any(axis=1)
    reasons = pd.Series([list(names[row]) for row in values[bad]], dtype=object)
    reasons.index = df.index[bad]
    rejected = df.loc[bad].copy()
    rejected.insert(len(df.columns), "reasons", reasons.array)
    return df.loc[~bad], rejected
