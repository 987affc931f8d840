# %% [markdown]
# # The last reading before the deadline
#
# The text to the traveler goes out two hours before departure. The weather *at* departure would
# predict the delay better, and so would tomorrow's newspaper. You get the last reading that was
# known when the text went out, at the airport of the flight, and only if it is fresh.
#
# Write `weather_before(flights, weather, lead, max_age)`: **an as-of join**.
#
# **Given**
#
# * `flights`: a DataFrame with columns `origin` (text) and `departure`, and any others; any index
#   (labels may repeat), any order. Both columns may have nulls.
# * `weather`: a DataFrame with columns `origin` (text), `known_at` and at least one column of
#   readings; any index, any order. `known_at` is the moment from which a reading was known. Neither
#   of the two has nulls, and no airport has two readings known at the same moment. Readings may be
#   null.
# * `departure` and `known_at` are `datetime64[us, UTC]`.
# * `lead` and `max_age` are `pd.Timedelta`, 0 or more.
# * The tables share no column but `origin`, which has the same dtype in both.
#
# **A flight's deadline** is `departure - lead`. Of the readings of its own airport **its reading is
# the one with the latest `known_at` that is not after the deadline**, if it is not too old: the
# deadline is at most `max_age` after `known_at`. Exactly at the deadline is in time, and exactly
# `max_age` old is fresh.
#
# **Returned** is a new DataFrame with
#
# * the rows of `flights`, each once, in their order, under their labels;
# * the columns of `flights` with their dtypes, then those of `weather` but `origin`, in their order
#   and under their names. In these stand the values of the flight's reading, `known_at` included,
#   and null where it has none: too old, none yet, none for this airport, no departure, no origin.
#
# A reading is taken as it is. If the temperature in it is null, so is the flight's: it is not taken
# from an older one.
#
# **No future:** readings that were known after a flight's deadline change nothing in its row.
#
# `flights` and `weather` are afterwards as they were.
#
# | flight | `departure` | lead 2 h: deadline | readings known at | its reading, `max_age` 90 min |
# |---|---|---|---|---|
# | 1 | 12:00 | 10:00 | 8:00, 9:00, 10:00, 11:00 | that of 10:00 |
# | 2 | 12:59 | 10:59 | 8:00, 9:00, 10:00, 11:00 | that of 10:00: 59 minutes old |
# | 3 | 12:00 | 10:00 | 8:00, 11:00 | none: two hours old |
# | 4 | 9:30 | 7:30 | 8:00, 9:00 | none yet |

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample")[["time_hour", "minute", "carrier", "flight", "origin"]]
flights["departure"] = flights["time_hour"] + pd.to_timedelta(flights["minute"], unit="min")
weather = load("weather_2013")[["origin", "time_hour", "temp", "wind_speed", "visib"]]
# A row holds a reading from within its hour, so it was known for sure when the hour was over.
weather["known_at"] = weather.pop("time_hour") + pd.Timedelta(hours=1)


# %% task="weather_before"
def weather_before(flights, weather, lead, max_age):
    """Return flights with the last reading of their airport known at `departure - lead`."""
    ### BEGIN SOLUTION
    asked = pd.DataFrame(
        {
            "row": np.arange(len(flights)),
            "origin": flights["origin"].array,
            "deadline": (flights["departure"] - lead).array,
        }
    )
    found = pd.merge_asof(
        asked.dropna().sort_values("deadline"),
        weather.sort_values("known_at"),
        left_on="deadline",
        right_on="known_at",
        by="origin",
        tolerance=max_age,
    )
    columns = weather.columns.drop("origin")
    readings = found.set_index("row")[columns].reindex(asked["row"])
    return pd.concat([flights, readings.set_axis(flights.index)], axis=1)
    ### END SOLUTION


# %%
# weather_before(flights, weather, lead=pd.Timedelta(hours=2), max_age=pd.Timedelta(hours=3)).head()
