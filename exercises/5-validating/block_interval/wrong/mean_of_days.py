"""Scores each day and averages the days: a small day weighs as much as a large one.

rejected by: test_the_metric_is_asked_once_a_resample,
test_the_interval_is_of_quantiles, test_resamples_without_a_score_are_left_out
"""

import numpy as np


def block_interval(y, p, block, metric, seed, resamples=500, level=0.95):
    y, p, block = np.asarray(y), np.asarray(p), np.asarray(block)
    names = np.unique(block)
    if not len(y) == len(p) == len(block) or len(names) < 2:
        raise ValueError("lengths differ, or too few blocks")
    rows = [np.flatnonzero(block == name) for name in names]
    rng = np.random.default_rng(seed)
    scores = []
    for _ in range(resamples):
        try:
            drawn = rng.integers(0, len(rows), len(rows))
            scores.append(float(np.mean([metric(y[rows[k]], p[rows[k]]) for k in drawn])))
        except ValueError:
            continue
    scores = [score for score in scores if not np.isnan(score)]
    if not scores:
        return float("nan"), float("nan")
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
