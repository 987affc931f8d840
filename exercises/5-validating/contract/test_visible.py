"""What a learner can check at home: good weeks, the example of the text, and two damages."""

import pandas as pd

from grader import task


def keys(answer):
    assert isinstance(answer, dict), f"report should return a dict; got {type(answer).__name__}"
    return set(answer)


def example(submission):
    """Return the damaged delivery of the text: a report that never says a word is no report."""
    week = submission.delivery(20)
    return pd.concat([week, week.head(30)]).drop(columns="dest")


@task("report")
def test_good_weeks_pass(submission):
    """The weeks of 2013 are good as they are, and nothing is reported; of the damaged example of
    the text something is."""
    assert keys(submission.report(example(submission))), "nothing is reported of the example"
    for week in (3, 9, 20, 31, 43):
        got = submission.report(submission.delivery(week))
        assert keys(got) == set(), f"week {week} is a good one; reported were {got}"


@task("report")
def test_the_example_has_two_faults(submission):
    """A missing column and rows that came twice are both reported."""
    got = submission.report(example(submission))

    assert keys(got) == {"dest", "rows"}, f"dest is missing and rows came twice; got {got}"


@task("report")
def test_a_wrong_clock_is_seen(submission):
    """Local time that says UTC is reported, under time_hour."""
    week = submission.delivery(20)
    local = week["time_hour"].dt.tz_convert("America/New_York").dt.tz_localize(None)

    got = submission.report(week.assign(time_hour=local.dt.tz_localize("UTC")))

    assert "time_hour" in keys(got), f"time_hour is New York's clock and says UTC; got {got}"


@task("report")
def test_a_quiet_day_is_no_fault(submission):
    """A day with five flights is a quiet day; the damaged example of the text is not."""
    assert keys(submission.report(example(submission))), "nothing is reported of the example"
    week = submission.delivery(20)
    day = week["date"] == week["date"].max()
    quiet = pd.concat([week[~day], week[day].head(5)])

    got = submission.report(quiet)

    assert keys(got) == set(), f"one day has five flights, which is allowed; got {got}"
