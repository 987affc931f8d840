"""What a learner can check at home: two months of quiet, and three faults of July."""

import numpy as np
import pandas as pd

from grader import load, task

WEATHER = ["temp", "wind_speed", "visib", "pressure"]


def make_log():
    """Return the requests of 2013, as the notebook makes them, and the clock in UTC beside them."""
    flights, weather = load("flights_2013_sample"), load("weather_2013")
    weather["time_hour"] += pd.Timedelta(hours=2)
    keys = ["origin", "time_hour"]
    log = flights.merge(weather[[*keys, *WEATHER]], on=keys, how="left")
    log["date"] = pd.to_datetime(log[["year", "month", "day"]])
    log["weekday"] = log["date"].dt.day_of_week
    log["sched_min"] = log["hour"] * 60 + log["minute"]
    log["utc_min"] = log["time_hour"].dt.hour * 60 + log["minute"]
    names = ["date", "weekday", "sched_min", "carrier", "origin", "distance", *WEATHER]
    return log[[*names, "utc_min"]]


LOG = make_log()
ODD = LOG["date"].dt.day_of_year % 2 == 1
BASELINE = LOG[ODD].drop(columns="utc_min")
LIVE = {date: day for date, day in LOG[~ODD].groupby("date")}


def days(start, count):
    """Return some days that are not in the baseline, from a date on."""
    dates = [date for date in LIVE if date >= pd.Timestamp(start)]
    return [LIVE[date] for date in dates[:count]]


def feed(monitor, some_days):
    """Return the alerts of each day."""
    return [alerts_of(monitor, day) for day in some_days]


def alerts_of(monitor, day):
    alerts = monitor.update(day.drop(columns="utc_min"))
    assert hasattr(alerts, "__iter__"), (
        f"update should return a list of columns; it returned a {type(alerts).__name__}"
    )
    return list(alerts)


def zeros(day):
    return day.assign(**dict.fromkeys(WEATHER, 0.0))


def of_season(day):
    """Return the baseline within six weeks of a day: what a short question needs."""
    near = (BASELINE["date"] - day["date"].iloc[0]).abs() <= pd.Timedelta(days=42)
    return BASELINE[near].copy()


@task("monitor")
def test_spring_is_quiet(submission):
    """Thirty normal days of spring raise alerts on two days at most, and three days of zeros after
    them do raise one."""
    monitor = submission.Monitor(BASELINE.copy())
    some = days("2013-04-01", 33)

    alerts = feed(monitor, some[:30])

    loud = sum(bool(columns) for columns in alerts)
    assert loud <= 2, (
        f"alerts on {loud} of 30 normal days; the first: {next(a for a in alerts if a)}"
    )
    assert feed(monitor, [zeros(day) for day in some[30:]])[-1], "no alert after three days of 0"


@task("monitor")
def test_july_with_faults(submission):
    """The lesson's clock in UTC, a weather feed of zeros and one of nulls are found within three
    days."""
    july = days("2013-07-01", 5)
    faults = {
        "a clock in UTC": (["sched_min"], lambda day: day.assign(sched_min=day["utc_min"])),
        "weather of 0": (WEATHER, zeros),
        "weather of null": (WEATHER, lambda day: day.assign(**dict.fromkeys(WEATHER, np.nan))),
    }
    for name, (columns, fault) in faults.items():
        monitor = submission.Monitor(of_season(july[0]))
        alerts = feed(monitor, july[:2] + [fault(day) for day in july[2:]])
        found = {column for day in alerts[2:] for column in day}
        assert found & set(columns), f"{name}: alerts for {found or 'nothing'} within three days"


@task("monitor")
def test_one_day_is_no_alert(submission):
    """One strange day between normal ones raises no alert, two in a row do."""
    july = days("2013-07-01", 7)
    july[2], *july[5:] = zeros(july[2]), zeros(july[5]), zeros(july[6])
    monitor = submission.Monitor(of_season(july[0]))

    *alerts, last = feed(monitor, july)

    assert alerts == [[]] * 6, f"no two strange days within three so far; alerts: {alerts}"
    assert last, "the last two days were strange, and there is no alert"
