# %% [markdown]
# # A contract for the weekly delivery
#
# Every Monday your service gets a table: the flights of one week, each with the weather at its
# airport two hours before. It is built by somebody else. Sooner or later it will be wrong in a way
# that raises no error, and the model will predict all the same.
#
# Write `report(df)`, which returns **what is wrong with a delivery**: a dict from the name of a
# column to a reason (a text, or a list of texts, for a person to read). Nothing wrong: an empty
# dict.
#
# * **A good delivery** is like the 52 weeks that `delivery(week)` below returns. It has 16 columns
#   (`COLUMNS`). The hidden tests use the same weeks, damage them, and look at the dict's keys.
# * **Report the column** that is damaged. What is wrong with the rows as such goes under the key
#   `"rows"`. Where the table below names a second column, you may report it, too. Report nothing
#   else: a contract that blames the wrong column sends somebody to the wrong desk.
# * **Report all that is wrong**, not the first thing. A delivery may have several damages at once.
# * **Never raise.** Where a column is missing or of the wrong type, report it and skip the rules
#   that need it. No test takes away the column that gives another damage away.
# * **`df` afterwards** is exactly as it was.
#
# Twelve damages have to be found, in any week of the year:
#
# | | damage | report | also allowed |
# |---|---|---|---|
# | 1 | a column is not there, whichever | it | |
# | 2 | a column of numbers or times comes as text | it | |
# | 3 | carrier codes in lower case (`ua`; a code is two capital letters or digits) | `carrier` | |
# | 4 | `origin` and `dest` have changed places | `origin` | `dest`, `temp` |
# | 5 | `temp` in Celsius, `dewp` still in Fahrenheit | `temp` | `dewp` |
# | 6 | a stand-in (-999, 1,048) in a few rows of `wind_speed` | `wind_speed` | `wind_gust` |
# | 7 | `wind_gust` is `wind_speed` times a constant in every row | `wind_gust` | `wind_speed` |
# | 8 | `arr_delay` of flights that never left is 0, not null | `arr_delay` | `dep_delay` |
# | 9 | `time_hour` holds New York's clock and says UTC | `time_hour` | `hour`, `date` |
# | 10 | some rows were delivered twice | `"rows"` | |
# | 11 | the file ends early: of the seven days the last ones are missing | `"rows"` | `date` |
# | 12 | the thermometer of one airport is stuck: one `temp` there, all week | `temp` | `dewp` |
#
# And this is **no damage**: the report stays empty.
#
# * any of the 52 weeks as it is, with its storms and its clock change;
# * rows or columns in another order, or other row labels;
# * a quiet day, with a handful of flights;
# * aircraft never seen before, with tail numbers of other countries;
# * an airport that was closed all week.
#
# ```python
# week = delivery(20)
# report(week)  # {}
# report(pd.concat([week, week.head(30)]).drop(columns="dest"))
# # {"dest": "is missing", "rows": "30 came twice"}
# ```

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

COLUMNS = ["date", "hour", "time_hour", "carrier", "flight", "tailnum", "origin", "dest"]
COLUMNS += ["distance", "dep_delay", "arr_delay"]
COLUMNS += ["temp", "dewp", "wind_speed", "wind_gust", "pressure"]


def all_flights():
    """Return a sample of the flights of 2013, with the weather of two hours before."""
    flights, weather = load("flights_2013_sample"), load("weather_2013")
    weather = weather[~(weather["wind_speed"] > 253)]  # one reading of 1,048 mph
    before = weather[["origin", "time_hour", *COLUMNS[-5:]]]
    before = before.assign(time_hour=before["time_hour"] + pd.Timedelta(hours=2))
    table = flights.merge(before, on=["origin", "time_hour"], how="left", validate="m:1")
    table["date"] = pd.to_datetime(table[["year", "month", "day"]])
    return table[COLUMNS]


FLIGHTS = all_flights()


def delivery(week):
    """Return the delivery of week 0 to 51 of 2013."""
    start = pd.Timestamp("2013-01-01") + pd.Timedelta(weeks=week)
    of_week = FLIGHTS["date"].between(start, start + pd.Timedelta(days=6))
    return FLIGHTS[of_week].reset_index(drop=True)


delivery(20).head(3)


# %% task="report"
def report(df):
    """Return what is wrong with a delivery: a dict from column (or "rows") to reasons."""
    ### BEGIN SOLUTION
    faults, usable = {}, set()
    texts = ["carrier", "tailnum", "origin", "dest"]
    for column in COLUMNS:
        if column not in df.columns:
            faults[column] = "is missing"
        elif column in ("date", "time_hour") and not pd.api.types.is_datetime64_any_dtype(
            df[column]
        ):
            faults[column] = f"holds {df[column].dtype}, not times"
        elif column not in ("date", "time_hour", *texts) and not pd.api.types.is_numeric_dtype(
            df[column]
        ):
            faults[column] = f"holds {df[column].dtype}, not numbers"
        else:
            usable.add(column)

    def expect(column, needs, rule, reason):
        if usable.issuperset(needs.split()) and not rule(df):
            faults.setdefault(column, reason)

    def clock_agrees(t):
        return (t["time_hour"].dt.tz_convert("America/New_York").dt.hour == t["hour"]).all()

    expect("carrier", "carrier", lambda t: t["carrier"].str.fullmatch("[A-Z0-9]{2}").all(), "codes")
    expect("origin", "origin", lambda t: t["origin"].isin(["EWR", "JFK", "LGA"]).all(), "not ours")
    expect("temp", "temp dewp", lambda t: not (t["temp"] < t["dewp"]).any(), "below dew point")
    expect(
        "temp",
        "temp origin",
        lambda t: (t.groupby("origin")["temp"].nunique() != 1).all(),
        "is stuck at an airport",
    )
    expect(
        "wind_speed",
        "wind_speed",
        lambda t: t["wind_speed"].dropna().between(0, 150).all(),
        "no such wind",
    )
    expect("wind_gust", "wind_gust", lambda t: t["wind_gust"].isna().mean() > 0.05, "no nulls")
    expect(
        "arr_delay",
        "dep_delay arr_delay",
        lambda t: t["arr_delay"][t["dep_delay"].isna()].isna().all(),
        "known for flights that never left",
    )
    expect("time_hour", "time_hour hour", clock_agrees, "and hour disagree")
    key = ["time_hour", "carrier", "flight", "origin"]
    expect("rows", " ".join(key), lambda t: not t.duplicated(key).any(), "some came twice")
    expect("rows", "date", lambda t: t["date"].nunique() == 7, "some days are missing")
    return faults
    ### END SOLUTION
