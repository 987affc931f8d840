"""Takes every level that it does not know for interval.

rejected by: test_another_level_is_refused
"""

import numpy as np


def alpha(ratings, level):
    table = ratings.to_numpy(float)
    table = table[(~np.isnan(table)).sum(axis=1) >= 2]
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
