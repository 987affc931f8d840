"""Corrects the caller's clock on the way.

rejected by: test_the_tables_are_left_alone
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
    fits = [np.corrcoef(np.roll(theirs, -k), ours)[0, 1] for k in shifts]
    best = shifts[int(np.argmax(fits))]
    weather["hour"] = (weather["hour"] - best) % 24
    return best
