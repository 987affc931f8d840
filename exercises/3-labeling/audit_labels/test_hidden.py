"""What decides the points of audit_labels; never shipped."""

import numpy as np
import pandas as pd
import pytest

from grader import load, task

MARK = "\ufeff"
COLUMNS = ["item", "published", "own", "ratings", "reason"]


def means(**values):
    table = pd.DataFrame({"item": list(values), "published_mean": list(values.values())})
    return table.astype({"item": "str", "published_mean": "float64"})


def rated(**lists):
    rows = [(item, rating) for item, values in lists.items() for rating in values]
    return pd.DataFrame(rows, columns=["item", "rating"])


def made_up(seed, n=60):
    """Return published means with all kinds of faults, and ratings, each in an order of its own."""
    rng = np.random.default_rng(seed)
    names = [f"{n}_{rng.integers(1, 40)}" for n in range(n)]
    rows = [(name, float(r)) for name in names for r in rng.integers(-4, 5, rng.integers(1, 9))]
    ratings = pd.DataFrame(rows, columns=["item", "rating"])
    published = ratings.groupby("item")["rating"].mean().round(2).rename("published_mean")
    published = published.reset_index().sample(frac=1, random_state=seed)
    published["published_mean"] += rng.choice([0, 0, 0, 0.3, -0.3, np.nan], n)
    ratings.loc[rng.random(len(ratings)) < 0.1, "rating"] = np.nan
    for table in (published, ratings):
        marked = rng.random(len(table)) < 0.1
        table["item"] = table["item"].mask(marked, MARK + table["item"])
    ratings = ratings[ratings["item"].str[-1] != "7"]
    shuffled = ratings.sample(frac=1, random_state=seed).reset_index(drop=True)
    return published[published["item"].str[-1] != "3"], shuffled


def due(published, ratings, tol=0.01):
    """Return the rows of the report, worked out item by item."""
    found = {}
    for item, rating in zip(ratings["item"], ratings["rating"], strict=True):
        if not pd.isna(rating):
            found.setdefault(item.removeprefix(MARK), []).append(rating)
    said = {
        item.removeprefix(MARK): mean
        for item, mean in zip(published["item"], published["published_mean"], strict=True)
    }
    rows = []
    for item in [*said, *(item for item in found if item not in said)]:
        mean, own = said.get(item, np.nan), found.get(item, [])
        if pd.isna(mean):
            if own:
                rows.append((item, None, pytest.approx(np.mean(own)), len(own), "not published"))
        elif not own:
            rows.append((item, mean, None, 0, "no ratings"))
        elif abs(mean - np.mean(own)) == pytest.approx(tol, abs=1e-9):
            raise AssertionError(f"{item}: what is due depends on how floats round")
        elif abs(mean - np.mean(own)) > tol:
            rows.append((item, mean, pytest.approx(np.mean(own)), len(own), "differs"))
    return rows


def rows(result):
    assert isinstance(result, pd.DataFrame)
    assert list(result.columns) == COLUMNS
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in result.itertuples(index=False)
    ]


@task("audit_labels", weight=2)
def test_tables_belong_together_by_id(submission):
    """Rows are compared by id, whatever their order in the two tables and whatever their index."""
    published = means(x=1.0, y=2.0, z=3.0)
    ratings = rated(z=[3], x=[1, 1], y=[2, 2, 2])
    ratings.index = [4, 4, 0, 1, 2, 9]

    assert rows(submission.audit_labels(published, ratings)) == []
    published["published_mean"] = [1.0, 3.0, 3.0]
    assert rows(submission.audit_labels(published, ratings)) == [("y", 3.0, 2.0, 3, "differs")]


@task("audit_labels", weight=2)
def test_rounding_is_no_fault(submission):
    """A mean that is off by `tol` or less, as after rounding, is no fault; by more it is one, in
    either direction."""
    ratings = rated(a=[0, 0, 1], b=[0, 1, 1], c=[1, 2], d=[1, 2])

    assert rows(submission.audit_labels(means(a=0.33, b=0.67, c=1.5, d=1.5), ratings)) == []
    off = means(a=0.31, b=0.69, c=2.0, d=1.0)
    got = submission.audit_labels(off, ratings)
    assert [row[0] for row in rows(got)] == ["a", "b", "c", "d"]
    # Halves are exact in binary: a difference of exactly tol.
    halves, wide = rated(c=[1, 2], d=[1, 2]), means(c=2.0, d=1.0)
    assert rows(submission.audit_labels(wide, halves, 0.5)) == []
    assert len(submission.audit_labels(wide, halves, 0.4)) == 2


@task("audit_labels")
def test_the_tolerance_is_absolute(submission):
    """`tol` is a distance in points of the scale: the same for means near 0 and far from it."""
    ratings = rated(near=[0, 0], far=[400, 400], low=[-400, -400])
    got = submission.audit_labels(means(near=0.005, far=400.5, low=-400.5), ratings)

    assert [row[0] for row in rows(got)] == ["far", "low"]


@task("audit_labels", weight=2)
def test_a_mean_without_ratings_is_a_fault(submission):
    """A published mean whose item has no rating, or only null ratings, is reported."""
    ratings = rated(a=[1], b=[np.nan, np.nan])

    got = submission.audit_labels(means(b=0.0, a=1.0, c=-2.0), ratings)

    assert rows(got) == [("b", 0.0, None, 0, "no ratings"), ("c", -2.0, None, 0, "no ratings")]


@task("audit_labels", weight=2)
def test_ratings_without_a_mean_are_a_fault(submission):
    """Ratings of an item that was not published, or published as null, are reported."""
    ratings = rated(q=[1, 2], a=[1], n=[0, 0, 0], p=[4])

    got = submission.audit_labels(means(n=np.nan, a=1.0), ratings)

    assert rows(got) == [
        ("n", None, 0.0, 3, "not published"),
        ("q", None, 1.5, 2, "not published"),
        ("p", None, 4.0, 1, "not published"),
    ]


@task("audit_labels")
def test_neither_mean_nor_rating_is_no_fault(submission):
    """An item for which both sides are null has nothing that could be wrong."""
    ratings = rated(a=[np.nan], b=[np.nan, 2.0])

    got = submission.audit_labels(means(a=np.nan, b=2.0), ratings)

    assert rows(got) == []


@task("audit_labels")
def test_null_ratings_do_not_count(submission):
    """A null rating changes neither the mean nor the number of ratings."""
    got = submission.audit_labels(means(a=1.0), rated(a=[3.0, np.nan, 3.0, np.nan]))

    assert rows(got) == [("a", 1.0, 3.0, 2, "differs")]


@task("audit_labels", weight=2)
def test_the_mark_is_invisible(submission):
    """A byte-order mark at the start of an id, in either table, is not part of it; nothing else is
    taken off."""
    published = means(**{MARK + "1_1": 1.0, "1_2": 2.0, "01_2": 0.0, " 1_2": 0.0})
    ratings = rated(**{"1_1": [1], MARK + "1_2": [1], "1_2": [2]})

    got = submission.audit_labels(published, ratings)

    assert rows(got) == [
        ("1_2", 2.0, 1.5, 2, "differs"),
        ("01_2", 0.0, None, 0, "no ratings"),
        (" 1_2", 0.0, None, 0, "no ratings"),
    ]


@task("audit_labels")
def test_a_clean_file_gives_no_rows(submission):
    """Without a fault the report is empty and has its five columns; so it is for empty tables."""
    assert len(submission.audit_labels(means(a=0.0), rated(a=[1]))) == 1
    empty = submission.audit_labels(means(a=1.0), rated(a=[1]))
    assert rows(empty) == []
    no_ratings = rated(a=[1]).iloc[:0]
    assert rows(submission.audit_labels(means(a=1.0).iloc[:0], no_ratings)) == []
    got = submission.audit_labels(means(a=1.0), no_ratings)
    assert rows(got) == [("a", 1.0, None, 0, "no ratings")]


@task("audit_labels", weight=3)
def test_any_two_tables(submission):
    """Whatever is missing, marked or out of order, every fault is reported once, in order, with
    its numbers and its reason."""
    for seed in range(2):
        published, ratings = made_up(seed)
        for tol in (0.01, 0.2):
            got = submission.audit_labels(published.copy(), ratings.copy(), tol)

            assert rows(got) == due(published, ratings, tol)
            assert list(got.index) == list(range(len(got)))


@task("audit_labels")
def test_the_tables_are_left_alone(submission):
    """Neither table is changed by the call."""
    published, ratings = made_up(7)

    call = submission.call("audit_labels", published.copy(), ratings.copy())

    assert list(call.value.columns) == COLUMNS
    assert len(call.value) > 0
    pd.testing.assert_frame_equal(call.args[0], published)
    pd.testing.assert_frame_equal(call.args[1], ratings)


@task("audit_labels")
def test_real_tweets(submission):
    """In the published tweets the faults are found, with their own means, in the order of the
    file."""
    published = load("ratings_tweets_items")[["item", "published_mean"]].iloc[:300]
    ratings = load("ratings_tweets")[["item", "rating"]]
    ratings = ratings[ratings["item"].isin(published["item"])]

    assert rows(submission.audit_labels(published, ratings)) == due(published, ratings)


@task("audit_labels", weight=2)
def test_real_reviews(submission):
    """The means of the reviews are all right but for one, though the files are in different orders
    and an id carries a mark."""
    published = load("ratings_reviews_items")
    ratings = load("ratings_reviews")[["item", "rating"]]

    published.loc[5, "published_mean"] += 0.05  # the one fault that there is

    got = submission.audit_labels(published, ratings)

    assert got["item"].tolist() == [published.loc[5, "item"]]
