# %% [markdown]
# # From a clock on the wall to an instant
#
# "10 March 2013, 02:30, New York" never happened. "3 November 2013, 01:30, New York" happened
# twice. And a flight of six hours from there to Los Angeles lands three hours after it left, if you
# believe the clocks.
#
# Write `to_utc(date, hhmm, tz, second=None)`: **the instants that local clock readings stand for,
# in UTC**.
#
# **Given** are Series with the same index (any labels, which may repeat). All may have nulls.
#
# | | |
# |---|---|
# | `date` | local dates: `datetime64` at midnight, without zone |
# | `hhmm` | clock readings, hours * 100 + minutes: whole numbers in `int64`, `float64` or `Int64` |
# | `tz` | names of time zones such as `America/New_York`; or one such text, for all rows |
# | `second` | `bool` or nullable `boolean`; or None, the same as null in all rows |
#
# **A reading** from 0 to 2359, with the last two digits below 60, is a time of day on that date.
# The reading 2400 is the midnight that *ends* the date: 2400 on 15 January is 00:00 on 16 January.
# Any other number is no time.
#
# **The answer for a row** is
#
# * *null* if the date, the reading or the zone is null, or the reading is no time;
# * *null* if clocks in that zone were put forward past that local time: no clock ever showed it;
# * if clocks were put back and the local time came *twice*: the first of the two instants where
#   `second` is false, the second where it is true, and null where `second` is null. Two readings
#   are no reading;
# * in all other cases the one instant when clocks in that zone showed that time. `second` has no
#   part in it, whatever it says.
#
# **Returns** a Series of dtype `datetime64` with time zone UTC (in any unit), with the index of
# `date`, in its order. It has as many rows as `date`, also if that is none. Its name does not
# matter.
#
# **Raises** `ValueError` with the name in its message if a name in `tz` is no time zone.
#
# **Afterwards** the inputs are as they were.
#
# | `date` | `hhmm` | `tz` | `second` | answer, UTC |
# |---|---|---|---|---|
# | 2013-01-15 | 517 | America/New_York | | 2013-01-15 10:17 |
# | 2013-07-15 | 517 | America/New_York | | 2013-07-15 09:17 |
# | 2013-07-15 | 517 | America/Phoenix | | 2013-07-15 12:17 |
# | 2013-01-15 | 2400 | America/New_York | | 2013-01-16 05:00 |
# | 2013-03-10 | 230 | America/New_York | | null |
# | 2013-11-03 | 130 | America/New_York | false | 2013-11-03 05:30 |
# | 2013-11-03 | 130 | America/New_York | true | 2013-11-03 06:30 |
# | 2013-11-03 | 130 | America/New_York | | null |
# | 2013-11-03 | 300 | America/New_York | | 2013-11-03 08:00 |

# %%
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample")
zones = load("airports_2013").set_index("faa")["tzone"]
flights["date"] = pd.to_datetime(flights[["year", "month", "day"]])
flights["zone_there"] = flights["dest"].map(zones)
flights[["date", "sched_dep_time", "sched_arr_time", "dest", "zone_there"]].head()


# %% task="to_utc"
def to_utc(date, hhmm, tz, second=None):
    """Return the instants of local clock readings in UTC; null where there is none, or a choice."""
    ### BEGIN SOLUTION
    rows = pd.DataFrame({"date": date, "reading": hhmm.astype("Int64")})
    rows["zone"], rows["second"] = tz, second
    rows = rows.set_axis(range(len(rows))).astype({"second": "boolean"})

    hours, minutes = rows["reading"] // 100, rows["reading"] % 100
    minutes = (hours * 60 + minutes).where(rows["reading"].between(0, 2400) & (minutes < 60))
    local = rows["date"] + pd.to_timedelta(minutes, unit="min")

    answers = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us, UTC]")
    for zone, part in local.groupby(rows["zone"]):
        try:
            ZoneInfo(zone)
        except KeyError as unknown:
            raise ValueError(f"no such time zone: {zone}") from unknown
        first, last = (
            part.dt.tz_localize(zone, ambiguous=np.full(len(part), early), nonexistent="NaT")
            for early in (True, False)
        )
        late = rows["second"][part.index]
        once_or_first = (first == last) | ~late.fillna(True)
        taken = first.where(once_or_first, last.where(late.fillna(False)))
        answers[part.index] = taken.dt.tz_convert("UTC")
    return answers.set_axis(date.index)
    ### END SOLUTION
