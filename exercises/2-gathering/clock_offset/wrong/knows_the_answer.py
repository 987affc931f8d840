"""Knows that the reference peaks at 14 o'clock, whatever table it is given.

rejected by: test_ahead_is_positive, test_a_clock_agrees_with_itself
"""

import numpy as np


def clock_offset(weather, reference):
    curves = []
    for table in (weather, reference):
        curve = table.groupby("hour")["temp"].mean().reindex(range(24)).to_numpy()
        if np.isnan(curve).any() or curve.max() == curve.min():
            raise ValueError("nothing to judge by")
        curves.append(curve)
    theirs, _ = curves
    return int(np.argmax(theirs)) - 15
