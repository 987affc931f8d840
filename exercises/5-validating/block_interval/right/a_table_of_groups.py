"""Groups a DataFrame by block and lets pandas draw the blocks."""

import numpy as np
import pandas as pd


def block_interval(y, p, block, metric, seed, resamples=500, level=0.95):
    if len({len(y), len(p), len(block)}) > 1:
        raise ValueError("y, p and block must have one length")
    table = pd.DataFrame({"y": np.array(y), "p": np.array(p), "block": np.array(block)})
    groups = pd.Series(list(table.groupby("block").indices.values()), dtype=object)
    if len(groups) < 2:
        raise ValueError("one block cannot say how blocks differ")
    rng = np.random.default_rng(seed)
    scores = np.full(resamples, np.nan)
    for n in range(resamples):
        drawn = np.hstack(groups.sample(frac=1, replace=True, random_state=rng).tolist())
        try:
            scores[n] = metric(table["y"].to_numpy()[drawn], table["p"].to_numpy()[drawn])
        except ValueError:
            pass
    if np.isnan(scores).all():
        return float("nan"), float("nan")
    ends = np.nanquantile(scores, [0.5 - level / 2, 0.5 + level / 2])
    return float(ends[0]), float(ends[1])
