# %% [markdown]
# # How many flights are late?
#
# In 2013, 9,430 of the 336,776 flights out of New York have no arrival delay: they were cancelled
# or diverted. Count them as "on time" and the share of late flights (15 minutes or more) falls from
# 24.5% to 23.8%, without an error and without a warning.
#
# Write `late_share(flights, minutes)`: **of the flights whose delay is known, the share that
# arrived at least `minutes` minutes late.**
#
# * **`flights`** is a DataFrame with a numeric column `arr_delay`: minutes late at arrival,
#   negative when early, null when nobody knows. The column is `float64` (null is `NaN`) or nullable
#   `Int64` or `Float64` (null is `pd.NA`). There may be other columns and any index, with labels in
#   any order and repeated: ignore them.
# * **`minutes`** is a number. A flight that is late by exactly `minutes` counts as late.
# * **Returns** a float from 0 to 1 (Python's or NumPy's): late flights divided by flights with a
#   known delay.
# * **An unknown delay** is not late and not on time: the flight is left out of both counts.
# * **No known delay at all**, or no rows: there is no share, so return a null. `float("nan")`,
#   `None` and `pd.NA` are all accepted; 0 is not.
# * **`flights` afterwards** is exactly as it was: no row, column or value changed.
#
# | `arr_delay` | `minutes` | result | why |
# |---|---|---|---|
# | `20, 3, -5, 40` | 15 | 0.5 | two of four |
# | `15, 14` | 15 | 0.5 | exactly 15 is late |
# | `20, null, 3` | 15 | 0.5 | one of the two that are known |

# %%
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample")
flights[["carrier", "flight", "dep_delay", "arr_delay"]].head()


# %% task="late_share"
def late_share(flights, minutes):
    """Return the share of flights with a known arrival delay that were at least `minutes` late."""
    ### BEGIN SOLUTION
    known = flights["arr_delay"].dropna()
    return (known >= minutes).mean()  # the mean of nothing is null
    ### END SOLUTION
