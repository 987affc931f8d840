"""Renumbers the rows of both tables: nobody can find them in the source again.

rejected by: test_the_example_is_split_in_two, test_rows_keep_their_labels_and_order
"""

import pandas as pd


def quarantine(df, rules):
    df = df.reset_index(drop=True)
    reasons = pd.Series([[] for _ in range(len(df))], index=df.index, dtype=object)
    for name, rule in rules.items():
        verdict = rule(df).astype("boolean").fillna(False)
        for row in df.index[~verdict.to_numpy(dtype=bool)]:
            reasons[row].append(name)
    bad = reasons.map(len).gt(0).to_numpy(dtype=bool)
    rejected = df[bad].assign(reasons=reasons[bad]).reset_index(drop=True)
    return df[~bad].reset_index(drop=True), rejected
