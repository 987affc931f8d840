"""What a learner can check at home: the example of the text."""

import pandas as pd

from grader import task

FLIGHTS = pd.DataFrame(
    {
        "day": pd.to_datetime(["2013-06-24", "2013-06-24", "2013-06-25"]),
        "due": pd.to_datetime(["2013-06-24 12:00", "2013-06-24 14:00", "2013-06-25 09:00"]),
        "zone": ["America/New_York", "Pacific/Honolulu", "America/New_York"],
        "landed": pd.to_datetime(["2013-06-24 16:15", None, "2013-06-25 12:50"], utc=True),
    }
)


def example(submission, now):
    answer = submission.late_rate_asof(FLIGHTS.copy(), pd.Timestamp(now, tz="America/New_York"))
    assert hasattr(answer, "items") and not hasattr(answer, "columns"), (
        f"a Series of one rate for each day is due; got {type(answer).__name__}"
    )
    return {str(day.date()): rate for day, rate in answer.items()}


@task("late_rate_asof")
def test_the_example_on_the_next_day(submission):
    """At noon of the 25th both days of the example are finished."""
    got = example(submission, "2013-06-25 12:00")

    assert got == {"2013-06-24": 1.0, "2013-06-25": 0.0}, (
        f"24 June has one flight 15 minutes late and one that never landed, 25 June one that was "
        f"early; got {got}"
    )


@task("late_rate_asof")
def test_the_example_waits_for_honolulu(submission):
    """The 24th is finished when the window of its flight to Honolulu is over, at 23:00 in New
    York."""
    before, then = (example(submission, f"2013-06-24 {clock}") for clock in ("22:59", "23:00"))

    assert before == {}, f"at 22:59 one window is still open; got {before}"
    assert then == {"2013-06-24": 1.0}, f"at 23:00 all windows of the day are over; got {then}"
