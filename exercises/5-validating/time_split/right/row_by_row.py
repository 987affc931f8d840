"""Decides row by row in plain Python, and takes the rows by position."""

import pandas as pd


def time_split(df, time, cutoff, gap, group=None):
    if gap.total_seconds() < 0:
        raise ValueError("the gap is negative")
    times = df[time].tolist()
    groups = df[group].tolist() if group is not None else [None] * len(df)
    test = [row for row, at in enumerate(times) if not pd.isna(at) and at >= cutoff]
    taken = {groups[row] for row in test if not pd.isna(groups[row])}
    end = cutoff - gap
    train = [
        row
        for row, at in enumerate(times)
        if not pd.isna(at) and at < end and groups[row] not in taken
    ]
    if not train or not test:
        raise ValueError("nothing to learn from, or nothing to test with")
    return df.iloc[train], df.iloc[test]
