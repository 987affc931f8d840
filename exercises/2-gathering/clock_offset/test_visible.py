"""What a learner can check at home: 2013 and 2023."""

import pytest

from grader import load, task


def offset(submission, weather, reference):
    keep = ["hour", "temp"]
    got = submission.clock_offset(weather[keep].copy(), reference[keep].copy())
    assert getattr(got, "size", 1) == 1, f"a number of hours is due; got {type(got).__name__}"
    return got


@task("clock_offset")
def test_a_clock_agrees_with_itself(submission):
    """A table compared with itself is 0 hours off, and as many as its clock is set ahead."""
    weather = load("weather_2013")

    for hours in (0, 3):
        ahead = weather.assign(hour=(weather["hour"] + hours) % 24)
        got = offset(submission, ahead, weather)
        assert got == hours, f"{hours} is due for 2013 set ahead by {hours} hours; got {got}"


@task("clock_offset")
@pytest.mark.parametrize(("month", "due"), [(1, 5), (7, 4)])
def test_2023_is_ahead(submission, month, due):
    """The clock of 2023 is UTC: five hours ahead of New York in January, four in July."""
    weather = load("weather_2023_jan_sep").query(f"month == {month}")

    got = offset(submission, weather, load("weather_2013"))

    assert got == due, f"{due} is due for month {month} of 2023; got {got}"
