"""What a learner can check at home: the table of the text."""

import pandas as pd
import pytest

from grader import task

ROWS = [
    ("a", "ann", "yes"),
    ("b", "bob", "no"),
    ("a", "ann", "yes"),
    ("b", "ann", "yes"),
    ("a", "bob", "no"),
    ("c", "ann", "yes"),
    ("c", "ann", "no"),
    ("c", "bob", "no"),
    ("a", "cid", "no"),
    ("d", "bob", None),
]
EXAMPLE = pd.DataFrame(ROWS, columns=["item", "rater", "label"])
DUE = {"a": "no", "b": None, "c": "no", "d": None}


def labels(result):
    """Return {item: label}, with None for null."""
    assert isinstance(result, pd.DataFrame), f"a DataFrame is due; got {type(result).__name__}"
    return {i: None if pd.isna(x) else x for i, x in result["label"].items()}


@task("aggregate")
def test_the_example_has_these_labels(submission):
    """Each rater has one vote, a tie has no winner, and an item without votes stays."""
    got = labels(submission.aggregate(EXAMPLE.copy()))

    for item, due in DUE.items():
        assert item in got, f"item {item} is missing from the result"
        assert got[item] == due, f"item {item}: {due} is due; got {got[item]}"


@task("aggregate")
def test_the_example_counts_votes(submission):
    """The result tells how many votes an item got, and which part of them the winner."""
    got = submission.aggregate(EXAMPLE.copy())

    assert isinstance(got, pd.DataFrame), f"a DataFrame is due; got {type(got).__name__}"
    columns = list(got.columns)
    assert columns == ["label", "votes", "share"], f"the columns are {columns}"
    votes = got["votes"].to_dict()
    assert votes == {"a": 3, "b": 2, "c": 1, "d": 0}, f"the votes are {votes}"
    shares = got["share"].tolist()
    due = pytest.approx([2 / 3, float("nan"), 1.0, float("nan")], nan_ok=True)
    assert shares == due, f"the shares are {shares}"


@task("aggregate")
def test_the_example_with_other_rules(submission):
    """`min_votes` nulls what too few have seen; "drop" leaves out ties, and nothing else."""
    few = labels(submission.aggregate(EXAMPLE.copy(), min_votes=2))
    assert few == {"a": "no", "b": None, "c": None, "d": None}, f"with min_votes=2: {few}"

    dropped = labels(submission.aggregate(EXAMPLE.copy(), ties="drop"))
    assert dropped == {"a": "no", "c": "no", "d": None}, f'with ties="drop": {dropped}'
