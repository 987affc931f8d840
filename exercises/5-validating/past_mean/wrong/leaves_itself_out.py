"""Leaves the row itself out of its mean, and keeps its whole future in.

rejected by: test_the_example_is_answered, test_the_future_changes_nothing
"""


def past_mean(df, key, time, y, known_after):
    groups = df.groupby(key)[y]
    others = groups.transform("count") - df[y].notna()
    return ((groups.transform("sum") - df[y].fillna(0)) / others.where(others > 0)).astype(
        "float64"
    )
