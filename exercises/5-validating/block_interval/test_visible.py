"""What a learner can check at home: the example of the text, and what a resample is made of."""

import numpy as np

from grader import task

LATE = np.array([1, 1, 1, 1, 0, 0, 0, 0])
DAY = np.array([1, 1, 1, 1, 2, 2, 2, 2])


@task("block_interval")
def test_two_days_can_be_anything(submission):
    """Two days, one all late and one all on time: the share of late flights may be 0 or 1."""
    got = submission.block_interval(LATE, LATE, DAY, lambda y, p: float(y.mean()), 0)

    assert hasattr(got, "__iter__"), f"two numbers, low and high, are due; got {got}"
    assert tuple(got) == (0.0, 1.0), f"the interval of the example should be (0.0, 1.0); got {got}"


@task("block_interval")
def test_a_day_comes_whole(submission):
    """A resample has all rows of a drawn day, as often as the day was drawn."""
    row = np.arange(8.0)
    seen = []

    def remember(y, p):
        seen.append(sorted(y.tolist()))
        return float(np.mean(y))

    submission.block_interval(row, row, DAY, remember, 0, resamples=40)

    first, second = row[:4].tolist(), row[4:].tolist()
    possible = [sorted(2 * first), sorted(first + second), sorted(2 * second)]
    assert seen, "metric was never called: the interval comes from its answers on the resamples"
    for rows in seen:
        assert rows in possible, (
            "two days of rows 0-3 and 4-7: a resample has one of them twice, or both once; "
            f"metric was given rows {rows}"
        )
