"""Drops items with fewer than two ratings from the caller's own table.

rejected by: test_the_table_is_left_alone
"""

import numpy as np


def alpha(ratings, level):
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(level)
    ratings.dropna(thresh=2, inplace=True)
    table = ratings.to_numpy(float)
    values = np.unique(table[~np.isnan(table)])
    if len(values) < 2:
        return float("nan")
    counts = (table[:, :, None] == values).sum(axis=1)
    total = counts.sum(axis=0)
    place = total.cumsum() - total / 2 if level == "ordinal" else values
    apart = (place[:, None] - place) ** 2
    if level == "nominal":
        apart = apart > 0
    observed = ((counts @ apart * counts).sum(axis=1) / (counts.sum(axis=1) - 1)).sum()
    return float(1 - observed / (total @ apart @ total / (total.sum() - 1)))
