"""Sorts by time and cuts by position, which puts the rows in another order.

rejected by: test_the_example_is_split, test_order_labels_and_types_stay,
test_a_null_time_is_in_neither
"""


def time_split(df, time, cutoff, gap, group=None):
    if gap.total_seconds() < 0:
        raise ValueError("negative gap")
    table = df.sort_values(time)
    end = int((table[time] < cutoff - gap).sum())
    start = int((table[time] < cutoff).sum())
    train, test = table.iloc[:end], table.iloc[start:]
    if group is not None:
        train = train[~train[group].isin(test[group].dropna())]
    if train.empty or test.empty:
        raise ValueError("a side is empty")
    return train, test
