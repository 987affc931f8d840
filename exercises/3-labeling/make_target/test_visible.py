"""What a learner can check at home: the table of the text."""

import pandas as pd
import pytest

from grader import task

TABLE = pd.DataFrame({"arr_delay": [40.0, 15.0, -3.0, None]})


def answers(result):
    """Return a Series as a list of true, false and None."""
    assert isinstance(result, pd.Series), f"a Series is due; got {type(result).__name__}"
    return [None if pd.isna(value) else bool(value) for value in result]


@task("make_target")
@pytest.mark.parametrize(
    ("missing", "due"),
    [
        ("bad", [True, True, False, True]),
        ("unknown", [True, True, False, None]),
        ("drop", [True, True, False]),
    ],
)
def test_the_table_of_the_text(submission, missing, due):
    """Late from exactly `minutes` on; a flight without a delay is what `missing` says."""
    got = answers(submission.make_target(TABLE.copy(), 15, missing=missing))

    assert got == due, (
        f"arr_delay is 40, 15, -3, null, minutes=15, missing={missing!r}: {due} is due; got {got}"
    )


@task("make_target")
def test_bad_is_the_default(submission):
    """Without `missing`, a flight that never arrived counts as bad."""
    got = answers(submission.make_target(TABLE.copy(), 15))

    assert got == [True, True, False, True], f"[True, True, False, True] is due; got {got}"


@task("make_target")
def test_the_dtype_can_hold_a_null(submission):
    """The dtype is pandas' nullable `boolean`, so that unknown is not false."""
    got = submission.make_target(TABLE.copy(), 15, missing="unknown")

    assert isinstance(got, pd.Series), f"a Series is due; got {type(got).__name__}"
    assert str(got.dtype) == "boolean", f"dtype boolean is due; got {got.dtype}"
