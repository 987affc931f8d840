"""Removes rows by their label, and with them every other row of that label.

rejected by: test_past_and_future_are_told_apart, test_order_labels_and_types_stay,
test_more_future_changes_no_past
"""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap < pd.Timedelta(0):
        raise ValueError("negative gap")
    is_test = df[time] >= cutoff
    is_train = df[time] < cutoff - gap
    if group is not None:
        is_train &= ~df[group].isin(df.loc[is_test, group].dropna())
    if not is_train.any() or not is_test.any():
        raise ValueError("a side is empty")
    return df.drop(index=df.index[~is_train]), df.drop(index=df.index[~is_test])
