"""Sorts the caller's own scores.

rejected by: test_the_inputs_are_left_alone
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    y, p = np.asarray(y, dtype=bool), np.asarray(p)
    best, most = math.inf, 0
    if isinstance(p, np.ndarray) and p.flags.writeable:
        order = np.argsort(p)
        p[:], y = p[order], y[order]
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
