# %% [markdown]
# # A split with a gap
#
# A model that goes live on 1 October has been fitted with what was known on 1 October. That is less
# than all rows of September: whether the last of them were late, nobody had written down yet.
#
# Write `time_split(df, time, cutoff, gap, group=None)`, which returns **two tables,
# `(train, test)`**.
#
# What comes in:
#
# * **`df`** is a DataFrame with its rows in any order, any index (labels may repeat), and any
#   columns. The column named by `time` holds timestamps with or without a time zone, perhaps with
#   nulls.
# * **`cutoff`** is a `pd.Timestamp`, with a time zone if the column has one. **`gap`** is a
#   `pd.Timedelta` of zero or more.
# * **`group`** is `None` or the name of a column of text or whole numbers, perhaps with nulls: an
#   aircraft, a person, anything that must not be on both sides.
#
# What goes out:
#
# * **`test`** has all rows at `cutoff` or later.
# * **`train`** has the rows strictly before `cutoff - gap`. The gap lies **before** the cutoff: its
#   rows are in neither table. Rows of the same time are always treated alike.
# * **Groups**: if a group has a row in `test`, none of its rows is in `train`. `test` never loses a
#   row; it is what you will be asked about. Rows in the gap do not count here: a group with rows in
#   the gap, but none in `test`, stays in `train`.
# * **A null group** is no group. Rows without one go by their time alone.
# * **A null time** is neither past nor future: the row is in neither table.
# * **Rows** keep the order of `df` and their index labels; **columns** keep order and dtypes.
# * **`ValueError`** is raised for a negative `gap`, and when `train` or `test` would have no rows:
#   a split with an empty side should not go unnoticed.
# * **`df` afterwards** is exactly as it was.
#
# ```python
# day = pd.Timestamp
# flights = pd.DataFrame(
#     {
#         "tailnum": ["N1", "N2", "N3", "N1", "N4", None],
#         "time": [day("2013-09-01"), day("2013-09-28"), day("2013-09-30"), day("2013-10-01"),
#                  day("2013-10-02"), day("2013-09-02")],
#     }
# )
# train, test = time_split(flights, "time", day("2013-10-01"), pd.Timedelta(days=2), "tailnum")
# ```
#
# `test` is rows 3 and 4. `train` is rows 1 and 5: row 0 is an aircraft that is also in `test`, and
# row 2 lies in the gap, which begins on 29 September.

# %%
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample")
flights.time_hour.agg(["min", "max"])


# %% task="time_split"
def time_split(df, time, cutoff, gap, group=None):
    """Return (train, test): rows before cutoff - gap, and rows from cutoff on."""
    ### BEGIN SOLUTION
    if gap < pd.Timedelta(0):
        raise ValueError(f"a gap of {gap} would let train reach into test")
    is_test = df[time] >= cutoff
    is_train = df[time] < cutoff - gap
    if group is not None:
        is_train &= ~df[group].isin(df.loc[is_test, group].dropna())
    if not is_train.any() or not is_test.any():
        raise ValueError(f"a side is empty: {is_train.sum()} train, {is_test.sum()} test rows")
    return df[is_train].copy(), df[is_test].copy()
    ### END SOLUTION
