"""Reports a day with fewer flights than the quietest day of 2013.

rejected by: test_a_quiet_day_is_no_damage, test_a_quiet_day_is_no_fault
"""

import pandas as pd

COLUMNS = ["date", "hour", "time_hour", "carrier", "flight", "tailnum", "origin", "dest"]
COLUMNS += ["distance", "dep_delay", "arr_delay"]
COLUMNS += ["temp", "dewp", "wind_speed", "wind_gust", "pressure"]


def report(df):
    """Return what is wrong with a delivery: a dict from column (or "rows") to reasons."""
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
    expect("rows", "date", lambda t: t.groupby("date").size().min() >= 100, "a day has few flights")
    return faults
