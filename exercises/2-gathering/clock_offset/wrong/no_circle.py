"""Moves the curve along a line, and compares what still overlaps.

rejected by: test_one_odd_hour_does_not_decide
"""

import numpy as np


def clock_offset(weather, reference):
    curves = []
    for table in (weather, reference):
        curve = table.groupby("hour")["temp"].mean().reindex(range(24)).to_numpy()
        if np.isnan(curve).any() or curve.max() == curve.min():
            raise ValueError("nothing to judge by")
        curves.append(curve)
    theirs, ours = curves
    shifts = list(range(-11, 13))
    fits = []
    for k in shifts:
        a, b = (theirs[k:], ours[: 24 - k]) if k >= 0 else (theirs[:k], ours[-k:])
        fits.append(np.corrcoef(a, b)[0, 1])
    return shifts[int(np.argmax(fits))]
