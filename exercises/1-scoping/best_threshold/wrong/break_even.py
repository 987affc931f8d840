"""Cuts at cost / (gain + cost), which is right only if the scores are true chances.

rejected by: test_the_best_of_all_scores, test_only_the_order_of_the_scores_counts
"""

import math

import numpy as np


def best_threshold(y, p, gain, cost, max_share):
    p = np.asarray(p)
    if not len(p) or gain + cost == 0:
        return math.inf
    alerted = p[p >= cost / (gain + cost)]
    return float(alerted.min()) if len(alerted) else math.inf
