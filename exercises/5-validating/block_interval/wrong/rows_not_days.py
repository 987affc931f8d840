"""Draws rows, as if each flight were late on its own.

rejected by: test_a_day_comes_whole, test_drawn_blocks_come_whole_and_repeated,
test_it_covers_the_truth, test_blocks_make_it_wide_enough, test_real_flights_of_2013
"""

import numpy as np


def block_interval(y, p, block, metric, seed, resamples=500, level=0.95):
    y, p, block = np.asarray(y), np.asarray(p), np.asarray(block)
    names = np.unique(block)
    if not len(y) == len(p) == len(block) or len(names) < 2:
        raise ValueError("lengths differ, or too few blocks")
    rng = np.random.default_rng(seed)
    scores = []
    for _ in range(resamples):
        drawn = rng.integers(0, len(y), len(y))
        try:
            scores.append(float(metric(y[drawn], p[drawn])))
        except ValueError:
            continue
    scores = [score for score in scores if not np.isnan(score)]
    if not scores:
        return float("nan"), float("nan")
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
