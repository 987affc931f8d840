"""Asks for the column by the name that it has in the example.

rejected by: test_columns_are_called_as_you_say
"""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap < pd.Timedelta(0):
        raise ValueError("negative gap")
    is_test = df.time >= cutoff
    is_train = df.time < cutoff - gap
    if group is not None:
        is_train &= ~df[group].isin(df.loc[is_test, group].dropna())
    if not is_train.any() or not is_test.any():
        raise ValueError("a side is empty")
    return df[is_train].copy(), df[is_test].copy()
