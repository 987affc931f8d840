"""Says how far the reference is ahead.

rejected by: test_2023_is_ahead, test_ahead_is_positive, test_any_shift_is_found
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
    fits = [np.corrcoef(np.roll(theirs, k), ours)[0, 1] for k in shifts]
    return shifts[int(np.argmax(fits))]
