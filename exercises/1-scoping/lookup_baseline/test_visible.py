"""What a learner can check at home: the example of the text."""

import pandas as pd
import pytest

from grader import task

TRAIN = pd.DataFrame({"hour": [6, 6, 6, 18, 18, 18], "carrier": list("AABAAB")})
LATE = pd.Series([0, 0, 1, 1, 1, 0])
NEW = pd.DataFrame({"hour": [18, 18, 6, 23], "carrier": list("ABZA")})


def example(submission, weight=1, keys=("hour", "carrier")):
    got = fitted(submission, list(keys), weight).predict(NEW.copy())
    assert hasattr(got, "__iter__"), f"a Series is due; got {type(got).__name__}"
    assert len(list(got)) == len(NEW), (
        f"four rows in, four shares out are due; got {len(list(got))}"
    )
    return list(got)


def fitted(submission, keys, weight):
    baseline = submission.LookupBaseline(keys, weight).fit(TRAIN.copy(), LATE.copy())
    assert hasattr(baseline, "predict"), (
        f"fit should return the baseline itself; it returned a {type(baseline).__name__}"
    )
    return baseline


@task("lookup_baseline")
def test_the_example_is_shrunk(submission):
    """Groups that were seen get their own share, pulled toward that of the group around them."""
    first, second, *_ = example(submission)

    assert first == pytest.approx(0.875), f"18, A is (2 + 1 * 0.625) / (2 + 1) = 0.875; got {first}"
    assert second == pytest.approx(0.3125), (
        f"18, B is (0 + 1 * 0.625) / (1 + 1) = 0.3125; got {second}"
    )


@task("lookup_baseline")
def test_the_example_falls_back(submission):
    """Values that were not seen together fall back to the shorter key, and then to the mean."""
    *_, third, fourth = example(submission)

    assert third == pytest.approx(0.375), f"6, Z is new: hour 6 says 0.375; got {third}"
    assert fourth == pytest.approx(0.5), f"hour 23 is new: the overall share is 0.5; got {fourth}"


@task("lookup_baseline")
def test_no_keys_is_the_overall_share(submission):
    """Without keys every row gets the overall share."""
    got = example(submission, keys=())

    assert got == pytest.approx([0.5] * 4), f"without keys, 0.5 is due four times; got {got}"


@task("lookup_baseline")
def test_the_answer_has_the_index_of_X(submission):
    """The answer is a Series with the index of X, in its order."""
    got = fitted(submission, ["hour"], 1).predict(NEW.set_axis([7, 3, 3, 9]))

    assert isinstance(got, pd.Series), f"a Series is due; got {type(got).__name__}"
    assert list(got.index) == [7, 3, 3, 9], f"the index of X is 7, 3, 3, 9; got {list(got.index)}"
