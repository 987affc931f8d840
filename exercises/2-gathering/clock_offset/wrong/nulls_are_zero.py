"""Counts an unknown temperature as 0 degrees.

rejected by: test_nulls_are_left_out, test_an_hour_without_temperature_is_refused
"""

import numpy as np


def clock_offset(weather, reference):
    curves = []
    for table in (weather, reference):
        curve = (
            table.fillna({"temp": 0}).groupby("hour")["temp"].mean().reindex(range(24)).to_numpy()
        )
        if np.isnan(curve).any() or curve.max() == curve.min():
            raise ValueError("nothing to judge by")
        curves.append(curve)
    theirs, ours = curves
    shifts = list(range(-11, 13))
    fits = [np.corrcoef(np.roll(theirs, -k), ours)[0, 1] for k in shifts]
    return shifts[int(np.argmax(fits))]
