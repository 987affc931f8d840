"""Takes a fresh generator and leaves the seed unused.

rejected by: test_the_seed_decides
"""

import numpy as np


def block_interval(y, p, block, metric, seed, resamples=500, level=0.95):
    y, p, block = np.asarray(y), np.asarray(p), np.asarray(block)
    names = np.unique(block)
    if not len(y) == len(p) == len(block) or len(names) < 2:
        raise ValueError("lengths differ, or too few blocks")
    rows = [np.flatnonzero(block == name) for name in names]
    rng = np.random.default_rng()
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
