# %% [markdown]
# # Minutes between two clock readings
#
# The flight tables write times of day as numbers: 2355 is 23:55, and 5 is 00:05. Subtract two such
# numbers and 30.4% of 2013's departure delays are wrong; go over to minutes but forget midnight,
# and 2.2% of the arrival delays still are.
#
# Write `minutes_between(sched, actual, hint=None)`: **the whole minutes from the first reading to
# the second**, negative when the second is earlier.
#
# **A reading** is hours * 100 + minutes.
#
# | reading | is |
# |---|---|
# | 0 to 2359, with the last two digits below 60 | a time of day: 5 is 00:05, 1530 is 15:30 |
# | 2400 | midnight, the same as 0 |
# | any other number, such as 1267, 2360, 2401, `-5` | no time: treat it as unknown |
# | null | unknown |
#
# **Which answer?** Readings have no date, so they fix the answer only up to whole days of 1,440
# minutes.
#
# | given | the answer is the one with |
# |---|---|
# | no hint | `-720 < answer <= 720`: less than half a day early, at most half a day late |
# | a hint `h` for this row | `h - 720 < answer <= h + 720` |
# | a null hint for this row | as with no hint |
#
# **Types.**
#
# * **`sched`** and **`actual`** are Series with the same index (any labels, which may repeat). Each
#   is `int64`, `float64` with `NaN` for null, or nullable `Int64`; the two need not agree. The
#   values are whole numbers.
# * **`hint`** is `None`, or a Series with the same index and one of the same three dtypes, whole
#   numbers again: roughly how many minutes lie between the readings, as known from elsewhere;
#   negative for early. It may be hours off.
# * **Returns** a Series with the index of `sched`, in its order: whole minutes, null where either
#   reading is unknown. `Int64` suits best; `float64` with `NaN` is accepted. Its name does not
#   matter.
# * **Afterwards** `sched`, `actual` and `hint` are as they were.
#
# | `sched` | `actual` | `hint` | answer | why |
# |---|---|---|---|---|
# | 1355 | 1410 | | 15 | an hour has 60 minutes |
# | 2355 | 10 | | 15 | past midnight |
# | 5 | 2358 | | `-7` | seven minutes early, the evening before |
# | 2359 | 2400 | | 1 | 2400 is midnight |
# | 1267 | 1300 | | null | no clock shows 12:67 |
# | 900 | 800 | | `-60` | an hour early is nearer than 23 hours late |
# | 900 | 800 | 1400 | 1380 | 23 hours late: somebody wrote down about 1,400 minutes |

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample")
flights[["sched_dep_time", "dep_time", "dep_delay"]].nlargest(5, "dep_delay")


# %% task="minutes_between"
def minutes_between(sched, actual, hint=None):  # noqa: F811 - the argument, not grader's hint
    """Return the minutes from reading `sched` to `actual`, null where a reading is no time."""

    ### BEGIN SOLUTION
    def since_midnight(series):
        readings = series.astype("Int64")
        is_time = readings.between(0, 2400) & (readings % 100 < 60)
        return (readings // 100 * 60 + readings % 100).where(is_time)

    rough = 0 if hint is None else hint.astype("Int64").fillna(0)
    gap = since_midnight(actual) - since_midnight(sched) - rough
    return 720 - (720 - gap) % 1440 + rough
    ### END SOLUTION
