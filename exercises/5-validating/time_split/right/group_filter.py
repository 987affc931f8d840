"""Finds the last moment of each group and keeps groups that end before the cutoff."""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap < pd.Timedelta(0):
        raise ValueError("gap must not be negative")
    times = df[time].reset_index(drop=True)
    test = times.ge(cutoff)
    train = times.lt(cutoff - gap)
    if group is not None:
        names = df[group].reset_index(drop=True)
        last = times.groupby(names).transform("max")
        train &= ~last.ge(cutoff)
    if train.sum() == 0 or test.sum() == 0:
        raise ValueError("one of the tables would be empty")
    return df[train.to_numpy()], df[test.to_numpy()]
