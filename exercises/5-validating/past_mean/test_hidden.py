"""What decides the points of past_mean; never shipped."""

import numpy as np
import pandas as pd

from grader import load, task

HOUR = pd.Timedelta(hours=1)
START = pd.Timestamp("2013-03-01")


def made_up(seed, n=120, keys=("a", "b", "c"), nulls=0.0, hours=60):
    """Return rows in no order, on whole hours so that times repeat, with repeated labels."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "note": rng.choice(["p", "q"], n),
            "key": rng.choice(np.array(keys, dtype=object), n),
            "time": START + pd.to_timedelta(rng.integers(0, hours, n), unit="h"),
            "y": rng.normal(10, 30, n).round(1),
        },
        index=rng.integers(0, n // 3, n),
    )
    for column in ("key", "time", "y"):
        table[column] = table[column].mask(rng.random(n) < nulls)
    return table


def due(table, known_after, rows=None):
    """Return the means that are owed, worked out row by row."""
    means = []
    known_at = table["time"] + known_after
    for row in range(len(table)) if rows is None else rows:
        key, time = table["key"].iloc[row], table["time"].iloc[row]
        if pd.isna(key) or pd.isna(time):
            means.append(np.nan)
            continue
        past = (table["key"] == key).fillna(False).to_numpy(dtype=bool) & (known_at < time)
        means.append(table["y"][past.to_numpy()].mean())
    return np.array(means, dtype="float64")


def ask(submission, table, known_after):
    return submission.past_mean(table.copy(), "key", "time", "y", known_after)


def check(got, expected):
    """Assert the values, with null for null."""
    np.testing.assert_allclose(
        np.asarray(got, dtype="float64"), expected, rtol=1e-8, atol=1e-8, equal_nan=True
    )


@task("past_mean", weight=3)
def test_each_row_gets_the_mean_of_its_past(submission):
    """The mean is over the rows of the same key that were known before the row's time, and over all
    of them."""
    for seed, hours in ((0, 0), (1, 3), (2, 26)):
        table = made_up(seed)

        check(ask(submission, table, hours * HOUR), due(table, hours * HOUR))


@task("past_mean", weight=4)
def test_the_future_changes_nothing(submission):
    """Whatever an outcome that is not yet known turns out to be, the means of rows up to that time
    stay as they are."""
    table = made_up(3, n=160)
    lag = 4 * HOUR
    before = np.asarray(ask(submission, table, lag), dtype="float64")
    for now in (START + 10 * HOUR, START + 30 * HOUR, START + 50 * HOUR):
        unknown = table["time"] + lag >= now
        poisoned = table.assign(y=table["y"].mask(unknown, 1e6))

        after = np.asarray(ask(submission, poisoned, lag), dtype="float64")

        asked = (table["time"] <= now).to_numpy()
        assert np.isfinite(before[asked]).any()
        np.testing.assert_allclose(after[asked], before[asked], equal_nan=True)


@task("past_mean", weight=2)
def test_the_past_does_matter(submission):
    """An outcome takes part as soon as it is known: changing it changes later means of its key, and
    of no other key."""
    table = made_up(4)
    first = int(np.argmin(table["time"].to_numpy()))
    key, time = table["key"].iloc[first], table["time"].iloc[first]
    changed = table.copy()
    changed.iloc[first, changed.columns.get_loc("y")] += 1000.0

    before = np.asarray(ask(submission, table, 2 * HOUR), dtype="float64")
    after = np.asarray(ask(submission, changed, 2 * HOUR), dtype="float64")

    moved = ((table["key"] == key) & (table["time"] > time + 2 * HOUR)).to_numpy()
    assert (after[moved] - before[moved] > 1).all()
    np.testing.assert_allclose(after[~moved], before[~moved], equal_nan=True)


@task("past_mean", weight=2)
def test_known_at_that_moment_is_too_late(submission):
    """An outcome that becomes known exactly at the row's time does not take part; a second before,
    it does."""
    table = pd.DataFrame(
        {"key": "a", "time": [START, START + 5 * HOUR], "y": [7.0, 100.0]}, index=["x", "y"]
    )
    second = pd.Timedelta(seconds=1)

    assert ask(submission, table, 5 * HOUR).isna().tolist() == [True, True]
    check(ask(submission, table, 5 * HOUR - second), [np.nan, 7.0])
    assert ask(submission, table, 5 * HOUR + second).isna().tolist() == [True, True]


@task("past_mean", weight=2)
def test_rows_of_one_time_share_one_past(submission):
    """Rows of the same key and time get the same mean, whatever their order, with and without a
    delay."""
    for hours in (0, 2):
        table = made_up(5, n=90, keys=("a", "b"), hours=9)

        means = np.asarray(ask(submission, table, hours * HOUR), dtype="float64")

        groups = pd.Series(means).groupby([table["key"].to_numpy(), table["time"].to_numpy()])
        spread = (groups.max() - groups.min()).dropna()
        assert len(spread) > 5
        assert (spread.abs() < 1e-8).all()
        check(means, due(table, hours * HOUR))


@task("past_mean", weight=2)
def test_order_and_labels_stay(submission):
    """The answer has the index of the table, row by row, also when labels repeat and times are not
    sorted."""
    table = made_up(6)
    table.index.name = "row"

    got = ask(submission, table, HOUR)

    assert isinstance(got, pd.Series)
    assert got.dtype == np.dtype("float64")
    assert list(got.index) == list(table.index)
    check(got, due(table, HOUR))


@task("past_mean")
def test_the_order_of_rows_does_not_matter(submission):
    """The same rows in another order get the same means."""
    table = made_up(7)
    shuffled = np.random.default_rng(8).permutation(len(table))

    straight = np.asarray(ask(submission, table, 3 * HOUR), dtype="float64")
    mixed = ask(submission, table.iloc[shuffled], 3 * HOUR)

    assert np.isfinite(straight).any()
    check(mixed, straight[shuffled])


@task("past_mean", weight=2)
def test_an_outcome_that_is_null_teaches_nothing(submission):
    """A null outcome counts neither as zero nor as a row, and its own row is still answered."""
    table = pd.DataFrame(
        {
            "key": "a",
            "time": START + pd.to_timedelta(range(4), unit="D"),
            "y": [np.nan, 6.0, np.nan, 8.0],
        }
    )
    check(ask(submission, table, HOUR), [np.nan, np.nan, 6.0, 6.0])

    gaps = made_up(9)
    gaps["y"] = gaps["y"].mask(np.random.default_rng(9).random(len(gaps)) < 0.4)
    check(ask(submission, gaps, HOUR), due(gaps, HOUR))


@task("past_mean", weight=2)
def test_a_null_key_is_no_key(submission):
    """A row without a key gets null, and rows without a key do not teach each other."""
    table = pd.DataFrame(
        {
            "key": [None, "a", None, "a"],
            "time": START + pd.to_timedelta(range(4), unit="D"),
            "y": [1.0, 2.0, 3.0, 4.0],
        }
    )
    check(ask(submission, table, HOUR), [np.nan, np.nan, np.nan, 2.0])


@task("past_mean")
def test_a_null_time_is_no_time(submission):
    """A row without a time gets null and takes part in no mean; the other rows are answered."""
    table = made_up(10, nulls=0.15)
    assert table["time"].isna().any()

    check(ask(submission, table, 2 * HOUR), due(table, 2 * HOUR))


@task("past_mean")
def test_other_kinds_of_columns_work(submission):
    """Keys may be whole numbers, outcomes true or false, and times may carry a time zone."""
    table = made_up(11, keys=(7, 8, 1000))
    table["key"] = table["key"].astype("int64")
    table["time"] = table["time"].dt.tz_localize("America/New_York")
    table["y"] = table["y"] > 10

    got = ask(submission, table, 5 * HOUR)

    numbers = table.assign(y=table["y"].astype("float64"))
    check(got, due(numbers, 5 * HOUR))


@task("past_mean")
def test_columns_are_called_as_you_say(submission):
    """The three columns may have any names, and other columns are of no interest."""
    table = made_up(12, n=40)
    other = table.rename(columns={"key": "at", "time": "y", "y": "total"})
    other = other.assign(key="same", count=1, time=range(40), row=3)

    got = submission.past_mean(other, "at", "y", "total", HOUR)

    check(got, due(table, HOUR))


@task("past_mean")
def test_the_table_is_left_alone(submission):
    """The table is the same after the call: no helper column, no other order."""
    table = made_up(13, nulls=0.05)

    call = submission.call("past_mean", table.copy(), "key", "time", "y", HOUR)

    check(call.value, due(table, HOUR))
    pd.testing.assert_frame_equal(call.args[0], table)


@task("past_mean")
def test_small_tables_work(submission):
    """One row has no past, and a table without rows has no means."""
    table = made_up(14, n=3)

    one = ask(submission, table.iloc[[1]], HOUR)
    none = ask(submission, table.iloc[:0], HOUR)

    assert one.isna().tolist() == [True]
    assert len(none) == 0


@task("past_mean", weight=2)
def test_real_flights_of_2013(submission):
    """On 60,000 real flights, with hundreds of rows a key, the means are right and come in
    time."""
    flights = load("flights_2013_sample")
    table = pd.DataFrame(
        {"key": flights["dest"], "time": flights["time_hour"], "y": flights["arr_delay"]}
    )

    got = np.asarray(ask(submission, table, 8 * HOUR), dtype="float64")

    assert len(got) == len(table)
    rows = np.random.default_rng(15).integers(0, len(table), 40)
    np.testing.assert_allclose(got[rows], due(table, 8 * HOUR, rows), rtol=1e-6, equal_nan=True)
