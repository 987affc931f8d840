"""What decides the points of late_share; never shipped."""

import math

import numpy as np
import pandas as pd
import pytest

from grader import load, task


def delays(*values, dtype="float64"):
    return pd.DataFrame({"arr_delay": pd.Series(values, dtype=dtype)})


def made_up(seed, n=200, unknown=0.2):
    rng = np.random.default_rng(seed)
    values = rng.integers(-30, 90, n).astype("float64")
    values[rng.random(n) < unknown] = np.nan
    return pd.DataFrame({"flight": rng.integers(1, 4000, n), "arr_delay": values})


def is_null(value):
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


@task("late_share")
def test_the_limit_is_the_one_asked_for(submission):
    """The share follows `minutes`, and a flight exactly at the limit is late."""
    for minutes in (0, 15, 60, 22.5):
        table = delays(minutes, minutes - 0.5, minutes + 0.5, -3)

        assert submission.late_share(table, minutes) == pytest.approx(0.5)


@task("late_share", weight=2)
def test_an_unknown_delay_is_not_on_time(submission):
    """Flights without a known delay leave the share as it is: they count neither as late nor as on
    time."""
    table = delays(40, 0, 0, None, None, None)

    assert submission.late_share(table, 15) == pytest.approx(1 / 3)
    assert submission.late_share(delays(40, None), 15) == pytest.approx(1.0)


@task("late_share")
@pytest.mark.parametrize("dtype", ["Int64", "Float64"])
def test_nullable_columns_mean_the_same(submission, dtype):
    """A nullable column (Int64, Float64) with pd.NA gives the same share as float64 with NaN."""
    table = delays(30, None, 16, -4, None, 2, dtype=dtype)

    assert submission.late_share(table, 15) == pytest.approx(0.5)


@task("late_share")
def test_nothing_known_has_no_share(submission):
    """When no delay is known there is no share to report: the answer is a null, not 0 and not an
    error."""
    # A known share first: a function that always answers null must not pass.
    assert submission.late_share(delays(20), 15) == pytest.approx(1.0)

    assert is_null(submission.late_share(delays(None, None), 15))
    assert is_null(submission.late_share(delays(), 15))
    assert is_null(submission.late_share(delays(None, dtype="Int64"), 15))


@task("late_share")
def test_the_table_is_left_alone(submission):
    """The caller's table is the same after the call: no rows dropped, no columns added, no values
    filled."""
    table = made_up(1)

    call = submission.call("late_share", table.copy(), 15)

    assert call.value == pytest.approx((table["arr_delay"].dropna() >= 15).mean())
    pd.testing.assert_frame_equal(call.args[0], table)


@task("late_share")
def test_other_columns_have_no_say(submission):
    """A flight counts by its arrival delay alone: a null in another column does not take it out."""
    table = delays(20, 3, None, 40, -5)
    table["tailnum"] = ["N1", None, "N2", "N3", None]
    table["dep_delay"] = [None, 2.0, 7.0, None, None]

    assert submission.late_share(table, 15) == pytest.approx(0.5)


@task("late_share")
def test_row_labels_do_not_matter(submission):
    """Tables that were filtered or put together have gaps and repeats in their index; the share is
    the same."""
    table = delays(20, None, 3, 50, 16)
    table.index = [7, 7, 0, 42, 0]

    assert submission.late_share(table, 15) == pytest.approx(3 / 4)


@task("late_share")
def test_order_and_unknown_rows_change_nothing(submission):
    """Shuffling the rows, or adding flights with an unknown delay, does not change the share."""
    for seed in range(5):
        table = made_up(seed)
        due = (table["arr_delay"].dropna() >= 14.5).mean()  # nobody is exactly at the limit
        unknown = pd.DataFrame({"flight": [1, 2, 3], "arr_delay": [np.nan] * 3})

        shuffled = table.sample(frac=1, random_state=seed)
        assert submission.late_share(shuffled, 14.5) == pytest.approx(due)
        assert submission.late_share(pd.concat([table, unknown]), 14.5) == pytest.approx(due)


@task("late_share")
def test_a_higher_limit_is_never_reached_more_often(submission):
    """Raising `minutes` can only lower the share, from everything down to nothing."""
    table = made_up(9, unknown=0.0)

    shares = [submission.late_share(table, minutes) for minutes in range(-40, 101, 10)]

    assert shares[0] == pytest.approx(1.0)
    assert shares[-1] == pytest.approx(0.0)
    assert shares == sorted(shares, reverse=True)


@task("late_share")
def test_real_flights_of_2013(submission):
    """On a sample of the real flights of 2013 the share is right, for several limits."""
    flights = load("flights_2013_sample")[["carrier", "flight", "arr_delay"]]
    known = flights["arr_delay"].dropna().to_numpy()

    for minutes in (1, 15, 60):
        due = np.count_nonzero(known >= minutes) / len(known)
        assert submission.late_share(flights, minutes) == pytest.approx(due, abs=1e-9)
