"""Goes through a float array, where every null is NaN."""

import numpy as np


def late_share(flights, minutes):
    delay = flights["arr_delay"].to_numpy(dtype="float64", na_value=np.nan)
    known = ~np.isnan(delay)
    if not known.any():
        return np.nan
    return np.count_nonzero(delay[known] >= minutes) / np.count_nonzero(known)
