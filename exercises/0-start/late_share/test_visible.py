"""What a learner can check at home: the examples of the text."""

import pandas as pd
import pytest

from grader import task


def delays(*values, dtype="float64"):
    return pd.DataFrame({"arr_delay": pd.Series(values, dtype=dtype)})


@task("late_share")
def test_two_of_four_is_a_half(submission):
    """The share is late flights divided by flights: a number from 0 to 1."""
    got = submission.late_share(delays(20, 3, -5, 40), 15)

    assert got == pytest.approx(0.5), (
        f"delays 20, 3, -5, 40 and minutes=15: 2 of 4 are late, so 0.5 is due; got {got}"
    )


@task("late_share")
def test_exactly_that_many_minutes_is_late(submission):
    """A flight that is late by exactly `minutes` counts as late."""
    got = submission.late_share(delays(15, 14), 15)

    assert got == pytest.approx(0.5), (
        f"delays 15, 14 and minutes=15: exactly 15 is late, so 0.5 is due; got {got}"
    )


@task("late_share")
def test_an_unknown_delay_is_left_out(submission):
    """A flight whose delay is unknown is neither late nor on time."""
    got = submission.late_share(delays(20, None, 3), 15)

    assert got == pytest.approx(0.5), (
        f"delays 20, null, 3 and minutes=15: 1 of the 2 known is late, so 0.5 is due; got {got}"
    )
