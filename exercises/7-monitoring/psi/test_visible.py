"""What a learner can check at home: the example of the text, and text columns."""

import pandas as pd
import pytest

from grader import task

REF = pd.Series([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])


@task("psi")
def test_the_example(submission):
    """The example of the text, with an empty bin and a null, gives the sum of its three bins."""
    got = submission.psi(REF.copy(), pd.Series([1, 2, 3, None]), 2)

    assert got == pytest.approx(5.8477, abs=1e-4), f"the example is 5.8477; got {got}"


@task("psi")
def test_a_column_against_itself(submission):
    """Nothing has moved between a column and itself, and something when all of it went up."""
    got = submission.psi(REF.copy(), REF.copy(), 4)

    assert got == pytest.approx(0, abs=1e-12), f"psi(ref, ref) is 0; got {got}"

    got = submission.psi(REF.copy(), REF + 5, 4)

    assert got > 0.1, f"psi(ref, ref + 5) is well above 0; got {got}"


@task("psi")
def test_an_unseen_text_counts(submission):
    """Text that ref does not have goes into a bin of its own."""
    ref = pd.Series(["UA", "UA", "AA", "AA"])
    cur = pd.Series(["UA", "AA", "YX", "YX"])

    got = submission.psi(ref, cur)

    # UA and AA: (0.25 - 0.5) * ln 0.5 each; unseen: (0.5 - 0.0001) * ln 5000
    assert got == pytest.approx(4.6043, abs=1e-4), f"a new carrier on half of the rows: {got}"
