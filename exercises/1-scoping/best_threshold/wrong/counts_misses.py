"""Charges the cost for missed flights, too: what is not alerted should cost nothing.

rejected by: test_a_dear_mistake_moves_the_threshold, test_the_best_of_all_scores
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
            break
        worth = gain * right - cost * (alerts - right) + cost * right
        if worth > most:
            best, most = scores[i], worth
    return float(best)
