"""What decides the points of weather_before; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

START = pd.Timestamp("2013-06-01", tz="UTC")
HOUR = pd.Timedelta(hours=1)
READINGS = ["temp", "sky", "known_at"]


def moments(minutes):
    """Return moments so many minutes after the start, null for null."""
    times = START + pd.to_timedelta(pd.Series(minutes, dtype="Float64"), unit="min")
    return times.astype("datetime64[us, UTC]")


def a_flight(*departures, origin="JFK"):
    """Return flights from one airport that leave so many minutes after the start."""
    flights = pd.DataFrame({"flight": np.arange(len(departures)), "origin": origin})
    return flights.astype({"origin": "str"}).assign(departure=moments(departures))


def readings(*known, origin="JFK"):
    """Return readings of one airport, each with its minute for a temperature."""
    table = pd.DataFrame({"origin": origin, "temp": np.array(known, dtype="float64")})
    return table.astype({"origin": "str"}).assign(known_at=moments(known))


def temps(submission, flights, weather, lead=0, max_age=100_000):
    """Return each flight's temperature, None for null; lead and max_age are minutes."""
    got = submission.weather_before(
        flights.copy(),
        weather.copy(),
        lead=pd.Timedelta(minutes=lead),
        max_age=pd.Timedelta(minutes=max_age),
    )
    return [None if pd.isna(value) else value for value in got["temp"]]


def due(flights, weather, lead, max_age):
    """Find each flight's reading by looking at all of them."""
    by_time = sorted(plain(weather, ["known_at", "origin", *READINGS]), key=lambda row: row[0])
    found = []
    for departure, origin in plain(flights, ["departure", "origin"]):
        fits = [
            row[2:]
            for row in by_time
            if departure is not None and row[1] == origin
            if row[0] <= departure - lead <= row[0] + max_age
        ]
        found.append(fits[-1] if fits else [None] * 3)
    return found


def plain(table, columns):
    return [
        [None if pd.isna(value) else value for value in row]
        for row in table[columns].itertuples(index=False, name=None)
    ]


def made_up(seed, n=60):
    """Return flights and weather of three airports over two days, unsorted, with nulls."""
    rng = np.random.default_rng(seed)
    flights = pd.DataFrame({"carrier": rng.choice(["UA", "DL"], n)})
    flights["departure"] = moments(rng.integers(0, 2880, n)).where(rng.random(n) > 0.1)
    origins = pd.Series(rng.choice(["EWR", "JFK", "LGA", "SWF"], n), dtype="str")
    flights["origin"] = origins.where(rng.random(n) > 0.1)
    flights.index = rng.integers(0, 20, n)
    parts = []
    for origin in ("EWR", "JFK", "LGA"):
        known = rng.choice(2880, 70, replace=False)
        part = pd.DataFrame({"sky": rng.choice(["clear", "rain"], 70), "known_at": moments(known)})
        part["temp"] = pd.Series(rng.normal(60, 9, 70).round(1)).where(rng.random(70) > 0.2)
        part["origin"] = origin
        parts.append(part.astype({"origin": "str"}))
    weather = pd.concat(parts).sample(frac=1, random_state=seed)
    return flights, weather


@task("weather_before", weight=2)
def test_the_newest_known_reading(submission):
    """Of all readings known by the deadline it is the newest, not the nearest in time and not the
    first."""
    got = temps(submission, a_flight(300, 359, 361), readings(60, 120, 180, 240), lead=121)

    assert got == [120.0, 180.0, 240.0]


@task("weather_before", weight=2)
def test_nothing_from_after_the_deadline(submission):
    """A reading known a moment after the deadline is not used, even if the older one is far
    away."""
    got = temps(submission, a_flight(240, 239), readings(10, 181), lead=59)

    assert got == [181.0, 10.0]


@task("weather_before")
def test_exactly_at_the_deadline(submission):
    """A reading that became known exactly at the deadline is in time."""
    assert temps(submission, a_flight(180, 179, 181), readings(0, 60), lead=120) == [
        60.0,
        0.0,
        60.0,
    ]
    assert temps(submission, a_flight(60, 59), readings(0, 60)) == [60.0, 0.0]


@task("weather_before", weight=2)
def test_too_old_is_none(submission):
    """A reading older than max_age at the deadline gives null; one of exactly that age is used."""
    flights = a_flight(150, 180, 181, 400)

    assert temps(submission, flights, readings(60), max_age=120) == [60.0, 60.0, None, None]


@task("weather_before")
def test_age_counts_at_the_deadline(submission):
    """How old a reading is, is counted at the deadline, not at departure."""
    flights, weather = a_flight(240, 271), readings(60)

    assert temps(submission, flights, weather, lead=120, max_age=90) == [60.0, None]
    assert temps(submission, a_flight(180), weather, lead=120, max_age=0) == [60.0]


@task("weather_before", weight=2)
def test_each_airport_has_its_own_weather(submission):
    """A flight gets readings of its own airport only, also if another one's is newer, or its own
    has none."""
    weather = pd.concat([readings(60, origin="JFK"), readings(90, origin="EWR")])
    flights = pd.concat([a_flight(100, origin=name) for name in ("EWR", "JFK", "LGA")])

    assert temps(submission, flights, weather) == [90.0, 60.0, None]


@task("weather_before", weight=2)
def test_any_order_of_rows(submission):
    """Neither table need be sorted, and flights come back in their order, under their labels, also
    when labels repeat."""
    flights = a_flight(500, 70, 300, 10, 130).set_axis([3, 3, "x", 1, 3])
    weather = readings(240, 0, 120, 60, 480)

    got = submission.weather_before(flights.copy(), weather, 0 * HOUR, 99 * HOUR)

    assert got["temp"].tolist() == [480.0, 60.0, 240.0, 0.0, 120.0]
    pd.testing.assert_frame_equal(got[["flight", "origin", "departure"]], flights)


@task("weather_before")
def test_flights_that_share_a_deadline(submission):
    """Several flights at the same moment are each answered, in their order."""
    flights = pd.concat([a_flight(100, 100), a_flight(100, origin="LGA"), a_flight(100)])
    weather = pd.concat([readings(50, 30), readings(40, origin="LGA")])

    got = submission.weather_before(flights, weather, 0 * HOUR, 9 * HOUR)

    assert got["temp"].tolist() == [50.0, 50.0, 40.0, 50.0]
    assert got["flight"].tolist() == [0, 1, 0, 0]


@task("weather_before")
def test_a_null_reading_is_the_reading(submission):
    """If the newest reading has a null in it, the flight has that null: values are not pieced
    together from older readings."""
    weather = readings(60, 120).assign(temp=[50.0, None], wind=[5.0, 9.0])

    got = submission.weather_before(a_flight(130), weather, 0 * HOUR, 9 * HOUR)

    assert plain(got, ["temp", "wind"]) == [[None, 9.0]]


@task("weather_before", weight=2)
def test_flights_without_departure_or_origin_stay(submission):
    """A flight without a departure or without an origin stays in its place, with nulls."""
    flights = a_flight(130, None, 70, 130).assign(origin=["JFK", "JFK", None, "JFK"])

    got = submission.weather_before(flights, readings(60, 120), 0 * HOUR, 9 * HOUR)

    assert got["flight"].tolist() == [0, 1, 2, 3]
    assert plain(got, ["temp"]) == [[120.0], [None], [None], [120.0]]


@task("weather_before")
def test_the_reading_says_when_it_was_known(submission):
    """All columns of the reading come along, `known_at` too, after the flight's own, in order."""
    flights = a_flight(130, 10)[["departure", "flight", "origin"]]
    weather = readings(60, 120).assign(sky=["clear", "rain"])[["sky", "known_at", "origin", "temp"]]

    got = submission.weather_before(flights, weather, 0 * HOUR, HOUR)

    assert list(got.columns) == ["departure", "flight", "origin", "sky", "known_at", "temp"]
    assert plain(got, ["sky", "known_at"]) == [["rain", START + 2 * HOUR], [None, None]]


@task("weather_before")
def test_tables_without_rows(submission):
    """Without flights there are no rows, without weather all is null; the columns are there."""
    flights, weather = a_flight(130, 10), readings(60, 120)
    columns = ["flight", "origin", "departure", "temp", "known_at"]

    none = submission.weather_before(flights.iloc[:0], weather, HOUR, HOUR)
    assert (len(none), list(none.columns)) == (0, columns)

    dry = submission.weather_before(flights, weather.iloc[:0], HOUR, HOUR)
    assert list(dry.columns) == columns
    assert plain(dry, ["flight", "temp", "known_at"]) == [[0, None, None], [1, None, None]]


@task("weather_before")
def test_the_tables_are_left_alone(submission):
    """Neither table is changed by the call."""
    flights, weather = made_up(4)

    call = submission.call("weather_before", flights.copy(), weather.copy(), HOUR, 3 * HOUR)

    assert plain(call.value, READINGS) == due(flights, weather, HOUR, 3 * HOUR)
    pd.testing.assert_frame_equal(call.args[0], flights)
    pd.testing.assert_frame_equal(call.args[1], weather)


@task("weather_before", weight=3)
def test_the_future_changes_nothing(submission):
    """Whatever is known only after a flight's deadline, more of it or other values, its row stays
    the same."""
    flights, weather = made_up(6)
    flights = flights[flights["departure"].notna()]
    middle = START + 24 * HOUR
    early = (flights["departure"] - 2 * HOUR < middle).to_numpy()
    later = weather["known_at"] >= middle
    changed = weather.assign(temp=weather["temp"].where(~later, 999.0))

    whole = submission.weather_before(flights, weather, 2 * HOUR, 4 * HOUR)
    other = submission.weather_before(flights, changed, 2 * HOUR, 4 * HOUR)
    past = submission.weather_before(flights, weather[~later], 2 * HOUR, 4 * HOUR)

    assert plain(whole, READINGS) == due(flights, weather, 2 * HOUR, 4 * HOUR)
    for table in (other, past):
        assert plain(table[early], READINGS) == plain(whole[early], READINGS)


@task("weather_before", weight=3)
@pytest.mark.parametrize(("lead", "max_age"), [(0, 60), (120, 90), (45, 1440)])
def test_any_flight_gets_its_reading(submission, lead, max_age):
    """For all flights, leads and ages the reading is the newest of the own airport that was known
    and is not too old."""
    lead, max_age = pd.Timedelta(minutes=lead), pd.Timedelta(minutes=max_age)
    flights, weather = made_up(lead.seconds)

    got = submission.weather_before(flights.copy(), weather.copy(), lead, max_age)

    assert plain(got, READINGS) == due(flights, weather, lead, max_age)
    pd.testing.assert_frame_equal(got[list(flights.columns)], flights)


@task("weather_before", weight=2)
def test_real_flights_and_weather(submission):
    """On the real tables the readings are those of the last full hour before the deadline, if the
    station has one that is fresh."""
    flights = load("flights_2013_sample").iloc[::12][["origin", "time_hour", "minute", "flight"]]
    flights["departure"] = flights.pop("time_hour") + pd.to_timedelta(flights["minute"], unit="min")
    weather = load("weather_2013")[["origin", "time_hour", "temp"]]
    weather["known_at"] = weather.pop("time_hour") + HOUR

    got = submission.weather_before(flights.copy(), weather.copy(), 2 * HOUR, 90 * HOUR / 60)

    pd.testing.assert_frame_equal(got[list(flights.columns)], flights)
    deadline = flights["departure"] - 2 * HOUR
    on = weather.set_index(["origin", "known_at"])["temp"]
    last = pd.MultiIndex.from_arrays([flights["origin"], deadline.dt.floor("h")])
    before = pd.MultiIndex.from_arrays([flights["origin"], deadline.dt.floor("h") - HOUR])
    stale = (deadline.dt.minute > 30).to_numpy()
    expected = np.where(stale, np.nan, on.reindex(before))
    expected = np.where(last.isin(on.index), on.reindex(last), expected)
    temps = got["temp"].astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    np.testing.assert_array_equal(temps, expected)
