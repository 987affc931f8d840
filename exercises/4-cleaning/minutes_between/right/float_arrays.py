"""Works on float arrays, in which NaN carries the unknown through all arithmetic."""

import numpy as np
import pandas as pd


def minutes_between(sched, actual, hint=None):
    def minutes(series):
        reading = series.to_numpy(dtype="float64", na_value=np.nan)
        valid = (reading >= 0) & (reading <= 2400) & (reading % 100 < 60)
        return np.where(valid, np.floor(reading / 100) * 60 + reading % 100, np.nan)

    rough = np.zeros(len(sched))
    if hint is not None:
        rough = np.nan_to_num(hint.to_numpy(dtype="float64", na_value=np.nan))
    gap = minutes(actual) - minutes(sched)
    days = np.ceil((gap - rough - 720) / 1440)
    return pd.Series(gap - 1440 * days, index=sched.index, name="minutes")
