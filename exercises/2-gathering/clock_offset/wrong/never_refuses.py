"""Fills empty hours from their neighbors and answers 0 for a flat curve.

rejected by: test_an_hour_without_temperature_is_refused, test_a_flat_curve_is_refused
"""

import numpy as np


def clock_offset(weather, reference):
    curves = []
    for table in (weather, reference):
        curve = (
            table.groupby("hour")["temp"]
            .mean()
            .reindex(range(24))
            .interpolate(limit_direction="both")
            .to_numpy()
        )
        if curve.max() == curve.min():
            return 0
        curves.append(curve)
    theirs, ours = curves
    shifts = list(range(-11, 13))
    fits = [np.corrcoef(np.roll(theirs, -k), ours)[0, 1] for k in shifts]
    return shifts[int(np.argmax(fits))]
