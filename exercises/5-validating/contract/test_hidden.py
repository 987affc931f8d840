"""What decides the points of report; never shipped."""

import functools

import numpy as np
import pandas as pd

from grader import load, task

WEATHER = ["temp", "dewp", "wind_speed", "wind_gust", "pressure"]
FLIGHT = ["carrier", "flight", "tailnum", "origin", "dest", "distance", "dep_delay", "arr_delay"]
COLUMNS = ["date", "hour", "time_hour", *FLIGHT, *WEATHER]
SEASONS = (2, 15, 28, 41)
# Snow, heat, wind and calm, few canceled flights and many, and both changes of the clock.
ORDINARY = (0, 3, 5, 9, 12, 13, 15, 18, 20, 23, 28, 31, 33, 36, 38, 40, 43, 44, 48, 50, 51)
TEXTS = ["carrier", "tailnum", "origin", "dest"]


@functools.cache
def flights():
    """Return the table that the notebook's deliveries are cut from."""
    hours = load("weather_2013")
    hours = hours.loc[hours["wind_speed"].isna() | (hours["wind_speed"] < 253)]
    seen = hours[["origin", *WEATHER]].assign(time_hour=hours["time_hour"] + pd.Timedelta("2h"))
    all_of_them = load("flights_2013_sample").merge(seen, how="left", on=["time_hour", "origin"])
    date = pd.to_datetime(all_of_them[["year", "month", "day"]])
    return all_of_them.assign(date=date)[COLUMNS]


def delivery(week):
    days = (flights()["date"] - pd.Timestamp("2013-01-01")) // pd.Timedelta(days=1)
    return flights()[days // 7 == week].reset_index(drop=True)


def check(submission, df, *must, may=()):
    """Assert that all of `must` are reported, with a reason, and nothing but `must` and `may`."""
    got = submission.report(df.copy())
    assert isinstance(got, dict)
    assert set(must) <= set(got)
    assert set(got) <= {*must, *may}
    assert all(len(reason) > 0 for reason in got.values())


def check_it_reports(submission):
    """Assert that something is found in a delivery full of faults.

    A report that never says a word finds all good weeks good; that is worth nothing.
    """
    damaged = twice(gust_copy(filled(swapped(celsius(delivery(20))))))
    assert len(submission.report(damaged)) > 0


def few(df, seed, number=4):
    return np.random.default_rng(seed).choice(len(df), number, replace=False)


def celsius(df):
    return df.assign(temp=(df["temp"] - 32) / 1.8)


def local_clock(df):
    local = df["time_hour"].dt.tz_convert("America/New_York").dt.tz_localize(None)
    return df.assign(time_hour=local.dt.tz_localize("UTC"))


def gust_copy(df):
    return df.assign(wind_gust=df["wind_speed"] * 1.15078)


def filled(df):
    return df.assign(arr_delay=df["arr_delay"].fillna(0.0))


def swapped(df):
    return df.assign(origin=df["dest"], dest=df["origin"])


def stuck(df, airport="JFK"):
    there = df["origin"] == airport
    return df.assign(temp=df["temp"].mask(there, df["temp"][there].dropna().iloc[0]))


def stand_in(df, value):
    wind = df["wind_speed"].copy()
    wind.iloc[few(df, 1)] = value
    return df.assign(wind_speed=wind)


def twice(df, number=4):
    return pd.concat([df, df.iloc[few(df, 2, number)]], ignore_index=True)


def cut_off(df, days):
    return df[df["date"] < df["date"].max() - pd.Timedelta(days=days - 1)]


@task("report", weight=4)
def test_ordinary_weeks_pass(submission):
    """No week of 2013 is reported: not the snow, not the heat, not the weeks of the clock
    change."""
    check_it_reports(submission)
    for week in ORDINARY:
        check(submission, delivery(week))


@task("report", weight=3)
def test_a_missing_column_is_reported(submission):
    """A column that is not there is reported, it alone, and nothing raises."""
    week = delivery(5)
    for column in COLUMNS:
        check(submission, week.drop(columns=column), column)


@task("report", weight=3)
def test_text_instead_of_values_is_reported(submission):
    """A column of numbers or times that comes as text is reported, it alone, and nothing raises."""
    week = delivery(17)
    for column in COLUMNS:
        if column not in TEXTS:
            check(submission, week.assign(**{column: week[column].astype(str)}), column)


@task("report", weight=2)
def test_codes_in_lower_case_are_reported(submission):
    """Carrier codes in lower case are reported, also if only some are."""
    for week in SEASONS:
        df = delivery(week)
        check(submission, df.assign(carrier=df["carrier"].str.lower()), "carrier")
        some = df["carrier"].where(df["carrier"] != "UA", "ua")
        check(submission, df.assign(carrier=some), "carrier")


@task("report", weight=2)
def test_exchanged_columns_are_reported(submission):
    """Origin and destination that have changed places are reported."""
    for week in SEASONS:
        check(submission, swapped(delivery(week)), "origin", may=["dest", "temp"])


@task("report", weight=3)
def test_celsius_is_reported(submission):
    """A temperature in Celsius is reported in every season, also where the number alone could be a
    cold day."""
    for week in SEASONS:
        check(submission, celsius(delivery(week)), "temp", may=["dewp"])


@task("report", weight=2)
def test_stand_ins_for_wind_are_reported(submission):
    """A few rows with a wind that cannot be are reported, below zero and far above any storm."""
    for week, value in zip(SEASONS, (-999.0, 1048.36, 9999.0, -1.0), strict=True):
        damaged = stand_in(delivery(week), value)
        check(submission, damaged, "wind_speed", may=["wind_gust"])


@task("report", weight=3)
def test_a_made_up_gust_is_reported(submission):
    """A gust column that is computed from the wind speed is reported, calm weeks and windy ones."""
    for week in SEASONS:
        check(submission, gust_copy(delivery(week)), "wind_gust", may=["wind_speed"])


@task("report", weight=3)
def test_delays_of_flights_that_never_left_are_reported(submission):
    """Zeros for the arrivals of canceled flights are reported, in weeks with many of them and with
    few."""
    for week in (5, 13, *SEASONS):
        check(submission, filled(delivery(week)), "arr_delay", may=["dep_delay"])


@task("report", weight=3)
def test_a_wrong_clock_is_reported_all_year(submission):
    """Local time under the label UTC is reported in summer and in winter."""
    for week in SEASONS:
        check(submission, local_clock(delivery(week)), "time_hour", may=["hour", "date"])


@task("report", weight=2)
def test_rows_that_came_twice_are_reported(submission):
    """Rows that were delivered twice are reported, also a few, and wherever they stand."""
    for week in SEASONS:
        check(submission, twice(delivery(week)), "rows")
    check(submission, twice(delivery(30), 900), "rows")


@task("report", weight=2)
def test_a_week_that_ends_early_is_reported(submission):
    """Days that are missing at the end are reported, from one day to all but one, and nothing else:
    the days that are left may have been stormy."""
    stormy = [(13, 5), (46, 6)]
    for week, days in [*zip(SEASONS, (1, 2, 3, 6), strict=True), *stormy]:
        check(submission, cut_off(delivery(week), days), "rows", may=["date"])


@task("report", weight=2)
def test_a_stuck_thermometer_is_reported(submission):
    """One airport with one temperature all week is reported, while the others go up and down."""
    for week, airport in zip(SEASONS, ("EWR", "JFK", "LGA", "JFK"), strict=True):
        check(submission, stuck(delivery(week), airport), "temp", may=["dewp"])


@task("report", weight=4)
def test_all_damages_are_reported_at_once(submission):
    """Several damages in one delivery are all reported: none hides another."""
    week = delivery(23)
    damaged = twice(local_clock(gust_copy(filled(celsius(week)))))
    check(
        submission,
        damaged.assign(carrier=damaged["carrier"].str.lower()),
        *["temp", "arr_delay", "wind_gust", "time_hour", "rows", "carrier"],
        may=["dewp", "dep_delay", "wind_speed", "hour", "date"],
    )
    check(
        submission,
        cut_off(swapped(stand_in(week, -999.0)), 2).drop(columns="pressure"),
        *["rows", "origin", "wind_speed", "pressure"],
        may=["dest", "temp", "date", "wind_gust"],
    )


@task("report", weight=2)
def test_a_missing_column_hides_nothing_else(submission):
    """When a column is missing or is text, the other damages are still reported."""
    week = delivery(35)
    damaged = gust_copy(filled(week))
    may = ["wind_speed", "dep_delay"]
    check(submission, damaged.drop(columns="date"), "date", "wind_gust", "arr_delay", may=may)
    as_text = celsius(damaged).assign(distance="400")
    expected = ["distance", "wind_gust", "arr_delay", "temp"]
    check(submission, as_text, *expected, may=[*may, "dewp"])


@task("report", weight=2)
def test_another_order_is_no_damage(submission):
    """Rows and columns in another order, and other row labels, are no damage."""
    check_it_reports(submission)
    for week in SEASONS:
        df = delivery(week)
        order = np.random.default_rng(week).permutation(len(df))
        mixed = df.iloc[order][sorted(df.columns, reverse=True)]
        check(submission, mixed)
        check(submission, mixed.set_axis([7] * len(mixed)))


@task("report", weight=2)
def test_a_quiet_day_is_no_damage(submission):
    """A day with a handful of flights is a quiet day, not a missing one."""
    check_it_reports(submission)
    for week in SEASONS:
        df = delivery(week)
        day = df["date"] == df["date"].min() + pd.Timedelta(days=week % 7)
        check(submission, df.drop(index=df.index[day][3:]))


@task("report", weight=2)
def test_new_aircraft_are_no_damage(submission):
    """Tail numbers that nobody has seen, and unknown ones, are no damage."""
    check_it_reports(submission)
    for week in SEASONS:
        df = delivery(week)
        new = df["tailnum"].copy()
        new.iloc[few(df, 3, 60)] = "N9999Z"
        new.iloc[few(df, 4, 60)] = "C-GABC"
        new.iloc[few(df, 5, 60)] = None
        check(submission, df.assign(tailnum=new))


@task("report", weight=2)
def test_a_closed_airport_is_no_damage(submission):
    """A week without one of the three airports is no damage."""
    check_it_reports(submission)
    for week, airport in zip(SEASONS, ("EWR", "JFK", "LGA", "JFK"), strict=True):
        df = delivery(week)
        check(submission, df[df["origin"] != airport])


@task("report")
def test_the_delivery_is_left_alone(submission):
    """The table is the same after the report, good or damaged."""
    for df, faulty in ((delivery(8), False), (twice(celsius(delivery(8))), True)):
        call = submission.call("report", df.copy())
        assert isinstance(call.value, dict)
        assert bool(call.value) == faulty
        pd.testing.assert_frame_equal(call.args[0], df)
