"""Returns an empty table and leaves the surprise to the model.

rejected by: test_an_empty_side_is_refused, test_an_empty_side_is_no_split
"""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap < pd.Timedelta(0):
        raise ValueError("negative gap")
    is_test = df[time] >= cutoff
    is_train = df[time] < cutoff - gap
    if group is not None:
        is_train &= ~df[group].isin(df.loc[is_test, group].dropna())
    return df[is_train].copy(), df[is_test].copy()
