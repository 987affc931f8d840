"""Tries a hundred thresholds from 0 to 1 instead of the scores.

rejected by: test_the_best_of_all_scores, test_close_scores_are_different_scores,
test_only_the_order_of_the_scores_counts
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    y, p = np.asarray(y, dtype=bool), np.asarray(p)
    best, most = math.inf, 0
    for threshold in np.linspace(1, 0, 101):
        alerted = p >= threshold
        if len(p) and alerted.sum() / len(p) <= max_share:
            worth = gain * y[alerted].sum() - cost * (~y[alerted]).sum()
            if worth > most:
                best, most = threshold, worth
    return float(best)
