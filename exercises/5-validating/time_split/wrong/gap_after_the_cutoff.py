"""Puts the gap after the cutoff: train still has rows whose outcome nobody knows.

rejected by: test_the_example_is_split, test_the_gap_is_empty_and_before_the_cutoff,
test_past_and_future_are_told_apart
"""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap < pd.Timedelta(0):
        raise ValueError("negative gap")
    is_test = df[time] >= cutoff + gap
    is_train = df[time] < cutoff
    if group is not None:
        is_train &= ~df[group].isin(df.loc[is_test, group].dropna())
    if not is_train.any() or not is_test.any():
        raise ValueError("a side is empty")
    return df[is_train].copy(), df[is_test].copy()
