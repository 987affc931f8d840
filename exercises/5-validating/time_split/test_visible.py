"""What a learner can check at home: the example of the text, and the border."""

import pandas as pd
import pytest

from grader import task

FLIGHTS = pd.DataFrame(
    {
        "tailnum": ["N1", "N2", "N3", "N1", "N4", None],
        "time": pd.to_datetime(
            ["2013-09-01", "2013-09-28", "2013-09-30", "2013-10-01", "2013-10-02", "2013-09-02"]
        ),
    }
)
CUTOFF, TWO_DAYS = pd.Timestamp("2013-10-01"), pd.Timedelta(days=2)


def split(submission, *options):
    """Return train and test."""
    got = submission.time_split(FLIGHTS.copy(), "time", CUTOFF, TWO_DAYS, *options)
    parts = list(got) if hasattr(got, "__iter__") else []
    assert [hasattr(part, "columns") for part in parts] == [True, True], (
        f"two tables are due, train and test; got {type(got).__name__}"
    )
    return parts


@task("time_split")
def test_the_example_is_split(submission):
    """Test begins at the cutoff, train ends before the gap, and no aircraft is on both sides."""
    train, test = split(submission, "tailnum")

    assert list(test.index) == [3, 4], f"test should be rows 3 and 4; got {list(test.index)}"
    assert list(train.index) == [1, 5], f"train should be rows 1 and 5; got {list(train.index)}"


@task("time_split")
def test_without_a_group_only_time_counts(submission):
    """Without a group, all rows before the gap are in train."""
    train, test = split(submission)

    assert list(train.index) == [0, 1, 5], f"train should be rows 0, 1, 5; got {list(train.index)}"
    assert list(test.index) == [3, 4], f"test should be rows 3 and 4; got {list(test.index)}"


@task("time_split")
def test_an_empty_side_is_refused(submission):
    """A split without a past is no split: ValueError."""
    with pytest.raises(ValueError):
        submission.time_split(FLIGHTS.copy(), "time", pd.Timestamp("2013-01-01"), TWO_DAYS)
