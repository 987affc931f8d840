"""Walks row by row, and stops in the middle of rows with equal scores.

rejected by: test_equal_scores_are_never_split, test_the_best_of_all_scores,
test_the_budget_counts_equal_scores_together, test_the_order_of_the_rows_does_not_count
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    y, p = np.asarray(y, dtype=bool), np.asarray(p)
    order = np.argsort(-p, kind="stable")
    worth = np.cumsum(np.where(y[order], gain, -cost))
    worth = worth[: int(max_share * len(p))]
    if not len(worth) or worth.max() <= 0:
        return math.inf
    return float(p[order][worth.argmax()])
