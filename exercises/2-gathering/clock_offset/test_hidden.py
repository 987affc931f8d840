"""What decides the points of clock_offset; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

HOURS = np.arange(24)


def days(shift=0, n=40, seed=0, noise=3.0):
    """Return n made-up days whose clock is so many hours ahead: steep mornings, slow evenings."""
    rng = np.random.default_rng(seed)
    curve = 60 + 9 * np.sin((HOURS - 8) / 24 * 2 * np.pi) + 3 * np.sin((HOURS - 9) / 12 * 2 * np.pi)
    temp = np.tile(curve, n) + rng.normal(0, noise, 24 * n) + np.repeat(rng.normal(0, 9, n), 24)
    return pd.DataFrame({"hour": (np.tile(HOURS, n) + shift) % 24, "temp": temp})


def offset(submission, weather, reference):
    return submission.clock_offset(weather.copy(), reference.copy())


@task("clock_offset", weight=3)
def test_any_shift_is_found(submission):
    """Whatever whole number of hours a clock was moved by, forward or back, that number comes
    out."""
    reference = days(seed=1)

    got = [offset(submission, days(k, seed=2), reference) for k in range(-11, 13)]

    assert got == list(range(-11, 13))


@task("clock_offset", weight=2)
def test_ahead_is_positive(submission):
    """A clock that is ahead of the reference gives a positive number; changing the tables' places
    changes the sign."""
    early, late = days(0), days(3, seed=5)

    assert offset(submission, late, early) == 3
    assert offset(submission, early, late) == -3


@task("clock_offset")
def test_half_a_day_is_positive(submission):
    """Twelve hours ahead and twelve behind are the same clock: the answer is 12."""
    assert offset(submission, days(12, seed=3), days()) == 12
    assert offset(submission, days(-12, seed=4), days()) == 12
    assert offset(submission, days(13, seed=4), days()) == -11


@task("clock_offset")
def test_the_answer_is_a_whole_number(submission):
    """The answer is a whole number of hours, as an int."""
    got = offset(submission, days(5, seed=9), days())

    assert isinstance(got, (int, np.integer)) and not isinstance(got, bool)
    assert got == 5


@task("clock_offset", weight=2)
def test_units_and_seasons_do_not_matter(submission):
    """Celsius against Fahrenheit, a cold year against a warm one, or a smaller swing of the day:
    the answer is the same."""
    weather = days(4, seed=6)
    celsius = weather.assign(temp=(weather["temp"] - 32) / 1.8)
    cold = weather.assign(temp=weather["temp"] - 45)
    damped = weather.assign(temp=60 + (weather["temp"] - 60) / 10)
    hot = weather.assign(temp=1000 + weather["temp"] * 10)

    got = [offset(submission, table, days()) for table in (weather, celsius, cold, damped, hot)]

    assert got == [4] * 5


@task("clock_offset", weight=2)
def test_one_odd_hour_does_not_decide(submission):
    """A single hour whose mean is spoiled, hot or cold, does not move the answer: all 24 hours
    have their say."""
    for hour, error in [(2, 18.0), (21, 15.0), (6, -20.0)]:
        weather = days(2, seed=7)
        weather.loc[weather["hour"] == hour, "temp"] += error

        assert offset(submission, weather, days()) == 2


@task("clock_offset")
def test_nulls_are_left_out(submission):
    """Unknown temperatures have no part in the means, whatever hours they crowd in."""
    weather = days(6, seed=8)
    gone = weather["hour"].between(9, 20) & (np.random.default_rng(8).random(len(weather)) < 0.6)

    assert offset(submission, weather.assign(temp=weather["temp"].mask(gone)), days()) == 6
    assert offset(submission, weather, days().assign(temp=lambda t: t["temp"].mask(gone))) == 6


@task("clock_offset")
def test_hours_may_have_different_numbers_of_rows(submission):
    """An hour with few rows counts as much as one with many, and the order of rows does not
    matter."""
    weather = days(-4, n=60, seed=11)
    rare = (weather["hour"] % 5 == 0) & (np.random.default_rng(11).random(len(weather)) < 0.7)
    thinned = weather[~rare].sample(frac=1, random_state=0)

    assert offset(submission, thinned, days()) == -4
    assert offset(submission, days(), thinned.iloc[::-1]) == 4


@task("clock_offset")
def test_an_hour_without_temperature_is_refused(submission):
    """If some hour has no row or only nulls, in either table, ValueError is raised; with one known
    temperature it is not."""
    whole, weather = days(), days(3, seed=12)
    at_nine = weather["hour"] == 9
    absent, null = weather[~at_nine], weather.assign(temp=weather["temp"].mask(at_nine))
    once = pd.concat([absent, weather[at_nine].head(1)])
    assert offset(submission, once, whole) == 3

    for table in (absent, null):
        for pair in ((table, whole), (whole, table)):
            with pytest.raises(ValueError):
                offset(submission, *pair)


@task("clock_offset")
def test_a_flat_curve_is_refused(submission):
    """If all hours have the same mean, in either table, ValueError is raised instead of a
    guess."""
    whole = days(1, seed=13)
    flat = whole.assign(temp=50.0)
    assert offset(submission, whole, days()) == 1

    for pair in ((flat, whole), (whole, flat)):
        with pytest.raises(ValueError):
            offset(submission, *pair)


@task("clock_offset")
def test_the_tables_are_left_alone(submission):
    """Neither table is changed by the call."""
    weather, reference = days(2, seed=14).iloc[::-1], days()

    call = submission.call("clock_offset", weather.copy(), reference.copy())

    assert call.value == 2
    pd.testing.assert_frame_equal(call.args[0], weather)
    pd.testing.assert_frame_equal(call.args[1], reference)


@task("clock_offset", weight=2)
def test_the_year_2023_month_by_month(submission):
    """On the real tables every month of 2023 shows UTC's distance from New York, summer time and
    winter time."""
    reference, weather = load("weather_2013")[["hour", "temp"]], load("weather_2023_jan_sep")

    got = {
        month: submission.clock_offset(
            weather.loc[weather["month"] == month, ["hour", "temp"]], reference
        )
        for month in (1, 2, 4, 5, 6, 7, 8, 9)
    }

    assert got == {month: 4 if month >= 4 else 5 for month in got}
