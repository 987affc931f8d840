"""Takes any gap, also one that lets the future into train.

rejected by: test_a_negative_gap_is_refused
"""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    is_test = df[time] >= cutoff
    is_train = df[time] < cutoff - gap
    if group is not None:
        is_train &= ~df[group].isin(df.loc[is_test, group].dropna())
    if not is_train.any() or not is_test.any():
        raise ValueError("a side is empty")
    return df[is_train].copy(), df[is_test].copy()
