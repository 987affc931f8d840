"""What decides the points of time_split; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

DAY, HOUR = pd.Timedelta(days=1), pd.Timedelta(hours=1)
START = pd.Timestamp("2013-01-01")
CUTOFF = START + 70 * DAY


def made_up(seed, n=200, groups=40):
    """Return rows in no order, at half days so that times repeat, with repeated labels."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "time": START + pd.to_timedelta(rng.integers(0, 200, n) * 12, unit="h"),
            "plane": rng.choice([f"N{k}" for k in range(groups)], n),
            "delay": rng.normal(5, 30, n).round(),
        },
        index=rng.integers(0, n // 2, n),
    )


def due(table, cutoff, gap, group=None):
    """Return the rows owed to train and to test, by position, decided row by row."""
    times, train, test = list(table["time"]), [], []
    for row, time in enumerate(times):
        if time >= cutoff:
            test.append(row)
    taken = {table[group].iloc[row] for row in test} if group else set()
    for row, time in enumerate(times):
        name = table[group].iloc[row] if group else None
        if time < cutoff - gap and (pd.isna(name) or name not in taken):
            train.append(row)
    return table.iloc[train], table.iloc[test]


def check(answer, expected):
    train, test = answer
    pd.testing.assert_frame_equal(train, expected[0])
    pd.testing.assert_frame_equal(test, expected[1])


@task("time_split", weight=2)
def test_past_and_future_are_told_apart(submission):
    """Every row from the cutoff on is in test, every row before the gap in train, once, and no
    other row anywhere."""
    for seed, days in ((0, 0), (1, 1), (2, 20)):
        table = made_up(seed)

        train, test = submission.time_split(table.copy(), "time", CUTOFF, days * DAY)

        expected = due(table, CUTOFF, days * DAY)
        assert sorted(train["id"]) == sorted(expected[0]["id"])
        assert sorted(test["id"]) == sorted(expected[1]["id"])


@task("time_split", weight=2)
def test_the_gap_is_empty_and_before_the_cutoff(submission):
    """No row of either table lies in the gap before the cutoff, and rows right at the cutoff are in
    test."""
    table = pd.DataFrame({"time": CUTOFF + pd.to_timedelta(range(-120, 121), unit="h")})

    train, test = submission.time_split(table.copy(), "time", CUTOFF, 3 * DAY)

    assert train["time"].max() == CUTOFF - 3 * DAY - HOUR
    assert test["time"].min() == CUTOFF
    assert (len(train), len(test)) == (48, 121)


@task("time_split", weight=2)
def test_rows_on_a_border_stay_together(submission):
    """Rows at the cutoff are all in test; rows exactly at the start of the gap are all in it."""
    times = [CUTOFF - DAY - HOUR, CUTOFF - DAY, CUTOFF - DAY, CUTOFF, CUTOFF, CUTOFF]
    table = pd.DataFrame({"time": times, "id": range(6)}).iloc[[3, 1, 0, 4, 2, 5]]

    train, test = submission.time_split(table.copy(), "time", CUTOFF, DAY)
    tight, same = submission.time_split(table.copy(), "time", CUTOFF, 0 * DAY)

    assert (list(train["id"]), list(test["id"])) == ([0], [3, 4, 5])
    assert (list(tight["id"]), list(same["id"])) == ([1, 0, 2], [3, 4, 5])


@task("time_split", weight=3)
def test_no_group_is_on_both_sides(submission):
    """A group with a row in test has no row in train, and test keeps all its rows."""
    for seed, days in ((3, 0), (4, 5)):
        table = made_up(seed, groups=120)

        answer = submission.time_split(table.copy(), "time", CUTOFF, days * DAY, "plane")

        expected = due(table, CUTOFF, days * DAY, "plane")
        assert 0 < len(expected[0]) < len(due(table, CUTOFF, days * DAY)[0])
        check(answer, expected)


@task("time_split")
def test_a_group_in_the_gap_stays_in_train(submission):
    """Rows in the gap are in no table, so they take nobody out of train."""
    table = pd.DataFrame(
        {
            "time": [CUTOFF - 5 * DAY, CUTOFF - HOUR, CUTOFF - 4 * DAY, CUTOFF],
            "plane": ["gap", "gap", "both", "both"],
        }
    )

    train, test = submission.time_split(table.copy(), "time", CUTOFF, DAY, group="plane")

    assert (list(train.index), list(test.index)) == ([0], [3])


@task("time_split", weight=2)
def test_a_null_group_is_no_group(submission):
    """Rows without a group go by time alone: those in test do not remove those in train."""
    table = made_up(5, groups=120)
    table["plane"] = table["plane"].mask(np.random.default_rng(5).random(len(table)) < 0.3)
    check(
        submission.time_split(table.copy(), "time", CUTOFF, DAY, "plane"),
        due(table, CUTOFF, DAY, "plane"),
    )

    numbers = table.assign(plane=pd.Series(range(len(table)), index=table.index) % 70 * 1.0)
    numbers["plane"] = numbers["plane"].mask(numbers["plane"] > 60)
    check(
        submission.time_split(numbers.copy(), "time", CUTOFF, DAY, "plane"),
        due(numbers, CUTOFF, DAY, "plane"),
    )


@task("time_split")
def test_a_null_time_is_in_neither(submission):
    """A row without a time is neither past nor future, and its group counts for nothing."""
    table = pd.DataFrame(
        {
            "time": [CUTOFF - 5 * DAY, pd.NaT, CUTOFF, CUTOFF - 3 * DAY],
            "plane": ["a", "a", "b", "c"],
        }
    )

    train, test = submission.time_split(table.copy(), "time", CUTOFF, DAY, "plane")

    assert (list(train.index), list(test.index)) == ([0, 3], [2])


@task("time_split", weight=2)
def test_order_labels_and_types_stay(submission):
    """Both tables keep the order of the rows, their labels, and the columns with their types."""
    table = made_up(6)
    table.index.name = "row"
    table["kind"] = pd.Categorical(np.where(table["delay"] > 15, "late", "fine"))
    table["seats"] = pd.array(table["id"] % 7, dtype="Int64")

    answer = submission.time_split(table.copy(), "time", CUTOFF, 2 * DAY)

    check(answer, due(table, CUTOFF, 2 * DAY))


@task("time_split")
def test_hours_matter_and_zones_work(submission):
    """The cutoff is a moment, not a date, and a table with a time zone is cut at that moment."""
    table = made_up(7)
    table["time"] = table["time"].dt.tz_localize("UTC")
    cutoff = pd.Timestamp("2013-03-12 08:00", tz="America/New_York")

    answer = submission.time_split(table.copy(), "time", cutoff, 30 * HOUR)

    check(answer, due(table, cutoff, 30 * HOUR))


@task("time_split")
def test_more_future_changes_no_past(submission):
    """Flights of new aircraft after the cutoff do not change train."""
    table = made_up(8, groups=120)
    later = made_up(9, n=50).assign(time=CUTOFF + DAY, plane="new")

    before, _ = submission.time_split(table.copy(), "time", CUTOFF, DAY, "plane")
    after, test = submission.time_split(pd.concat([table, later]), "time", CUTOFF, DAY, "plane")

    pd.testing.assert_frame_equal(before, after)
    assert (test["plane"] == "new").sum() == 50


@task("time_split")
def test_columns_are_called_as_you_say(submission):
    """Time and group may have any names."""
    table = made_up(10, groups=120)
    other = table.rename(columns={"time": "plane", "plane": "time"})

    train, test = submission.time_split(other.copy(), "plane", CUTOFF, DAY, "time")

    expected = due(table, CUTOFF, DAY, "plane")
    assert list(train["id"]) == list(expected[0]["id"])
    assert list(test["id"]) == list(expected[1]["id"])


@task("time_split", weight=2)
def test_an_empty_side_is_no_split(submission):
    """Without a row in train or without a row in test, ValueError, also when groups have emptied
    train."""
    table = made_up(11)
    one = table.assign(plane="N1")

    assert len(submission.time_split(table.copy(), "time", CUTOFF, DAY)) == 2
    for cutoff, gap, rows, group in (
        (START - DAY, 0 * DAY, table, None),
        (START + 1000 * DAY, DAY, table, None),
        (CUTOFF, 500 * DAY, table, None),
        (CUTOFF, DAY, one, "plane"),
    ):
        with pytest.raises(ValueError):
            submission.time_split(rows.copy(), "time", cutoff, gap, group)


@task("time_split")
def test_a_negative_gap_is_refused(submission):
    """A negative gap would put rows into both tables: ValueError. A gap of zero is fine."""
    table = made_up(12)

    check(submission.time_split(table.copy(), "time", CUTOFF, 0 * DAY), due(table, CUTOFF, 0 * DAY))
    for gap in (-DAY, pd.Timedelta(seconds=-1), -300 * DAY):
        with pytest.raises(ValueError):
            submission.time_split(table.copy(), "time", CUTOFF, gap)


@task("time_split")
def test_the_table_is_left_alone(submission):
    """The table that was given is the same after the call."""
    table = made_up(13, groups=120)

    call = submission.call("time_split", table.copy(), "time", CUTOFF, DAY, "plane")

    assert len(call.value[0]) > 0
    pd.testing.assert_frame_equal(call.args[0], table)


@task("time_split")
def test_real_flights_of_2013(submission):
    """On real flights, in UTC and with aircraft that are sometimes unknown, the split is right."""
    flights = load("flights_2013_sample")[["time_hour", "tailnum", "carrier", "arr_delay"]]
    flights = flights.iloc[::12].rename(columns={"time_hour": "time"})
    cutoff = pd.Timestamp("2013-10-01", tz="America/New_York")

    answer = submission.time_split(flights.copy(), "time", cutoff, DAY, "tailnum")

    later = flights["time"] >= cutoff
    taken = set(flights["tailnum"][later].dropna())
    early = (flights["time"] < cutoff - DAY) & ~flights["tailnum"].isin(list(taken))
    check(answer, (flights[early], flights[later]))
    assert answer[0]["tailnum"].isna().any()
