"""What a learner can check at home: the examples of the text."""

import pandas as pd
import pytest

from grader import task

DAY = pd.Timestamp("2013-06-01", tz="UTC")
LEAD, MAX_AGE = pd.Timedelta(hours=2), pd.Timedelta(minutes=90)


def moments(*clocks):
    times = [DAY + pd.Timedelta(f"{clock}:00") for clock in clocks]
    return pd.Series(times).astype("datetime64[us, UTC]")


def answer(submission, departure, *known):
    """Return the hour of the reading that one flight gets, None for none."""
    flights = pd.DataFrame({"flight": [1], "origin": ["JFK"], "departure": moments(departure)})
    weather = pd.DataFrame({"origin": ["JFK"] * len(known), "known_at": moments(*known)})
    weather["temp"] = range(len(known))
    got = submission.weather_before(flights, weather, LEAD, MAX_AGE)
    assert isinstance(got, pd.DataFrame), f"a DataFrame is due; got {type(got).__name__}"
    assert len(got) == 1, f"one flight in, one row out is due; got {len(got)} rows"
    assert "temp" in got, f"a column temp is due; got columns {list(got.columns)}"
    temp = got["temp"].iloc[0]
    return None if pd.isna(temp) else known[int(temp)]


@task("weather_before")
@pytest.mark.parametrize("departure", ["12:00", "12:59"])
def test_the_last_one_in_time(submission, departure):
    """A flight gets the last reading known at its deadline, exactly then included, and none that
    came later."""
    got = answer(submission, departure, "08:00", "09:00", "10:00", "11:00")

    assert got == "10:00", f"departure {departure}: the reading of 10:00 is due; got {got}"


@task("weather_before")
def test_a_stale_reading_is_none(submission):
    """A reading that is too old at the deadline is not used; nor is a newer one that came too
    late."""
    got = answer(submission, "12:00", "08:00", "11:00")

    assert got is None, f"the reading of 8:00 is two hours old, so null is due; got {got}"


@task("weather_before")
def test_no_reading_yet(submission):
    """Before the first reading there is none, also if one comes soon after."""
    got = answer(submission, "09:30", "08:00", "09:00")

    assert got is None, f"nothing was known at 7:30, so null is due; got {got}"


@task("weather_before")
def test_flights_stay_in_place(submission):
    """Flights come back in their own order and under their own labels, with the columns of the
    reading after theirs."""
    flights = pd.DataFrame({"origin": ["JFK", "LGA"], "departure": moments("15:00", "12:00")})
    flights.index = ["late", "early"]
    weather = pd.DataFrame({"temp": [70.0, 60.0], "origin": ["LGA", "JFK"]})
    weather["known_at"] = moments("09:30", "12:30")

    got = submission.weather_before(flights, weather, LEAD, MAX_AGE)

    assert isinstance(got, pd.DataFrame), f"a DataFrame is due; got {type(got).__name__}"
    assert list(got.index) == ["late", "early"], f"labels late, early are due; got {got.index}"
    due = ["origin", "departure", "temp", "known_at"]
    assert list(got.columns) == due, f"columns {due} are due; got {list(got.columns)}"
    temps = got["temp"].tolist()
    assert temps == [60.0, 70.0], f"60 for JFK and 70 for LGA are due; got {temps}"
