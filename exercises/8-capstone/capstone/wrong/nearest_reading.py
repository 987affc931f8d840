"""Takes the reading nearest to three, also a later one, however far; keeps the made-up gust.

rejected by: test_the_last_reading_in_time, test_a_day_without_weather_keeps_its_flights,
test_columns_are_those_asked_for, test_gathering_a_real_week
"""


# %% gather
def gather(flights, weather):
    flights["place"] = np.arange(len(flights))
    evening = flights[flights["sched_dep_time"] >= 1700].copy()
    local = pd.to_datetime(evening[["year", "month", "day", "hour", "minute"]])
    evening["departure"] = local.dt.tz_localize(NEW_YORK).dt.tz_convert("UTC")
    three = local.dt.normalize() + pd.Timedelta(hours=15)
    evening["asked"] = three.dt.tz_localize(NEW_YORK).dt.tz_convert("UTC").dt.as_unit("us")
    columns = ["origin", "time_hour", "wind_gust", *READING]
    readings = weather[columns].rename(columns={"time_hour": "asked"})
    joined = pd.merge_asof(
        evening.sort_values("asked"),
        readings.sort_values("asked"),
        on="asked",
        by="origin",
        direction="nearest",
    )
    ordered = joined.sort_values("place").set_index(evening.index)
    return ordered.drop(columns=["asked", "place"])
