"""Tries a hundred thresholds between the lowest and the highest score.

rejected by: test_the_best_of_all_scores, test_only_the_order_of_the_scores_counts,
test_real_flights_of_2013
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    y, p = np.asarray(y, dtype=bool), np.asarray(p)
    best, most = math.inf, 0
    for threshold in np.linspace(p.max(), p.min(), 100) if len(p) else []:
        alerted = p >= threshold
        if alerted.sum() / len(p) <= max_share:
            worth = gain * y[alerted].sum() - cost * (~y[alerted]).sum()
            if worth > most:
                best, most = threshold, worth
    return float(best)
