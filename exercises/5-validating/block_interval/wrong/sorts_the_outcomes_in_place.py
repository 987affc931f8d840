"""Sorts the outcomes of its caller in place to bring the rows of a block together.

rejected by: test_the_inputs_are_left_alone, test_series_go_by_position
"""

import numpy as np


def block_interval(y, p, block, metric, seed, resamples=500, level=0.95):
    names, number = np.unique(np.asarray(block), return_inverse=True)
    if not len(y) == len(p) == len(block) or len(names) < 2:
        raise ValueError("rows or blocks do not fit")
    order = np.argsort(number, kind="stable")
    y[:], p[:], block[:] = y[order], p[order], block[order]
    rows = np.split(np.arange(len(y)), np.cumsum(np.bincount(number))[:-1])
    rng = np.random.default_rng(seed)
    scores = []
    for _ in range(resamples):
        drawn = np.concatenate([rows[k] for k in rng.integers(0, len(rows), len(rows))])
        try:
            scores.append(float(metric(y[drawn], p[drawn])))
        except ValueError:
            continue
    scores = [score for score in scores if not np.isnan(score)]
    if not scores:
        return float("nan"), float("nan")
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
