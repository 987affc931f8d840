"""Fills the gaps with 0, which is a rating like any other.

rejected by: test_any_table_with_gaps, test_an_item_with_one_rating_says_nothing,
test_the_example_of_the_text, test_full_agreement_is_one
"""

import numpy as np


def alpha(ratings, level):
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(level)
    table = ratings.fillna(0).to_numpy(float)
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
