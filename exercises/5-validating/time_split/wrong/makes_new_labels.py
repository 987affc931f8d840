"""Numbers the rows of both tables anew.

rejected by: test_the_example_is_split, test_order_labels_and_types_stay,
test_without_a_group_only_time_counts
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
    return df[is_train].reset_index(drop=True), df[is_test].reset_index(drop=True)
