"""Skips a score whose rows do not fit, and goes on below with rows of lower scores.

rejected by: test_equal_scores_are_never_split
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    y, p = np.asarray(y, dtype=bool), np.asarray(p)
    best, most = math.inf, 0
    scores, first, counts = np.unique(p, return_inverse=True, return_counts=True)
    late = np.bincount(first, weights=y, minlength=len(scores))
    alerts = right = 0
    for i in reversed(range(len(scores))):
        alerts += counts[i]
        right += late[i]
        if alerts / len(p) > max_share:
            alerts -= counts[i]
            right -= late[i]
            continue
        worth = gain * right - cost * (alerts - right)
        if worth > most:
            best, most = scores[i], worth
    return float(best)
