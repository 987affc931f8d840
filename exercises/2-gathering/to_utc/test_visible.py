"""What a learner can check at home: the examples of the text."""

import pandas as pd
import pytest

from grader import task

NEW_YORK = "America/New_York"


def answer(submission, date, hhmm, tz=NEW_YORK, second=None):
    """Return the one answer for one reading as text, None for null."""
    inputs = [pd.Series([pd.Timestamp(date)]), pd.Series([hhmm]), pd.Series([tz])]
    if second is not None:
        inputs.append(pd.Series([second]))
    got = submission.to_utc(*inputs)
    assert isinstance(got, pd.Series), f"a Series is due; got {type(got).__name__}"
    assert len(got) == 1, f"one row in, one row out is due; got {len(got)} rows"
    assert str(got.dt.tz) == "UTC", f"instants in UTC are due; got dtype {got.dtype}"
    return None if pd.isna(got.iloc[0]) else f"{got.iloc[0]:%Y-%m-%d %H:%M}"


@task("to_utc")
@pytest.mark.parametrize(
    ("date", "tz", "due"),
    [
        ("2013-01-15", NEW_YORK, "2013-01-15 10:17"),
        ("2013-07-15", NEW_YORK, "2013-07-15 09:17"),
        ("2013-07-15", "America/Phoenix", "2013-07-15 12:17"),
    ],
)
def test_a_zone_is_not_a_number_of_hours(submission, date, tz, due):
    """How far a clock is from UTC depends on the zone and on the day of the year."""
    got = answer(submission, date, 517, tz)

    assert got == due, f"517 on {date} in {tz} is {due} UTC; got {got}"


@task("to_utc")
def test_2400_ends_its_day(submission):
    """The reading 2400 is the midnight at the end of the date."""
    got = answer(submission, "2013-01-15", 2400)

    assert got == "2013-01-16 05:00", f"2013-01-16 05:00 is due; got {got}"


@task("to_utc")
def test_an_hour_that_never_was(submission):
    """A local time that clocks jumped over is no time: null, not a neighbor."""
    got = answer(submission, "2013-03-10", 230)

    assert got is None, f"02:30 on 10 March 2013 never was, so null is due; got {got}"


@task("to_utc")
@pytest.mark.parametrize(
    ("second", "due"), [(False, "2013-11-03 05:30"), (True, "2013-11-03 06:30"), (None, None)]
)
def test_an_hour_that_was_twice(submission, second, due):
    """A local time that came twice is the instant that `second` chooses, and null if nobody
    does."""
    got = answer(submission, "2013-11-03", 130, second=second)

    assert got == due, f"01:30 on 3 November 2013 with second={second} is {due}; got {got}"


@task("to_utc")
def test_the_rest_of_that_day(submission):
    """After the clocks were put back, the day goes on in winter time."""
    got = answer(submission, "2013-11-03", 300)

    assert got == "2013-11-03 08:00", f"2013-11-03 08:00 is due; got {got}"
