"""Looks for the hottest single reading.

rejected by: test_any_shift_is_found, test_2023_is_ahead
"""

import numpy as np


def clock_offset(weather, reference):
    curves = []
    for table in (weather, reference):
        curve = table.groupby("hour")["temp"].mean().reindex(range(24)).to_numpy()
        if np.isnan(curve).any() or curve.max() == curve.min():
            raise ValueError("nothing to judge by")
        curves.append(curve)
    peaks = [table.loc[table["temp"].idxmax(), "hour"] for table in (weather, reference)]
    return int(peaks[0] - peaks[1] + 11) % 24 - 11
