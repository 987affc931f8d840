# %% [markdown]
# # An interval from whole days
#
# A snowstorm does not delay one flight. Flights of one day are late together, so 80,000 flights in
# 92 days are closer to 92 observations than to 80,000.
#
# Write `block_interval(y, p, block, metric, seed, resamples=500, level=0.95)`, which returns **an
# interval for a score, `(low, high)`**, by the block bootstrap.
#
# What comes in:
#
# * **`y`, `p`, `block`** are NumPy arrays, lists or Series of the same length: outcomes,
#   predictions, and the block of each row (a date, an aircraft, any number or text; no nulls). Rows
#   of a block may stand anywhere, and blocks may have different sizes. A Series goes by position;
#   its index means nothing.
# * **`metric`** is a function: `metric(y, p)` takes two NumPy arrays and returns a number.
# * **`seed`** is a whole number. `resamples` and `level` are how many and how wide.
#
# How it works:
#
# * **A resample** draws blocks **with replacement**, each equally likely, as many as there are
#   different blocks. It consists of **all rows of the drawn blocks**. A block that was drawn twice
#   has its rows in it twice. Each outcome stays with its own prediction.
# * **The metric** is called exactly once for each of the `resamples`, and not otherwise.
# * **Some resamples have no score**: where only one class was drawn, some metrics raise
#   `ValueError` and others return NaN. Leave these resamples out. Other exceptions go to the
#   caller.
# * **The interval** is from quantile `(1 - level) / 2` to quantile `(1 + level) / 2` of the scores,
#   as `np.quantile` computes them. Both are plain floats. If no resample has a score, both are NaN.
# * **The seed** decides everything: the same call gives the same interval, another seed another.
#   NumPy's global random state is neither used nor changed.
# * **`ValueError`** is raised if the lengths differ, or if there are fewer than two blocks: one
#   storm says nothing about storms.
# * **The inputs** are the same afterwards.
#
# When each row is a block of its own, this is the ordinary bootstrap.
#
# ```python
# late = np.array([1, 1, 1, 1, 0, 0, 0, 0])
# day = np.array([1, 1, 1, 1, 2, 2, 2, 2])
# block_interval(late, late, day, lambda y, p: y.mean(), seed=0)  # (0.0, 1.0)
# ```
#
# Eight flights, and still two days: one was all late, one all on time. The share of late flights
# may be anything. Rows would say something between 0.13 and 0.88.

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load


# %% task="block_interval"
def block_interval(y, p, block, metric, seed, resamples=500, level=0.95):
    """Return (low, high) for metric(y, p), drawing whole blocks with replacement."""
    ### BEGIN SOLUTION
    y, p, block = np.asarray(y), np.asarray(p), np.asarray(block)
    names, number = np.unique(block, return_inverse=True)
    if not len(y) == len(p) == len(block) or len(names) < 2:
        raise ValueError(f"{len(y)}, {len(p)}, {len(block)} rows in {len(names)} blocks")
    order = np.argsort(number, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(number))[:-1])
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
    ### END SOLUTION
