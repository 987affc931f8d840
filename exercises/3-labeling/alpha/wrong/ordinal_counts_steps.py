"""Takes ordinal for "how many steps apart", and forgets how often each value is used.

rejected by: test_any_table_with_gaps, test_the_example_of_the_text, test_a_table_without_gaps
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
    place = np.arange(len(values)) if level == "ordinal" else values
    apart = (place[:, None] - place) ** 2
    if level == "nominal":
        apart = apart > 0
    observed = ((counts @ apart * counts).sum(axis=1) / (counts.sum(axis=1) - 1)).sum()
    return float(1 - observed / (total @ apart @ total / (total.sum() - 1)))
