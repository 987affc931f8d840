"""Takes shared groups out of test, so that the future has only newcomers.

rejected by: test_the_example_is_split, test_no_group_is_on_both_sides, test_real_flights_of_2013
"""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap < pd.Timedelta(0):
        raise ValueError("negative gap")
    is_test = df[time] >= cutoff
    is_train = df[time] < cutoff - gap
    if group is not None:
        is_test &= ~df[group].isin(df.loc[is_train, group].dropna())
    if not is_train.any() or not is_test.any():
        raise ValueError("a side is empty")
    return df[is_train].copy(), df[is_test].copy()
