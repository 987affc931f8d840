"""What a learner can check at home: the example of the text, and rows of the same time."""

import numpy as np
import pandas as pd

from grader import task

FLIGHTS = pd.DataFrame(
    {
        "flight": ["UA1", "UA1", "UA1", "UA1", "DL2"],
        "time": pd.to_datetime(
            [
                "2013-01-01 08:00",
                "2013-01-02 08:00",
                "2013-01-02 09:00",
                "2013-01-03 08:00",
                "2013-01-03 08:00",
            ]
        ),
        "late": [1.0, 0.0, 0.0, 1.0, 1.0],
    }
)
FIVE_HOURS = pd.Timedelta(hours=5)


@task("past_mean")
def test_the_example_is_answered(submission):
    """Each row gets the mean of the outcomes of its key that were known before its own time."""
    got = submission.past_mean(FLIGHTS.copy(), "flight", "time", "late", FIVE_HOURS)

    assert isinstance(got, pd.Series), f"the answer is a {type(got).__name__}, not a Series"
    expected = [np.nan, 1.0, 1.0, 1 / 3, np.nan]
    for row, (value, due) in enumerate(zip(got.tolist(), expected, strict=True)):
        assert np.isclose(value, due, equal_nan=True), (
            f"row {row} of the example should get {due}; got {value}"
        )


@task("past_mean")
def test_a_row_does_not_know_itself(submission):
    """Rows of the same time teach each other nothing, also when outcomes are known at once."""
    twins = FLIGHTS.assign(time=pd.Timestamp("2013-01-01 08:00"), flight="UA1")

    got = submission.past_mean(twins, "flight", "time", "late", pd.Timedelta(0))

    assert isinstance(got, pd.Series), f"the answer is a {type(got).__name__}, not a Series"
    assert got.isna().all(), (
        f"five flights at one time, so none of them has a past; got {got.tolist()}"
    )
