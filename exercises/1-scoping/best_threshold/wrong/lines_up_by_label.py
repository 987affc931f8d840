"""Puts two Series side by side by their labels.

rejected by: test_arrays_and_series_mean_the_same
"""

import math

import numpy as np
import pandas as pd


def best_threshold(y, p, gain, cost, max_share):
    if isinstance(p, pd.Series) and p.index.is_unique:
        y = y.reindex(p.index)
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
        worth = gain * right - cost * (alerts - right)
        if worth > most:
            best, most = scores[i], worth
    return float(best)
