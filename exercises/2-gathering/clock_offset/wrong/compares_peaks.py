"""Compares the hours of the two highest means, so one odd hour decides.

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
    apart = int(np.argmax(theirs) - np.argmax(ours))
    return (apart + 11) % 24 - 11
