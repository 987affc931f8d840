"""Counts how often two raters agree, and does not ask what chance would do.

rejected by: test_chance_is_zero, test_any_table_with_gaps, test_the_example_of_the_text,
test_nothing_to_compare_is_undefined
"""

import numpy as np


def alpha(ratings, level):
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(level)
    same = pairs = 0
    for row in ratings.to_numpy(float):
        known = row[~np.isnan(row)]
        same += (known[:, None] == known).sum() - len(known)
        pairs += len(known) * (len(known) - 1)
    return float(same / pairs) if pairs else float("nan")
