"""What decides the points of coverage_report; never shipped."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from grader import load, task

COLUMNS = ["rows", "matched", "unmatched", "null_key", "share"]


def due(left, right, on, by):
    """Count row by row, in plain Python."""
    known = {key for key in zip(*(right[c] for c in on), strict=True) if not any(map(pd.isna, key))}
    counts = defaultdict(lambda: [0, 0, 0, 0])
    for group, *key in zip(left[by], *(left[c] for c in on), strict=True):
        tally = counts[None if pd.isna(group) else group]
        tally[0] += 1
        tally[3 if any(map(pd.isna, key)) else 1 if tuple(key) in known else 2] += 1
    rows = [[group, *tally, tally[1] / tally[0]] for group, tally in counts.items()]
    return sorted(rows, key=lambda row: (row[5], -row[1], row[0] is None, row[0] or 0))


def rows(report, by):
    assert isinstance(report, pd.DataFrame)
    assert list(report.columns) == [by, *COLUMNS]
    return [
        [None if pd.isna(group) else group, *rest]
        for group, *rest in report.itertuples(index=False, name=None)
    ]


def report(submission, left, right, on=("k",), by="g"):
    return rows(submission.coverage_report(left.copy(), right.copy(), on=list(on), by=by), by)


def made_up(seed, n=120):
    """Return two tables with keys of two columns, nulls everywhere, and repeats in right."""
    rng = np.random.default_rng(seed)
    left = pd.DataFrame({"g": rng.choice(["a", "b", "c", "dd", "e"], n)})
    left["rows"] = "not a count"
    left["port"] = rng.choice(["x", "y", "z"], n)
    left["hour"] = pd.array(rng.integers(0, 6, n), dtype="Int64")
    for column in ("g", "port", "hour"):
        left[column] = left[column].where(rng.random(n) > 0.1)
    left.index = rng.integers(0, 9, n)
    right = pd.DataFrame({"port": rng.choice(["x", "y", "z"], 25)})
    right["hour"] = pd.array(rng.integers(0, 9, 25), dtype="Int64")
    right["share"] = 1.0
    for column in ("port", "hour"):
        right[column] = right[column].where(rng.random(25) > 0.2)
    return left, right


@task("coverage_report", weight=2)
def test_groups_without_any_match_stay(submission):
    """A group in which nothing matches is the finding: it has its row, with a share of 0, and comes
    first."""
    left = pd.DataFrame({"g": ["good", "bad", "bad", "good"], "k": ["a", "q", "r", "b"]})
    right = pd.DataFrame({"k": ["a", "b", "c"]})

    assert report(submission, left, right) == [["bad", 2, 0, 2, 0, 0.0], ["good", 2, 2, 0, 0, 1.0]]


@task("coverage_report", weight=2)
def test_rows_without_a_group_are_a_group(submission):
    """Rows whose group is null are counted, in a group of their own whose label is null."""
    left = pd.DataFrame({"g": [None, "u", None, None], "k": ["a", "a", "q", None]})
    right = pd.DataFrame({"k": ["a"]})

    assert report(submission, left, right) == [[None, 3, 1, 1, 1, 1 / 3], ["u", 1, 1, 0, 0, 1.0]]


@task("coverage_report", weight=2)
def test_null_keys_are_counted_apart(submission):
    """A null key is neither matched nor unmatched, also if right has one; the share is of all rows,
    those included."""
    left = pd.DataFrame({"g": ["u"] * 5, "k": ["a", None, None, "q", "b"]})
    with_null = pd.DataFrame({"k": ["b", None, "a"]})

    for right in (with_null, with_null.dropna()):
        assert report(submission, left, right) == [["u", 5, 2, 1, 2, 0.4]]


@task("coverage_report", weight=2)
def test_a_row_counts_once(submission):
    """However often right has a key, a row that finds it is one matched row."""
    left = pd.DataFrame({"g": ["u", "u", "v"], "k": ["a", "q", "a"]})
    right = pd.DataFrame({"k": ["a", "b", "a", "a"]})

    assert report(submission, left, right) == [["u", 2, 1, 1, 0, 0.5], ["v", 1, 1, 0, 0, 1.0]]


@task("coverage_report")
def test_a_key_is_a_combination(submission):
    """With several columns, all values have to be in one row of right, and one null is enough to
    make the key null."""
    left = pd.DataFrame({"g": ["u"] * 4, "p": ["x", "x", None, "y"], "h": ["1", "2", "1", None]})
    right = pd.DataFrame({"p": ["x", "y", None, "y"], "h": ["1", "2", "1", None]})

    assert report(submission, left, right, on=["p", "h"]) == [["u", 4, 1, 1, 2, 0.25]]


@task("coverage_report", weight=2)
def test_the_worst_come_first(submission):
    """Groups are in order of their share, the lowest first, and numbered from 0."""
    left = pd.DataFrame({"g": list("aaaabbbcc"), "k": [1, 1, 1, 9, 1, 9, 9, 1, 1]})
    right = pd.DataFrame({"k": [1, 2]})

    got = submission.coverage_report(left, right, on=["k"], by="g")

    assert got["g"].tolist() == ["b", "a", "c"]
    assert got["share"].tolist() == pytest.approx([1 / 3, 0.75, 1.0])
    assert got.index.tolist() == [0, 1, 2]


@task("coverage_report")
def test_ties_go_to_the_larger_group(submission):
    """Of equal shares the group with more rows comes first; then the group's own order decides,
    null last."""
    left = pd.DataFrame({"g": ["z", "b", "b", None, "a", "m", "m", "m"], "k": ["q"] * 8})
    right = pd.DataFrame({"k": ["a"]})

    got = report(submission, left, right)

    assert [row[0] for row in got] == ["m", "b", "a", "z", None]


@task("coverage_report")
def test_groups_may_be_numbers(submission):
    """Groups that are whole numbers are sorted as numbers, and may have nulls."""
    left = pd.DataFrame({"g": pd.array([10, 9, None, 2, 9], dtype="Int64"), "k": list("aqaqa")})
    right = pd.DataFrame({"k": ["a"]})

    got = report(submission, left, right)

    assert got == [
        [2, 1, 0, 1, 0, 0.0],
        [9, 2, 1, 1, 0, 0.5],
        [10, 1, 1, 0, 0, 1.0],
        [None, 1, 1, 0, 0, 1.0],
    ]


@task("coverage_report")
def test_the_group_may_be_part_of_the_key(submission):
    """Coverage by one of the key's own columns works, nulls in it included."""
    left = pd.DataFrame({"k": ["a", None, "q", "a"], "h": [1, 1, 1, 2]})
    right = pd.DataFrame({"k": ["a"], "h": [1]})

    got = report(submission, left, right, on=["k", "h"], by="k")

    assert got == [["q", 1, 0, 1, 0, 0.0], [None, 1, 0, 0, 1, 0.0], ["a", 2, 1, 1, 0, 0.5]]
    assert report(submission, left, right, on=["k"], by="k") == [
        ["q", 1, 0, 1, 0, 0.0],
        [None, 1, 0, 0, 1, 0.0],
        ["a", 2, 2, 0, 0, 1.0],
    ]


@task("coverage_report")
def test_other_columns_are_in_no_ones_way(submission):
    """Columns of both tables may have any names: those of the report, and the group's in right."""
    left = pd.DataFrame({"g": ["u", "v"], "k": ["a", "q"], "rows": [7, 8], "matched": [9, 9]})
    left["share"], left["_merge"] = 0.5, "both"
    right = pd.DataFrame({"g": ["v"], "k": ["a"], "rows": [3], "null_key": [1]})
    right["_merge"], right["unmatched"] = 0, 0

    got = report(submission, left, right)

    assert got == [["v", 1, 0, 1, 0, 0.0], ["u", 1, 1, 0, 0, 1.0]]


@task("coverage_report")
def test_tables_without_rows(submission):
    """Without rows in left the report has its columns and no rows; without rows in right nothing
    matches."""
    left, right = pd.DataFrame({"g": ["u"], "k": ["a"]}), pd.DataFrame({"k": ["a", "b"]})

    assert report(submission, left.iloc[:0], right) == []
    assert report(submission, left, right.iloc[:0]) == [["u", 1, 0, 1, 0, 0.0]]


@task("coverage_report")
def test_the_tables_are_left_alone(submission):
    """Neither table is changed by the call."""
    left, right = made_up(3)

    call = submission.call("coverage_report", left.copy(), right.copy(), ["port", "hour"], "g")

    assert list(call.value.columns) == ["g", *COLUMNS]
    pd.testing.assert_frame_equal(call.args[0], left)
    pd.testing.assert_frame_equal(call.args[1], right)


@task("coverage_report", weight=2)
def test_any_report_is_a_count(submission):
    """On any tables, the counts are those of going through the rows one by one, and no row is lost
    or counted twice."""
    for seed in range(3):
        left, right = made_up(seed)

        got = report(submission, left, right, on=["port", "hour"])

        assert got == due(left, right, ["port", "hour"], "g")
        assert sum(row[1] for row in got) == len(left)


@task("coverage_report")
def test_order_of_rows_does_not_matter(submission):
    """Shuffling either table, or repeating rows of right, changes nothing in the report."""
    left, right = made_up(8)
    first = report(submission, left, right, on=["port", "hour"])

    shuffled = left.sample(frac=1, random_state=1), pd.concat([right.iloc[::-1], right])

    assert first == due(left, right, ["port", "hour"], "g")
    assert report(submission, *shuffled, on=["port", "hour"]) == first


@task("coverage_report")
def test_real_flights_and_planes(submission):
    """On the real flights, two airlines stand out, and all flights are accounted for."""
    flights, planes = load("flights_2013_sample"), load("planes_2013")
    flights = flights[["month", "carrier", "tailnum"]].iloc[::20]

    got = report(submission, flights, planes[["tailnum", "year"]], on=["tailnum"], by="carrier")

    assert got == due(flights, planes, ["tailnum"], "carrier")
