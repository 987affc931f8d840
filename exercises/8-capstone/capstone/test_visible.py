"""What a learner can check at home; nothing here knows of October."""

import json

import numpy as np
import pandas as pd
import pytest

from grader import load, task

KNOWN = [
    *("year", "month", "day", "hour", "minute", "sched_dep_time"),
    *("carrier", "flight", "origin", "dest", "distance", "dep_delay"),
]
READING = [
    *("temp", "dewp", "humid", "wind_dir"),
    *("wind_speed", "precip", "pressure", "visib"),
]


def may():
    """Return a month of both tables, as published."""
    flights, weather = load("flights_2023_jan_sep"), load("weather_2023_jan_sep")
    days = (flights["month"] == 5) & (flights["day"] < 29)
    return flights[days].iloc[::2], weather[weather["month"] == 5]


def blinded(flights):
    """Return what is known at 15:00: some columns, and the delays of what has left."""
    left = flights["hour"] * 60 + flights["minute"] + flights["dep_delay"] <= 15 * 60
    return flights[KNOWN].assign(dep_delay=flights["dep_delay"].where(left))


def post(submission, body):
    """Send one request to a fresh app."""
    app = submission.serve(submission.model, submission.carriers)
    client = submission.library("fastapi.testclient").TestClient(app, raise_server_exceptions=False)
    return client.post("/predict", content=body, headers={"Content-Type": "application/json"})


def example(**changes):
    """Return the request of the text, with another value here and there."""
    flight = {
        **{"year": 2023, "month": 6, "day": 1, "sched_dep_time": 1730, "carrier": "B6"},
        **{"flight": 23, "origin": "JFK", "dest": "BOS", "distance": 187, "dep_delay": None},
    }
    return {"flights": [flight | changes], "weather": []}


@task("find_faults")
def test_2013_is_sound(submission):
    """January of 2013 has none of the four faults, unlike the tables of 2023."""
    found = submission.find_faults(*may(), load("planes_2023"))
    assert hasattr(found, "__len__"), f"a list of names is due; got {type(found).__name__}"
    assert len(found) > 0, "no fault found in 2023"

    flights, weather = load("flights_2013_sample"), load("weather_2013")
    tables = flights.head(2000), weather[weather["month"] == 1], load("planes_2013")
    found = submission.find_faults(*tables)
    assert isinstance(found, list), f"a list of names is due; got {type(found).__name__}"
    assert found == [], f"2013 is sound by this contract; you report {found}"


@task("find_faults")
def test_2023_is_not_sound(submission):
    """The tables of 2023 have faults, and the contract says which."""
    flights, weather = may()
    found = submission.find_faults(flights, weather, load("planes_2023"))
    assert hasattr(found, "__iter__"), f"a list of names is due; got {type(found).__name__}"
    found = list(found)
    assert found, "no fault found in 2023"
    assert set(found) <= {"flight_clock", "gust", "stand_in", "weather_clock"}, (
        f"there are four names of faults; you report {found}"
    )


@task("gather")
def test_an_evening_has_its_columns(submission):
    """There is a row for each flight of the evening, with all columns that were asked for."""
    flights, weather = may()
    table = submission.gather(flights, weather)
    assert hasattr(table, "columns"), f"a DataFrame is due; got {type(table).__name__}"
    evening = flights[flights["sched_dep_time"] >= 1700]
    assert list(table.index) == list(evening.index), "other rows, or another order"
    missing = {*flights.columns, "departure", *READING} - set(table.columns)
    assert not missing, f"these columns are missing: {sorted(missing)}"


@task("label")
def test_late_or_never(submission):
    """Fifteen minutes are late, fourteen are not, and no arrival is late as well."""
    flights = pd.DataFrame({"arr_delay": [14.0, 15.0, None]})
    labels = submission.label(flights)
    assert hasattr(labels, "__iter__"), f"a Series is due; got {type(labels).__name__}"
    got = [bool(late) for late in labels]
    assert got == [False, True, True], f"14, 15 and no arrival give {got}"


@task("features")
def test_blinded_features_are_the_same(submission):
    """What is not known at 15:00 makes no difference to the features."""
    flights, weather = may()
    seen = submission.features(flights, weather)
    blind = submission.features(blinded(flights), weather)
    for table in (seen, blind):
        assert hasattr(table, "columns"), f"a DataFrame is due; got {type(table).__name__}"
    evening = flights[flights["sched_dep_time"] >= 1700]
    assert list(seen.index) == list(evening.index), "another index than the evening's flights"
    assert len(seen.columns) > 0, "there is no feature"
    differs = [column for column in seen if not seen[column].equals(blind[column])]
    assert not differs, f"these columns know more than is known at 15:00: {differs}"


@task("train")
def test_predictions_are_probabilities(submission):
    """There is a number from 0 to 1 for each flight of the evening, by its index."""
    flights, weather = may()
    scores = submission.predict(submission.model, blinded(flights), weather)
    assert hasattr(scores, "between"), f"a Series is due; got {type(scores).__name__}"
    evening = flights[flights["sched_dep_time"] >= 1700]
    assert list(scores.index) == list(evening.index), "another index than the evening's flights"
    assert scores.between(0, 1).all(), "a number is below 0, above 1, or null"
    assert scores.nunique() > 100, "nearly all flights get the same number"


@task("serve")
def test_the_example_is_answered(submission):
    """A good request gets a number for each flight of the evening, and the flags."""
    answer = post(submission, json.dumps(example()).encode())
    assert answer.status_code == 200, f"status {answer.status_code}"
    said = answer.json()
    assert len(said["scores"]) == 1, f"one flight was asked for; scores is {said['scores']}"
    assert said["flags"] == ["no weather"], f"no reading was sent; flags is {said['flags']}"


@task("serve")
@pytest.mark.parametrize("changes", [{"distance": float("nan")}, {"origin": "BOS"}])
def test_a_bad_flight_is_refused(submission, changes):
    """A number that is none, and an airport that we do not serve, are refused with 422."""
    answer = post(submission, json.dumps(example(**changes)).encode())
    assert answer.status_code == 422, f"{changes} got status {answer.status_code}"


@task("alarms")
def test_a_dead_station_is_noticed(submission):
    """Three days of zeros instead of weather raise an alarm."""
    flights, weather = may()
    weather = weather[weather["month"] == 5].copy()
    dead = weather["time_hour"] >= "2023-05-25T04:00Z"
    weather.loc[dead, READING] = np.zeros((dead.sum(), len(READING)))
    flights = flights[(flights["day"] > 15) & (flights["day"] < 28)]
    found = submission.alarms(submission.base, flights, weather)
    assert hasattr(found, "__iter__"), f"a list of dates is due; got {type(found).__name__}"
    assert set(found) & {"2023-05-25", "2023-05-26", "2023-05-27"}, f"alarms: {found}"
