"""Counts how often each block is drawn, and repeats the rows so many times."""

import math

import numpy as np


def block_interval(y, p, block, metric, seed, resamples=500, level=0.95):
    y, p = np.asarray(y), np.asarray(p)
    names, code = np.unique(np.asarray(block), return_inverse=True)
    if len(y) != len(p) or len(p) != len(code):
        raise ValueError("different lengths")
    if names.size < 2:
        raise ValueError("at least two blocks are needed")
    random = np.random.Generator(np.random.MT19937(seed))
    equal = np.full(names.size, 1 / names.size)
    scores = []
    for _ in range(resamples):
        times = random.multinomial(names.size, equal)
        rows = np.repeat(np.arange(len(y)), times[code])
        try:
            score = metric(y[rows], p[rows])
        except ValueError:
            score = math.nan
        if not math.isnan(score):
            scores.append(score)
    if not scores:
        return math.nan, math.nan
    tail = (1 - level) / 2
    return float(np.quantile(scores, tail)), float(np.quantile(scores, 1 - tail))
