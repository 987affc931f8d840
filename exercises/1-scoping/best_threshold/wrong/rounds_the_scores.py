"""Rounds scores to six places, to be rid of noise, and merges some.

rejected by: test_close_scores_are_different_scores
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    y, p = np.asarray(y, dtype=bool), np.asarray(p).round(6)
    best, most = math.inf, 0
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
