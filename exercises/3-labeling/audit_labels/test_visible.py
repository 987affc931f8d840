"""What a learner can check at home: the table of the text, and the tweets."""

import pandas as pd

from grader import load, task

PUBLISHED = pd.DataFrame({"item": ["a", "b", "c"], "published_mean": [0.33, 1.5, 2.0]})
RATINGS = pd.DataFrame(
    {"item": ["b", "a", "d", "a", "b", "d", "a"], "rating": [2, 0, 1, 0, 3, 1, 1]}
)
DUE = {
    "b": ("b", 1.5, 2.5, 2, "differs"),
    "c": ("c", 2.0, None, 0, "no ratings"),
    "d": ("d", None, 1.0, 2, "not published"),
}


@task("audit_labels")
def test_the_example_is_judged(submission):
    """Rounding is no fault; a mean that is off, without ratings, or not published is one."""
    got = submission.audit_labels(PUBLISHED.copy(), RATINGS.copy())

    assert isinstance(got, pd.DataFrame), f"a DataFrame is due; got {type(got).__name__}"
    columns = ["item", "published", "own", "ratings", "reason"]
    assert list(got.columns) == columns, f"the columns are {list(got.columns)}"
    rows = [tuple(None if pd.isna(x) else x for x in row) for row in got.itertuples(index=False)]
    assert rows == list(DUE.values()), f"the rows are {rows}"


@task("audit_labels")
def test_a_byte_order_mark_is_not_part_of_an_id(submission):
    """An id with an invisible byte-order mark in front is the same id."""
    marked = PUBLISHED.replace("a", "\ufeffa")

    got = submission.audit_labels(marked, RATINGS.copy())

    assert isinstance(got, pd.DataFrame), f"a DataFrame is due; got {type(got).__name__}"
    items = got["item"].tolist()
    assert items == ["b", "c", "d"], f"b, c and d are due; got {items}"


@task("audit_labels")
def test_the_tweets_have_196_faults(submission):
    """In the published tweets, 196 means are not those of their ratings."""
    got = submission.audit_labels(load("ratings_tweets_items"), load("ratings_tweets"))

    assert hasattr(got, "__len__"), f"a DataFrame is due; got {type(got).__name__}"
    assert len(got) == 196, f"196 rows are due; got {len(got)}"
