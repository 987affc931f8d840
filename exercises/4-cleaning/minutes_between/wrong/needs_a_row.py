"""Vectorizes a function of one row with `np.vectorize`, which raises when there are no rows.

rejected by: test_no_rows_give_no_rows
"""

import numpy as np
import pandas as pd


def minutes_between(sched, actual, hint=None):
    def one(start, end, rough):
        if not all(0 <= t <= 2400 and t % 100 < 60 for t in (start, end)):
            return np.nan
        gap = end // 100 * 60 + end % 100 - start // 100 * 60 - start % 100
        return 720 - (720 - gap + rough) % 1440 + rough

    def floats(series):
        return series.to_numpy(dtype="float64", na_value=np.nan)

    rough = np.zeros(len(sched)) if hint is None else np.nan_to_num(floats(hint))
    return pd.Series(np.vectorize(one)(floats(sched), floats(actual), rough), index=sched.index)
