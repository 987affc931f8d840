# %% [markdown]
# # A target, with its unknowns on show
#
# In 2013, 9,430 of the 336,776 flights out of New York never arrived where they should, or not as
# planned: they have no arrival delay. Call them late, and 26.6% of all flights are bad. Drop them,
# and it is 24.5%. Fill the gap with 0, and it is 23.8%. Whoever writes the target decides this. So
# the decision should be an argument with a name, not an accident.
#
# Write `make_target(flights, minutes, missing="bad")`: **for each flight, did it arrive `minutes`
# or more minutes late?**
#
# * **`flights`** is a DataFrame with a numeric column `arr_delay`: minutes late at arrival,
#   negative when early, null when the flight has no arrival delay. The column is `float64` (null is
#   `NaN`), or nullable `Int64` or `Float64` (null is `pd.NA`). There may be other columns of any
#   kind, with nulls of their own: they have no say. The index may have any labels, which may
#   repeat.
# * **`minutes`** is a number. A delay of exactly `minutes` is late.
# * **`missing`** says what a flight without an arrival delay is:
#     * `"bad"` (the default): true, like a late one;
#     * `"unknown"`: null;
#     * `"drop"`: not in the result.
#     * Anything else raises a `ValueError`, also when no delay is null.
# * **Returns** a Series of pandas' nullable dtype `boolean`, whatever `missing` says and whatever
#   the dtype of `arr_delay`, with the labels of `flights`, in their order. Its name does not
#   matter. No rows give an empty Series of the same dtype.
# * **`flights` afterwards** is exactly as it was.
#
# | `arr_delay` | `minutes` | `"bad"` | `"unknown"` | `"drop"` |
# |---|---|---|---|---|
# | 40 | 15 | true | true | true |
# | 15 | 15 | true | true | true |
# | `-3` | 15 | false | false | false |
# | null | 15 | true | null | no row |

# %%
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample")
flights[["carrier", "flight", "dep_time", "arr_time", "arr_delay"]].tail(4)


# %% task="make_target"
def make_target(flights, minutes, missing="bad"):
    """Return which flights arrived at least `minutes` late, as a Series of dtype boolean."""
    ### BEGIN SOLUTION
    if missing not in ("bad", "drop", "unknown"):
        raise ValueError(f'missing is "bad", "drop" or "unknown", not {missing!r}')
    late = flights["arr_delay"].astype("Float64") >= minutes  # null stays null
    if missing == "bad":
        return late.fillna(True)
    if missing == "drop":
        return late.dropna()
    return late
    ### END SOLUTION
