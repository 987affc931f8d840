"""What a learner can check at home: the examples of the text."""

import pandas as pd
import pytest

from grader import task


def answer(submission, sched, actual, hint=None):
    """Return the one answer for one pair of readings, None for null."""
    series = [pd.Series([value], dtype="Int64") for value in (sched, actual)]
    if hint is not None:
        series.append(pd.Series([hint], dtype="Int64"))
    got = submission.minutes_between(*series)
    assert isinstance(got, pd.Series), f"a Series is due; got {type(got).__name__}"
    assert len(got) == 1, f"one row in, one row out is due; got {len(got)} rows"
    return None if pd.isna(got.iloc[0]) else got.iloc[0]


@task("minutes_between")
def test_an_hour_has_sixty_minutes(submission):
    """From five to two to ten past two is 15 minutes, not 55."""
    got = answer(submission, 1355, 1410)

    assert got == 15, f"from 1355 to 1410 is 15 minutes; got {got}"


@task("minutes_between")
@pytest.mark.parametrize(("sched", "actual", "due"), [(2355, 10, 15), (5, 2358, -7)])
def test_midnight_is_not_a_day(submission, sched, actual, due):
    """A few minutes across midnight are a few minutes, in both directions."""
    got = answer(submission, sched, actual)

    assert got == due, f"from {sched} to {actual} is {due} minutes; got {got}"


@task("minutes_between")
def test_2400_is_midnight(submission):
    """The reading 2400 is midnight, the same moment of the clock as 0."""
    got = answer(submission, 2359, 2400)

    assert got == 1, f"from 2359 to 2400 is 1 minute; got {got}"


@task("minutes_between")
def test_a_reading_that_is_no_time_gives_null(submission):
    """A reading that no clock shows is unknown, and so is the time since then."""
    got = answer(submission, 1267, 1300)

    assert got is None, f"1267 is no time, so null is due; got {got}"


@task("minutes_between")
@pytest.mark.parametrize(("hint", "due"), [(None, -60), (1400, 1380)])
def test_only_the_hint_makes_it_long(submission, hint, due):
    """Of all answers that the clock allows, take the nearest to the hint; without one, the nearest
    to 0."""
    got = answer(submission, 900, 800, hint)

    assert got == due, f"from 900 to 800 with hint {hint} is {due} minutes; got {got}"
