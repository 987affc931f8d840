# %% [markdown]
# # The late rate, as far as it can be known
#
# At 18:00 on 24 June 2013, 17% of the flights that had landed were late, and 42% of the flights
# due to leave by then turned out to be. A late flight delivers its label late, and a cancelled one
# never. So a rate is reported only for days that can no longer change.
#
# Write `late_rate_asof(flights, now)`, the **late rate by day, as it can be known at `now`**.
#
# What comes in:
#
# * **`flights`** is a DataFrame with any index (labels may repeat) and any order of rows, at least
#   these columns, and none of them ever null except `landed`:
#     * `day`: the day of the scheduled departure, a `datetime64` at midnight without time zone. It
#       is only a label, the name of the cohort.
#     * `due`: the scheduled arrival, a `datetime64` without time zone: what a **clock at the
#       destination** will show. No `due` lies in an hour that a change of the clocks skips or
#       repeats.
#     * `zone`: the destination's time zone, as `"America/Denver"`.
#     * `landed`: the landing, a `datetime64` in UTC (with time zone). Null for flights that never
#       land where they should: cancelled, or diverted.
# * **`now`** is a `pd.Timestamp` with a time zone, any one. The table was written much later than
#   `now`: it also has landings after it.
#
# The rules:
#
# * **The window** of a flight is over three hours after it is due, at that very moment included.
#   These are hours that have passed, also in a night in which clocks change. Nothing else matters:
#   neither whether it has landed nor whether it ever will.
# * **A day is finished** when the windows of **all** its flights are over at `now`.
# * **Late** is a flight that landed 15 minutes or more after it was due, or that never landed.
#
# What goes out is a **Series**: for each finished day, and no other, the share of its flights that
# were late, as `float`. Its index has the days in ascending order. If no day is finished, the
# Series is empty, and its index may have any dtype.
#
# `flights` is not changed.
#
# Worth checking afterwards: what you report for a day stays the same for every later `now`, and
# what happens on later days changes nothing.
#
# ```python
# flights = pd.DataFrame(
#     {
#         "day": pd.to_datetime(["2013-06-24", "2013-06-24", "2013-06-25"]),
#         "due": pd.to_datetime(["2013-06-24 12:00", "2013-06-24 14:00", "2013-06-25 09:00"]),
#         "zone": ["America/New_York", "Pacific/Honolulu", "America/New_York"],
#         "landed": pd.to_datetime(["2013-06-24 16:15", None, "2013-06-25 12:50"], utc=True),
#     }
# )
# late_rate_asof(flights, pd.Timestamp("2013-06-24 23:00", tz="America/New_York"))
# ```
#
# The answer is the same at every moment in between:
#
# | `now` in New York | result | why |
# |---|---|---|
# | 24 June, 22:59 | empty | in Honolulu it is 16:59, and the window is open until 17:00 |
# | 24 June, 23:00 | 24 June: 1.0 | 16:15 UTC is 12:15 in New York, and the other never landed |
# | 25 June, 12:00 | 24 June: 1.0, 25 June: 0.0 | the third flight landed at 8:50 |
#
# The next cell makes such a table of the real flights.

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

sample = load("flights_2013_sample")
zones = load("airports_2013").set_index("faa")["tzone"]
flights = pd.DataFrame({"day": pd.to_datetime(sample[["year", "month", "day"]])})
flights["zone"] = sample["dest"].map(zones).fillna("America/Puerto_Rico")
left = sample["time_hour"] + pd.to_timedelta(sample["minute"], unit="m")
clock = pd.to_timedelta(
    sample["sched_arr_time"] // 100 * 60 + sample["sched_arr_time"] % 100, unit="m"
)
delay = pd.to_timedelta(sample["arr_delay"], unit="m")
parts = []
for zone, rows in flights.groupby("zone"):
    local = left[rows.index].dt.tz_convert(zone).dt.tz_localize(None)
    due = local.dt.normalize() + clock[rows.index]
    due = due.where(due > local - pd.Timedelta(hours=1), due + pd.Timedelta(days=1))
    utc = due.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    utc = utc.dt.tz_convert("UTC")
    parts.append(pd.DataFrame({"due": due, "landed": utc + delay[rows.index]}))
flights = flights.join(pd.concat(parts))
flights.head(4)


# %% task="late_rate_asof"
def late_rate_asof(flights, now):
    """Return the late rate of each day whose labels are all decided at now."""
    ### BEGIN SOLUTION
    due = pd.Series(pd.NaT, index=range(len(flights)), dtype="datetime64[us, UTC]")
    clock, zone = flights["due"].reset_index(drop=True), flights["zone"].to_numpy()
    for name in set(zone):
        here = zone == name
        due[here] = clock[here].dt.tz_localize(name).dt.tz_convert("UTC")
    landed = flights["landed"].reset_index(drop=True)
    on_time = landed - due < pd.Timedelta(minutes=15)
    open_ = due + pd.Timedelta(hours=3) > now
    by_day = pd.DataFrame({"late": ~on_time, "open": open_}).groupby(flights["day"].to_numpy())
    return by_day["late"].mean()[~by_day["open"].any()]
    ### END SOLUTION
