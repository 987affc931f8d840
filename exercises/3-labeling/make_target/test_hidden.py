"""What decides the points of make_target; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

CHOICES = ("bad", "unknown", "drop")


def delays(*values, dtype="float64"):
    return pd.DataFrame({"arr_delay": pd.Series(values, dtype=dtype)})


def made_up(seed, n=120):
    """Return flights with gaps in all columns and labels that repeat."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "dep_delay": rng.integers(-20, 90, n).astype("float64"),
            "arr_delay": rng.integers(-30, 90, n).astype("float64"),
            "tailnum": rng.choice(np.array(["N1", "N2", None], dtype=object), n),
        },
        index=rng.integers(0, n, n),
    )
    for column in ("dep_delay", "arr_delay"):
        table.loc[rng.random(n) < 0.25, column] = np.nan
    return table


def due(flights, minutes, missing):
    """Return (label, answer) for each flight, worked out one by one."""
    rows = []
    for label, delay in zip(flights.index, flights["arr_delay"], strict=True):
        if not pd.isna(delay):
            rows.append((label, bool(delay >= minutes)))
        elif missing != "drop":
            rows.append((label, True if missing == "bad" else None))
    return rows


def rows(result):
    assert isinstance(result, pd.Series)
    answers = [None if pd.isna(value) else bool(value) for value in result]
    return list(zip(result.index, answers, strict=True))


@task("make_target", weight=2)
def test_the_limit_is_the_one_asked_for(submission):
    """A delay of exactly `minutes` is late, half a minute less is not, for any `minutes`."""
    for minutes in (0, 15, 60, 22.5, -10):
        table = delays(minutes, minutes - 0.5, minutes + 0.5)

        for missing in CHOICES:
            got = submission.make_target(table, minutes, missing=missing)
            assert rows(got) == [(0, True), (1, False), (2, True)]


@task("make_target", weight=2)
def test_bad_counts_flights_that_never_arrived(submission):
    """With "bad", which is the default, a flight without a delay counts as a late one."""
    table = delays(None, 40, None, 0)

    assert rows(submission.make_target(table, 15)) == due(table, 15, "bad")
    assert rows(submission.make_target(table, 15, missing="bad")) == due(table, 15, "bad")
    assert rows(submission.make_target(delays(None, None), 15)) == [(0, True), (1, True)]


@task("make_target", weight=2)
def test_unknown_stays_unknown(submission):
    """With "unknown", a flight without a delay is null: not false, not true, and not gone."""
    table = delays(None, 40, None, 0)

    got = submission.make_target(table, 15, missing="unknown")

    assert rows(got) == [(0, None), (1, True), (2, None), (3, False)]


@task("make_target", weight=2)
def test_drop_drops_those_and_no_others(submission):
    """With "drop", flights without an arrival delay are left out; gaps in other columns do not
    matter, and the others keep their labels."""
    table = delays(None, 40, None, 0)
    table["tailnum"] = [None, None, "N1", None]

    got = submission.make_target(table, 15, missing="drop")

    assert rows(got) == [(1, True), (3, False)]
    assert len(submission.make_target(delays(None), 15, missing="drop")) == 0


@task("make_target")
@pytest.mark.parametrize("dtype", ["float64", "Int64", "Float64"])
def test_the_dtype_is_always_boolean(submission, dtype):
    """Whatever the column's dtype and the choice for nulls, the answers are the same and their
    dtype is pandas' nullable `boolean`."""
    table = delays(30, None, 15, -4, dtype=dtype)
    whole = delays(30, 15, dtype=dtype)

    for missing in CHOICES:
        got = submission.make_target(table, 15, missing=missing)
        assert rows(got) == due(table, 15, missing)
        assert got.dtype == pd.BooleanDtype()
        assert submission.make_target(whole, 15, missing=missing).dtype == got.dtype


@task("make_target")
def test_no_flights_give_no_answers(submission):
    """An empty table gives an empty Series of dtype boolean."""
    assert rows(submission.make_target(delays(20), 15)) == [(0, True)]
    for missing in CHOICES:
        got = submission.make_target(delays(), 15, missing=missing)

        assert len(got) == 0
        assert got.dtype == pd.BooleanDtype()


@task("make_target", weight=2)
def test_another_choice_is_refused(submission):
    """A choice that does not exist is a mistake of the caller: a ValueError, also when there is
    nothing null to choose about."""
    for missing in ("good", "ignore", "Bad", "", None):
        for table in (delays(20, None), delays(20)):
            with pytest.raises(ValueError):
                submission.make_target(table, 15, missing=missing)


@task("make_target")
def test_the_table_is_left_alone(submission):
    """The caller's table has the same rows, columns and values after the call."""
    for missing in CHOICES:
        table = made_up(1)

        call = submission.call("make_target", table.copy(), 15, missing=missing)

        assert call.value.any()
        pd.testing.assert_frame_equal(call.args[0], table)


@task("make_target", weight=2)
def test_any_table_row_by_row(submission):
    """Each flight is judged by its own delay, and keeps its place and label, also when labels
    repeat."""
    for seed in range(4):
        table = made_up(seed)
        for missing in CHOICES:
            got = submission.make_target(table.copy(), 14.5, missing=missing)

            assert rows(got) == due(table, 14.5, missing)


@task("make_target")
def test_real_flights_of_2013(submission):
    """On real flights the three choices give three base rates, and each is the right one."""
    flights = load("flights_2013_sample")[["carrier", "arr_delay"]][::3]
    delay = flights["arr_delay"].to_numpy()
    late, unknown = (delay >= 15).sum(), np.isnan(delay).sum()

    bad, drop, left = (submission.make_target(flights, 15, missing=m) for m in CHOICES)

    assert [len(bad), len(drop), len(left)] == [len(delay), len(delay), len(delay) - unknown]
    assert [bad.sum(), drop.sum(), left.sum()] == [late + unknown, late, late]
    assert drop.isna().sum() == unknown
