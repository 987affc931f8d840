"""New York is five hours behind UTC, all year; an inner join keeps what it finds.

rejected by: test_an_evening_has_its_columns, test_the_reading_of_three_o_clock,
test_rows_keep_their_place, test_departures_are_moments,
test_a_day_without_weather_keeps_its_flights
"""


# %% gather
def gather(flights, weather):
    evening = flights[flights["sched_dep_time"] > 1700].copy()
    local = pd.to_datetime(evening[["year", "month", "day", "hour", "minute"]])
    offset = pd.Timedelta(hours=5)
    evening["departure"] = (local + offset).dt.tz_localize("UTC")
    three = local.dt.normalize() + pd.Timedelta(hours=15)
    evening["asked"] = (three + offset).dt.tz_localize("UTC").dt.as_unit("us")
    readings = weather[["origin", "time_hour", *READING]].rename(columns={"time_hour": "asked"})
    return evening.merge(readings, on=["origin", "asked"]).drop(columns="asked")
