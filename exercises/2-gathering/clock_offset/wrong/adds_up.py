"""Adds temperatures up, so hours with more rows are warmer.

rejected by: test_hours_may_have_different_numbers_of_rows, test_nulls_are_left_out
"""

import numpy as np


def clock_offset(weather, reference):
    curves = []
    for table in (weather, reference):
        curve = table.groupby("hour")["temp"].sum(min_count=1).reindex(range(24)).to_numpy()
        if np.isnan(curve).any() or curve.max() == curve.min():
            raise ValueError("nothing to judge by")
        curves.append(curve)
    theirs, ours = curves
    shifts = list(range(-11, 13))
    fits = [np.corrcoef(np.roll(theirs, -k), ours)[0, 1] for k in shifts]
    return shifts[int(np.argmax(fits))]
