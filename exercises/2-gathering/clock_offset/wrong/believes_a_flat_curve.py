"""Refuses empty hours only, and takes the first shift for a flat curve.

rejected by: test_a_flat_curve_is_refused
"""

import numpy as np


def clock_offset(weather, reference):
    curves = []
    for table in (weather, reference):
        curve = table.groupby("hour")["temp"].mean().reindex(range(24)).to_numpy()
        if np.isnan(curve).any():
            raise ValueError("nothing to judge by")
        curves.append(curve)
    theirs, ours = curves
    shifts = list(range(-11, 13))
    theirs, ours = theirs - theirs.mean(), ours - ours.mean()
    fits = [np.roll(theirs, -k) @ ours for k in shifts]
    return shifts[int(np.argmax(fits))]
