"""Takes the budget for a quota and alerts as many as are allowed.

rejected by: test_the_budget_holds, test_nobody_is_worth_nothing, test_the_best_of_all_scores
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    y, p = np.asarray(y, dtype=bool), np.asarray(p)
    best = math.inf
    scores, first, counts = np.unique(p, return_inverse=True, return_counts=True)
    late = np.bincount(first, weights=y, minlength=len(scores))
    alerts = right = 0
    for i in reversed(range(len(scores))):
        alerts += counts[i]
        right += late[i]
        if alerts / len(p) > max_share:
            break
        best = scores[i]
    return float(best)
