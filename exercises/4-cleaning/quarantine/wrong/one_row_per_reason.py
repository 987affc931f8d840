"""Collects the rejects of each rule and puts them together: a row that fails twice is there twice.

rejected by: test_no_row_is_lost_or_doubled, test_the_example_is_split_in_two,
test_every_reason_is_listed_in_order
"""

import numpy as np
import pandas as pd


def quarantine(df, rules):
    clean = np.ones(len(df), dtype=bool)
    parts = [df.iloc[:0].assign(reasons=pd.Series([], dtype=object))]
    for name, rule in rules.items():
        verdict = rule(df).astype("boolean").fillna(False).to_numpy(dtype=bool)
        part = df[~verdict].copy()
        part["reasons"] = [[name] for _ in range(len(part))]
        parts.append(part)
        clean &= verdict
    return df[clean], pd.concat(parts)
