# %% [markdown]
# # What happened?
#
# In June the temperature is at a PSI of 9 against the training months, and all is well. In the same
# month somebody swaps two feeds, and the number looks just like that. The alarm rings in both
# cases. What you do next is entirely different.
#
# Write `diagnose(ref, cur)`, which says **what has happened**.
#
# What comes in: two DataFrames with the same columns, any index, and rows in any order.
#
# * `date`: midnight of the day, a `datetime64`;
# * `sched_min`: the scheduled departure in minutes after midnight, New York time. While the
#   clock is right, nothing leaves from 0:00 to 4:59, and one flight in twenty or more after 20:00;
# * `distance` in miles, `temp` in °F, `carrier` as text; each of these four may be null in up to a
#   tenth of the rows;
# * `late`: `True` or `False`, never null.
#
# **`ref`** is one normal year, at least 100 rows in each month. **`cur`** is one month of another
# year, at least 200 rows. **At most one thing has happened** to it, and the answer is its name:
#
# * `"null"`: in one of the four columns, half of the values or more are null. (Call whoever feeds
#   it.)
# * `"category"`: of the rows whose carrier is known, a quarter or more have one that `ref` does not
#   have. (Score them apart; retrain with them.)
# * `"unit"`: all of `temp` is in °C, or all of `distance` in kilometers; a mile is 1.609. (Convert,
#   and fix the contract.)
# * `"clock"`: all of `sched_min` is in UTC, which is 4 or 5 hours later and starts at 0 again after
#   1439. (Fix the conversion.)
# * `"change"`: the inputs are right, but the late rate is 0.1 or more away from that of the **same
#   month** in `ref`, above or below. (Recalibrate, or retrain.)
# * `"season"`: nothing, but the mean `temp` is 10 °F or more away from that of all of `ref`, as it
#   is in that month of every year. (Fix the alarm.)
# * `"fine"`: none of these.
#
# What is normal from year to year: compared with the same month of `ref`, the mean temperature
# moves by less than 6 °F, the mean distance by less than a tenth, the late rate by less than 0.08.
# But from month to month they move far more: summers are hot, hot months are late months, and some
# carriers fly in summer only. Carriers that `ref` has in *any* month are no new category.
#
# The tables are not changed.
#
# ```python
# summer = log[log["date"].dt.month == 7]
# diagnose(log, summer)                                         # "season"
# diagnose(log, summer.assign(temp=(summer["temp"] - 32) / 1.8))  # "unit"
# ```
#
# The next cell makes `log` of the real flights of 2013.

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

flights, weather = load("flights_2013_sample"), load("weather_2013")
log = flights.merge(
    weather[["origin", "time_hour", "temp"]], on=["origin", "time_hour"], how="left"
)
log["date"] = pd.to_datetime(log[["year", "month", "day"]])
log["sched_min"] = log["hour"] * 60 + log["minute"]
log["late"] = log["arr_delay"].isna() | (log["arr_delay"] >= 15)
log = log[["date", "sched_min", "distance", "temp", "carrier", "late"]]
log.groupby(log["date"].dt.month)[["temp", "late"]].mean().round(2).head(12)


# %% task="diagnose"
def diagnose(ref, cur):
    """Return the name of what has happened to cur."""
    ### BEGIN SOLUTION
    same = ref[ref["date"].dt.month == cur["date"].dt.month.iloc[0]]
    if any(cur[c].isna().mean() >= 0.5 for c in ("sched_min", "distance", "temp", "carrier")):
        return "null"
    if (~cur["carrier"].dropna().isin(ref["carrier"].dropna())).mean() >= 0.25:
        return "category"
    mile, degree = cur["distance"].mean() / same["distance"].mean(), cur["temp"].mean()
    celsius = (same["temp"].mean() - 32) / 1.8
    if mile > 1.3 or abs(degree - celsius) < abs(degree - same["temp"].mean()):
        return "unit"
    if (cur["sched_min"] < 300).any():
        return "clock"
    if abs(cur["late"].mean() - same["late"].mean()) >= 0.1:
        return "change"
    return "season" if abs(degree - ref["temp"].mean()) >= 10 else "fine"
    ### END SOLUTION
