"""What a learner can check at home: the example of the text."""

import pandas as pd
import pytest

from grader import task

LEFT = pd.DataFrame(
    {"tail": ["N1", None, "N9", "N1"], "late": [1, 2, 3, 4]}, index=pd.Index([7, 5, 6, 4])
)
RIGHT = pd.DataFrame({"tail": ["N1", "N2", None], "seats": [55, 149, 0]})


def joined(submission, left, right, **options):
    got = submission.safe_join(left.copy(), right.copy(), on=["tail"], **options)
    assert isinstance(got, pd.DataFrame), f"a DataFrame is due; got {type(got).__name__}"
    return got


@task("safe_join")
def test_the_example_keeps_its_rows(submission):
    """The rows of left come out once each, in their order, with their labels, and with right's
    columns after left's."""
    got = joined(submission, LEFT, RIGHT)

    assert got["late"].tolist() == [1, 2, 3, 4], f"rows 1, 2, 3, 4 are due; got {got['late']}"
    assert got.index.tolist() == [7, 5, 6, 4], f"left's labels are due; got {got.index.tolist()}"
    assert list(got.columns) == ["tail", "late", "seats"], f"got columns {list(got.columns)}"


@task("safe_join")
def test_the_example_finds_its_matches(submission):
    """A key that right has brings right's values; one that right does not have brings null."""
    got = joined(submission, LEFT.dropna(), RIGHT.dropna())

    assert "seats" in got, f"a column seats is due; got columns {list(got.columns)}"
    seats = [None if pd.isna(value) else value for value in got["seats"]]
    assert seats == [55, None, 55], f"55, null, 55 seats are due; got {seats}"


@task("safe_join")
def test_null_does_not_match_null(submission):
    """A row without a key matches nothing, also when right has a row without a key."""
    got = joined(submission, LEFT, RIGHT)

    assert "seats" in got, f"a column seats is due; got columns {list(got.columns)}"
    seats = got["seats"].tolist()[1]
    assert pd.isna(seats), f"no seats are due for the row without a tail number; got {seats}"


@task("safe_join")
def test_a_repeated_key_is_refused_by_name(submission):
    """A key that right has twice raises ValueError, and the message says which key."""
    twice = pd.concat([RIGHT, pd.DataFrame({"tail": ["N2"], "seats": [7]})])

    with pytest.raises(ValueError, match="N2"):
        joined(submission, LEFT, twice)


@task("safe_join")
def test_the_share_of_matches_is_checked(submission):
    """Too few matches raise ValueError; exactly enough do not."""
    got = joined(submission, LEFT, RIGHT, min_match=0.5)
    assert len(got) == 4, f"two of four rows match, so 0.5 is enough; got {len(got)} rows"

    with pytest.raises(ValueError):
        joined(submission, LEFT, RIGHT, min_match=0.6)
