# %% [markdown]
# # A mean of what was known by then
#
# "How often was this flight number late?" is a good question to put to the past. Put to the whole
# table, it is answered by the very flights that you want to predict.
#
# Write `past_mean(df, key, time, y, known_after)`. For each row it returns **the mean of `y` over
# the rows of the same key whose outcome was known before the row's own time**.
#
# What comes in:
#
# * **`df`** is a DataFrame with any number of rows in any order, any index (labels may repeat), and
#   perhaps more columns. `key`, `time` and `y` name three of its columns.
# * **`df[key]`** holds text or whole numbers. **`df[time]`** holds timestamps, with or without a
#   time zone. **`df[y]`** is `float64` or `bool`. Each of the three can have nulls (`bool` cannot).
# * **`known_after`** is a `pd.Timedelta` of zero or more. The outcome of a row is known at
#   `time + known_after`.
#
# What goes out: a Series of `float64` with **the index of `df`, in its order**. Its name is up to
# you.
#
# * **Which rows take part** in the mean of a row at time *t*: those with the same key, with a `y`
#   that is not null, and with `time + known_after` **strictly earlier than** *t*. At exactly *t* is
#   too late. So a row never takes part in its own mean, nor do rows of the same time, also when
#   `known_after` is zero.
# * **No such row**: null.
# * **A null `y`** (a flight that never arrived) teaches nothing: it adds neither to the sum nor to
#   the count. The row itself is asked about like any other, and gets its mean.
# * **A null key** is no key: the row gets null and teaches nobody, not even other rows with a null
#   key.
# * **A null time**: the row gets null and teaches nobody.
# * **`df` afterwards** is exactly as it was.
#
# The consequence that a leak would break: change any outcome that was not yet known at time *t*,
# and no mean of a row at *t* or before may change.
#
# Real tables are large. 60,000 rows with hundreds of rows a key have to be done within the five
# seconds that a test may take. Comparing each row with each other row is too slow; running totals
# are fast.
#
# ```python
# flights = pd.DataFrame(
#     {
#         "flight": ["UA1", "UA1", "UA1", "UA1", "DL2"],
#         "time": pd.to_datetime(
#             ["2013-01-01 08:00", "2013-01-02 08:00", "2013-01-02 09:00", "2013-01-03 08:00",
#              "2013-01-03 08:00"]
#         ),
#         "late": [1.0, 0.0, 0.0, 1.0, 1.0],
#     }
# )
# past_mean(flights, "flight", "time", "late", pd.Timedelta(hours=5))
# ```
#
# | row | answer | why |
# |---|---|---|
# | 0 | null | no past |
# | 1 | 1.0 | row 0 is known |
# | 2 | 1.0 | row 1 left an hour ago and will be known in four |
# | 3 | 0.333… | rows 0, 1 and 2 |
# | 4 | null | another flight, with no past |

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample")
flights.groupby(["carrier", "flight"]).arr_delay.agg(["size", "count", "mean"]).nlargest(5, "size")


# %% task="past_mean"
def past_mean(df, key, time, y, known_after):
    """Return for each row the mean of y over rows of its key that were known before its time."""
    ### BEGIN SOLUTION
    table = df[[key, time, y]].set_axis(["key", "at", "y"], axis=1).reset_index(drop=True)
    known = table.dropna().sort_values("at", kind="stable")
    known["at"] = (known["at"] + known_after).astype(table["at"].dtype)
    by_key = known["y"].astype("float64").groupby(known["key"])
    known["total"] = by_key.cumsum()
    known["count"] = by_key.cumcount() + 1
    asked = table[["key", "at"]].dropna().rename_axis("row").reset_index().sort_values("at")
    found = pd.merge_asof(asked, known, on="at", by="key", allow_exact_matches=False)
    means = (found["total"] / found["count"]).set_axis(found["row"])
    return pd.Series(means.reindex(range(len(df))).to_numpy(dtype="float64"), index=df.index)
    ### END SOLUTION
