"""What decides the points of safe_join; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

LEFT = pd.DataFrame({"k": ["a", "b", "c", "a"], "x": [10, 20, 30, 40]})
RIGHT = pd.DataFrame({"k": ["c", "a", "b"], "y": [3.0, 1.0, 2.0], "z": ["three", "one", "two"]})


def due(left, right, on, columns):
    """Return what is due, as rows of plain values: a dictionary look-up, row by row."""
    rows = {}
    for _, row in right.iterrows():
        if row[on].notna().all():
            rows[tuple(row[on])] = [row[column] for column in columns]
    nothing = [None] * len(columns)
    return [rows.get(tuple(key), nothing) for key in left[on].itertuples(index=False, name=None)]


def plain(table, columns):
    """Return rows of values, with None for every kind of null."""
    return [
        [None if pd.isna(value) else value for value in row]
        for row in table[columns].itertuples(index=False, name=None)
    ]


def made_up(seed, n=80):
    """Return two tables that share some keys of two columns, with nulls in both keys."""
    rng = np.random.default_rng(seed)
    pool = pd.MultiIndex.from_product([list("abcdef"), range(5)]).to_frame(index=False)
    pool.columns = ["port", "hour"]
    left = pool.sample(n, replace=True, random_state=seed).reset_index(drop=True)
    left["port"] = left["port"].where(rng.random(n) > 0.15)
    left["x"] = rng.integers(0, 1000, n)
    left.index = pd.Index(rng.integers(0, 20, n), name="row")
    right = pool.sample(18, random_state=seed + 50)[["hour", "port"]]
    right.insert(1, "y", rng.normal(size=18).round(3))
    right["z"] = [f"row {i}" for i in range(18)]
    nulls = pd.DataFrame({"hour": [1, 2, 2], "port": [None] * 3, "y": [9.0] * 3, "z": ["no"] * 3})
    right = pd.concat([right, nulls]).sample(frac=1, random_state=seed)
    return left, right.astype({"port": left["port"].dtype})


@task("safe_join", weight=2)
def test_rows_order_and_labels_stay(submission):
    """Every row of left comes out exactly once, in its place and under its label, also when
    labels repeat."""
    left = LEFT.set_axis(pd.Index([5, 5, 1, 5], name="row"))

    got = submission.safe_join(left.copy(), RIGHT.copy(), on=["k"])

    pd.testing.assert_frame_equal(got[["k", "x"]], left)
    assert got["y"].tolist() == [1.0, 2.0, 3.0, 1.0]


@task("safe_join")
def test_columns_come_in_order(submission):
    """Left's columns come first, then those of right that are not in the key, and nothing else."""
    left = LEFT[["x", "k"]].assign(a=0)
    got = submission.safe_join(left, RIGHT[["z", "k", "y"]], on=["k"])

    assert list(got.columns) == ["x", "k", "a", "z", "y"]
    assert list(submission.safe_join(left, RIGHT[["k"]], on=["k"]).columns) == ["x", "k", "a"]


@task("safe_join", weight=2)
def test_rows_without_a_match_stay(submission):
    """A row whose key right does not have stays, with nulls in right's columns."""
    left = pd.DataFrame({"k": ["q", "a", "r"], "x": [1, 2, 3]})

    got = submission.safe_join(left, RIGHT.copy(), on=["k"])

    assert got["x"].tolist() == [1, 2, 3]
    assert plain(got, ["y", "z"]) == [[None, None], [1.0, "one"], [None, None]]


@task("safe_join", weight=2)
@pytest.mark.parametrize("kind", ["text", "number", "time"])
def test_null_keys_match_nothing(submission, kind):
    """A null key finds no row, even if right has a row with a null key; so for text, numbers and
    times."""
    known = {"text": "a", "number": 7.0, "time": pd.Timestamp("2013-03-10", tz="UTC")}[kind]
    keys = pd.Series([known, None])
    left = pd.DataFrame({"k": keys.iloc[[1, 0, 1]].to_numpy(), "x": [1, 2, 3]})
    left["k"] = left["k"].astype(keys.dtype)
    right = pd.DataFrame({"k": keys, "y": [5.0, 6.0]})

    got = submission.safe_join(left, right, on=["k"])

    assert plain(got, ["x", "y"]) == [[1, None], [2, 5.0], [3, None]]


@task("safe_join", weight=2)
def test_half_a_key_is_null(submission):
    """With several columns, a key is null as soon as one of them is."""
    left = pd.DataFrame({"port": ["a", None, "a", None], "hour": [1, 1, None, None], "x": range(4)})
    right = pd.DataFrame({"port": [None, "a", "a", None], "hour": [1, None, 1, None]})
    right["y"] = [7.0, 8.0, 9.0, 6.0]

    got = submission.safe_join(left, right, on=["port", "hour"])

    assert plain(got, ["x", "y"]) == [[0, 9.0], [1, None], [2, None], [3, None]]


@task("safe_join", weight=2)
def test_fan_out_is_refused(submission):
    """A key that is repeated in right raises ValueError, for either value of expect, and the
    message has the key; without it nothing raises."""
    twice = pd.concat([RIGHT, RIGHT.assign(y=9.0).query("k == 'b'")])
    left = LEFT.iloc[:3]
    assert len(submission.safe_join(left, RIGHT.copy(), on=["k"], expect="1:1")) == 3

    for expect in ("m:1", "1:1"):
        with pytest.raises(ValueError, match=r"\bb\b"):
            submission.safe_join(left, twice, on=["k"], expect=expect)


@task("safe_join")
def test_fan_out_is_refused_before_it_happens(submission):
    """A repeated key in right is refused even if no row of left has it yet, or left is empty."""
    twice = pd.DataFrame({"k": ["a", "zz", "zz"], "y": [1.0, 2.0, 3.0]})

    for left in (LEFT.query("k == 'a'"), LEFT.iloc[:0]):
        with pytest.raises(ValueError, match="zz"):
            submission.safe_join(left, twice, on=["k"])


@task("safe_join")
def test_equal_rows_are_repeats(submission):
    """Two rows of right that agree in everything still repeat a key: which to drop is not the
    join's to decide."""
    twice = pd.concat([RIGHT, RIGHT.query("k == 'c'")])

    with pytest.raises(ValueError):
        submission.safe_join(LEFT.copy(), twice, on=["k"])


@task("safe_join")
def test_a_repeated_key_is_named_in_full(submission):
    """The message has every column's value of a repeated key; parts that repeat apart are no
    repeat."""
    right = pd.DataFrame({"port": ["EWR", "JFK", "EWR"], "hour": [471, 471, 629], "y": [1, 2, 3]})
    left = pd.DataFrame({"port": ["EWR"], "hour": [629], "x": [0]})
    on = ["port", "hour"]
    assert submission.safe_join(left, right, on=on)["y"].tolist() == [3]

    with pytest.raises(ValueError) as refused:
        submission.safe_join(left, pd.concat([right, right.iloc[[2]]]), on=on)

    assert "EWR" in str(refused.value) and "629" in str(refused.value)


@task("safe_join", weight=2)
def test_one_to_one_looks_at_both_sides(submission):
    """With expect="1:1" a repeated key in left raises and is named; with "m:1", the default, it is
    fine."""
    left = LEFT.assign(k=["c", "bb", "a", "bb"])

    assert len(submission.safe_join(left, RIGHT.copy(), on=["k"])) == 4
    assert len(submission.safe_join(left, RIGHT.copy(), on=["k"], expect="m:1")) == 4
    with pytest.raises(ValueError, match="bb"):
        submission.safe_join(left, RIGHT.copy(), on=["k"], expect="1:1")


@task("safe_join")
def test_null_keys_are_no_repeats(submission):
    """Several rows without a key repeat nothing, in left or right, whatever is expected."""
    left = pd.DataFrame({"k": [None, "a", None], "x": [1, 2, 3]})
    right = pd.DataFrame({"k": ["a", None, None], "y": [5.0, 6.0, 7.0]})

    for expect in ("m:1", "1:1"):
        got = submission.safe_join(left, right, on=["k"], expect=expect)
        assert plain(got, ["x", "y"]) == [[1, None], [2, 5.0], [3, None]]


@task("safe_join")
def test_other_expectations_are_refused(submission):
    """An expect that is neither "m:1" nor "1:1" raises ValueError instead of being ignored."""
    assert len(submission.safe_join(LEFT.copy(), RIGHT.copy(), on=["k"], expect="m:1")) == 4

    for expect in ("1:m", "m:m", "one"):
        with pytest.raises(ValueError):
            submission.safe_join(LEFT.copy(), RIGHT.copy(), on=["k"], expect=expect)


@task("safe_join", weight=2)
def test_a_name_in_both_tables_is_refused(submission):
    """A column outside the key that both tables have raises ValueError with its name, instead of
    becoming two columns with suffixes."""
    left = LEFT.assign(year=2013)
    assert "year" in submission.safe_join(left, RIGHT.copy(), on=["k"])

    with pytest.raises(ValueError, match="year"):
        submission.safe_join(left, RIGHT.assign(year=1999), on=["k"])


@task("safe_join", weight=2)
def test_matches_are_counted_by_key(submission):
    """A row has found its match even if everything it gets is null, and a null key has found
    none; exactly min_match is enough."""
    left = pd.DataFrame({"k": ["a", "b", None, "q"], "x": [1, 2, 3, 4]})
    right = pd.DataFrame({"k": ["a", "b", None], "y": [None, 5.0, 6.0]})

    got = submission.safe_join(left, right, on=["k"], min_match=0.5)

    assert plain(got, ["x", "y"]) == [[1, None], [2, 5.0], [3, None], [4, None]]
    with pytest.raises(ValueError):
        submission.safe_join(left, right, on=["k"], min_match=0.51)


@task("safe_join")
def test_every_row_of_left_counts_for_the_share(submission):
    """The share is of left's rows, not of keys, and not of right's rows."""
    left = pd.DataFrame({"k": ["a"] * 8 + ["q", "r"], "x": range(10)})

    assert len(submission.safe_join(left, RIGHT.copy(), on=["k"], min_match=0.8)) == 10
    with pytest.raises(ValueError):
        submission.safe_join(left, RIGHT.copy(), on=["k"], min_match=0.81)
    whole = submission.safe_join(LEFT.copy(), RIGHT.copy(), on=["k"], min_match=1.0)
    assert len(whole) == 4


@task("safe_join")
def test_without_min_match_nothing_need_match(submission):
    """By default a join in which no row finds a match is allowed."""
    left = LEFT.assign(k=["q", "r", "s", "t"])

    got = submission.safe_join(left, RIGHT.copy(), on=["k"])

    assert plain(got, ["x", "y"]) == [[10, None], [20, None], [30, None], [40, None]]


@task("safe_join")
def test_tables_without_rows(submission):
    """A left without rows gives no rows and never too few matches; a right without rows gives
    nulls."""
    none = submission.safe_join(LEFT.iloc[:0], RIGHT.copy(), on=["k"], min_match=0.9)
    assert list(none.columns) == ["k", "x", "y", "z"]
    assert len(none) == 0

    got = submission.safe_join(LEFT.copy(), RIGHT.iloc[:0], on=["k"])
    assert plain(got, ["x", "y"]) == [[10, None], [20, None], [30, None], [40, None]]


@task("safe_join")
def test_the_tables_are_left_alone(submission):
    """Neither table is changed by the call."""
    left, right = made_up(5)

    call = submission.call("safe_join", left.copy(), right.copy(), ["port", "hour"])

    assert plain(call.value, ["y", "z"]) == due(left, right, ["port", "hour"], ["y", "z"])
    pd.testing.assert_frame_equal(call.args[0], left)
    pd.testing.assert_frame_equal(call.args[1], right)


@task("safe_join", weight=2)
def test_any_join_is_a_look_up(submission):
    """On any tables, each row gets what its own key has in right, or null; shuffling right changes
    nothing."""
    for seed in range(3):
        left, right = made_up(seed)

        got = submission.safe_join(left.copy(), right.copy(), on=["port", "hour"])
        again = submission.safe_join(left, right.iloc[::-1], on=["port", "hour"])

        assert plain(got, ["y", "z"]) == due(left, right, ["port", "hour"], ["y", "z"])
        pd.testing.assert_frame_equal(got[["port", "hour", "x"]], left)
        pd.testing.assert_frame_equal(again, got)


@task("safe_join")
def test_real_flights_and_planes(submission):
    """On the real tables every flight stays in its place, also those of planes that nobody
    registered."""
    flights = load("flights_2013_sample")[["carrier", "flight", "tailnum"]].iloc[::4]
    planes = load("planes_2013")[["tailnum", "seats"]]
    nobody = pd.DataFrame({"tailnum": [None], "seats": [0]}).astype(planes.dtypes)

    got = submission.safe_join(flights.copy(), pd.concat([planes, nobody]), on=["tailnum"])

    pd.testing.assert_frame_equal(got[list(flights.columns)], flights)
    seats = flights["tailnum"].map(planes.set_index("tailnum")["seats"])
    pd.testing.assert_series_equal(got["seats"].astype("float64"), seats, check_names=False)
