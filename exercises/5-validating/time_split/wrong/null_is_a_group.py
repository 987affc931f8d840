"""Lets isin match null with null: one flight without an aircraft takes all such flights out.

rejected by: test_a_null_group_is_no_group, test_real_flights_of_2013
"""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap < pd.Timedelta(0):
        raise ValueError("negative gap")
    is_test = df[time] >= cutoff
    is_train = df[time] < cutoff - gap
    if group is not None:
        is_train &= ~df[group].isin(df.loc[is_test, group])
    if not is_train.any() or not is_test.any():
        raise ValueError("a side is empty")
    return df[is_train].copy(), df[is_test].copy()
