"""Shifts by one row: the flight before is used although it has not landed yet.

rejected by: test_the_example_is_answered, test_the_future_changes_nothing,
test_rows_of_one_time_share_one_past
"""

import numpy as np


def past_mean(df, key, time, y, known_after):
    table = df.reset_index(drop=True).sort_values(time, kind="stable")
    past = (
        table[y]
        .astype("float64")
        .groupby(table[key])
        .transform(lambda values: values.shift(1).expanding().mean())
    )
    past = past.where(table[time].notna(), np.nan).sort_index()
    return past.set_axis(df.index)
