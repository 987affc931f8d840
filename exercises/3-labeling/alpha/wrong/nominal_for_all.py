"""Treats every scale as nominal: a near miss is a miss.

rejected by: test_any_table_with_gaps, test_the_example_of_the_text, test_real_editorials,
test_whole_numbers_are_welcome
"""

import numpy as np


def alpha(ratings, level):
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(level)
    table = ratings.to_numpy(float)
    table = table[(~np.isnan(table)).sum(axis=1) >= 2]
    values = np.unique(table[~np.isnan(table)])
    if len(values) < 2:
        return float("nan")
    counts = (table[:, :, None] == values).sum(axis=1)
    total = counts.sum(axis=0)
    place = total.cumsum() - total / 2 if level == "ordinal" else values
    apart = (place[:, None] - place) ** 2
    apart = apart > 0
    observed = ((counts @ apart * counts).sum(axis=1) / (counts.sum(axis=1) - 1)).sum()
    return float(1 - observed / (total @ apart @ total / (total.sum() - 1)))
