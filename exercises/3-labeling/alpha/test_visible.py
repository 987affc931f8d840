"""What a learner can check at home: the example of the text, and what has no answer."""

import pandas as pd
import pytest

from grader import task

NAN = float("nan")
EXAMPLE = pd.DataFrame(
    {"p": [1, 2, NAN, 3], "q": [1, 2, 5, 3], "r": [NAN, 3, NAN, 3]}, dtype="float64"
)


@task("alpha")
@pytest.mark.parametrize(
    ("level", "due"), [("nominal", 0.65), ("interval", 0.840909), ("ordinal", 0.78125)]
)
def test_the_example_of_the_text(submission, level, due):
    """The table of the text has a different alpha for each kind of scale."""
    got = submission.alpha(EXAMPLE.copy(), level)

    assert got == pytest.approx(due, abs=1e-5), f"{level}: {due:.4f} is due; got {got}"


@task("alpha")
def test_always_the_same_answer_is_no_agreement(submission):
    """Raters who only ever say one thing have not shown that they can tell things apart."""
    got = submission.alpha(pd.DataFrame({"p": [0.0, 0, 0], "q": [0.0, 0, 0]}), "nominal")

    assert got == pytest.approx(NAN, nan_ok=True), (
        f"all ratings are 0, so alpha is undefined (NaN); got {got}"
    )

    # Whoever answers NaN whatever is asked has not shown that it is told apart either.
    got = submission.alpha(pd.DataFrame({"p": [0.0, 0, 1], "q": [0.0, 0, 1]}), "nominal")

    assert got == pytest.approx(1.0), f"one item differs, and all agree: 1 is due; got {got}"


@task("alpha")
def test_opposite_answers_are_worse_than_chance(submission):
    """Raters who always disagree score below 0."""
    got = submission.alpha(pd.DataFrame({"p": [0.0, 1, 0, 1], "q": [1.0, 0, 1, 0]}), "nominal")

    assert got == pytest.approx(-0.75), f"-0.75 is due; got {got}"
