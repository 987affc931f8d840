"""Compares temperatures instead of shapes, so the unit decides.

rejected by: test_units_and_seasons_do_not_matter, test_the_year_2023_month_by_month
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
    fits = [-np.abs(np.roll(theirs, -k) - ours).sum() for k in shifts]
    return shifts[int(np.argmax(fits))]
