"""Divides by the number of rows, and takes the maximum of nothing.

rejected by: test_without_rows_there_is_nobody
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    y, p = np.asarray(y, dtype=bool), np.asarray(p)
    best, most = math.inf, 0
    np.max(p)
    scores, first, counts = np.unique(p, return_inverse=True, return_counts=True)
    late = np.bincount(first, weights=y, minlength=len(scores))
    alerts = right = 0
    for i in reversed(range(len(scores))):
        alerts += counts[i]
        right += late[i]
        if alerts / len(p) > max_share:
            break
        worth = gain * right - cost * (alerts - right)
        if worth > most:
            best, most = scores[i], worth
    return float(best)
