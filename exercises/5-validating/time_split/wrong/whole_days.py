"""Rounds times to dates, so that a cutoff in the evening cuts at midnight.

rejected by: test_hours_matter_and_zones_work
"""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap < pd.Timedelta(0):
        raise ValueError("negative gap")
    day = df[time].dt.normalize()
    is_test = day >= cutoff
    is_train = day < cutoff - gap
    if group is not None:
        is_train &= ~df[group].isin(df.loc[is_test, group].dropna())
    if not is_train.any() or not is_test.any():
        raise ValueError("a side is empty")
    return df[is_train].copy(), df[is_test].copy()
