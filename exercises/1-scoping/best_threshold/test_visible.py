"""What a learner can check at home: the table of the text."""

import math

import numpy as np

from grader import task

LATE = [1, 0, 1, 1, 0, 0]
SCORES = [0.9, 0.8, 0.6, 0.6, 0.6, 0.1]


def ask(submission, gain, cost, max_share):
    got = submission.best_threshold(np.array(LATE), np.array(SCORES), gain, cost, max_share)
    assert getattr(got, "size", 1) == 1, f"one threshold is due; got {got}"
    return got


@task("best_threshold")
def test_the_best_threshold_of_the_example(submission):
    """Without a budget, the threshold is where gain minus cost is highest."""
    got = ask(submission, 3, 1, 1.0)

    assert got == 0.6, f"gain 3, cost 1: from 0.6 it is worth 7, from 0.1 only 6; got {got}"


@task("best_threshold")
def test_the_budget_counts_equal_scores_together(submission):
    """Rows of one score are alerted together; if they do not fit into the budget, none is."""
    got = ask(submission, 3, 1, 0.5)

    assert got == 0.9, f"0.6 would alert five of six, 0.8 is worth less than 0.9; got {got}"


@task("best_threshold")
def test_a_dear_mistake_moves_the_threshold(submission):
    """The dearer a wrong alert, the higher the threshold."""
    got = ask(submission, 1, 2, 1.0)

    assert got == 0.9, f"gain 1, cost 2: only the first row pays; got {got}"


@task("best_threshold")
def test_nobody_is_an_option(submission):
    """If nothing pays, or nothing fits into the budget, the answer is math.inf."""
    for gain, cost, max_share in ((3, 1, 0.1), (0, 1, 1.0)):
        got = ask(submission, gain, cost, max_share)
        assert got == math.inf, f"gain {gain}, cost {cost}, max_share {max_share}: got {got}"
