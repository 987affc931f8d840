"""Takes the mean of the key over the whole table: past, future and the row itself.

rejected by: test_the_example_is_answered, test_the_future_changes_nothing,
test_each_row_gets_the_mean_of_its_past
"""


def past_mean(df, key, time, y, known_after):
    return df.groupby(key)[y].transform("mean").astype("float64")
