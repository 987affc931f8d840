"""Tests use one fork, and what one of them leaves behind decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from grader.authors import trial as trials
from grader.authors.trial import Trial
from grader.exercises.folder import version
from grader.grading.desk import Desk
from grader.sandbox.limits import Ending
from grader.score.attempt import Attempt, Outcome
from tests import builders

pytestmark = pytest.mark.sandbox

NOTEBOOK = """\
# %%
import os
import random
import numpy as np
from grader import check, hint, load

# %% task="is_even"
def is_even(number):
    ### BEGIN SOLUTION
    return number % 2 == 0
    ### END SOLUTION

# %%
def place():
    return os.getpid()

def draws():
    return [random.random(), float(np.random.rand())]
"""
SPEC = """\
title = "Even"
summary = "Tell even from odd."
difficulty = 1
minutes = 10

[[tasks]]
name = "is_even"
points = 6

[limits]
test_seconds = 2
"""
HIDDEN = """\
from grader import task

PLACES, DRAWS = [], []


def ask(submission, number):
    PLACES.append(submission.place())
    DRAWS.append(submission.draws())
    return submission.is_even(number)

"""
NUMBERS = (4, 7, 10, 13, 16, 19)


def suite_of(clean: tuple[int, ...] = ()) -> str:
    """Write a test for each number, some with `fresh=True`."""
    test = '''
@task("is_even", fresh={clean})
def test_{number}(submission):
    """{number} is told."""
    assert ask(submission, {number}) is {even}
'''
    return HIDDEN + "\n".join(
        test.format(number=number, even=number % 2 == 0, clean=number in clean)
        for number in NUMBERS
    )


@contextmanager
def trying(tmp_path: Path, hidden: str) -> Iterator[Trial]:
    course = tmp_path / "course"
    texts = {"spec": SPEC, "notebook": NOTEBOOK, "hidden": hidden}
    exercise = builders.written(course, "1-scoping/is_even", **texts)
    with closing(Desk(course, [exercise], "bubblewrap")) as desk:
        yield Trial(exercise, version(exercise, course), desk, tmp_path)


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with trying(tmp_path, suite_of()) as made:
        yield made


def seen(trial: Trial) -> tuple[list[int], list[list[float]]]:
    """Take what the tests saw since the last call."""
    module = trial.desk.suite(trial.exercise)._session.items[0].module
    places, draws = [*module.PLACES], [*module.DRAWS]
    module.PLACES.clear()
    module.DRAWS.clear()
    return places, draws


def outcomes(attempt: Attempt) -> list[str]:
    return [test.outcome.value for test in trials.tests_of(attempt)]


def test_tests_follow_each_other_in_one_process(trial: Trial) -> None:
    attempt = trial.run("solved", None)

    places, draws = seen(trial)
    assert attempt.score == 6
    assert len(places) == len(NUMBERS)
    assert len(set(places)) == 1
    assert draws == [draws[0]] * len(NUMBERS)  # unseeded draws repeat from test to test


def test_a_test_that_does_not_pass_is_asked_again_when_all_others_are_done(trial: Trial) -> None:
    answer = "def is_even(number):\n    return number % 2 == 0 or number == 7\n"

    attempt = trial.run("wrong", {"is_even": answer})

    places, _ = seen(trial)
    assert outcomes(attempt) == ["passed", "failed", *["passed"] * 4]
    assert len(places) == len(NUMBERS) + 1
    assert len(set(places[:-1])) == 1  # nothing in there tells which answers were right
    assert places[-1] != places[0]


def test_a_test_may_ask_for_a_clean_start(tmp_path: Path) -> None:
    with trying(tmp_path, suite_of(clean=(10,))) as trial:
        attempt = trial.run("solved", None)

        places, _ = seen(trial)
    assert attempt.score == 6
    assert places[0] == places[1] != places[2]
    assert len(set(places[2:])) == 1


LEFT_BEHIND = {
    "in a default": """\
def is_even(number, seen=[]):
    seen.append(number)
    return sum(seen) % 2 == 0
""",
    "in the notebook": """\
total = 0
def is_even(number):
    global total
    total += number
    return total % 2 == 0
""",
    "in a library": """\
def is_even(number):
    np.offset = getattr(np, "offset", 0) + number
    return np.offset % 2 == 0
""",
    "a busy process": """\
def is_even(number):
    if os.fork() == 0:
        while True:
            pass
    return number % 2 == 0
""",
    "an alarm": """\
def is_even(number):
    import signal, time
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    if number != 4:
        time.sleep(0.01)
    return number % 2 == 0
""",
}


@pytest.mark.parametrize("left", LEFT_BEHIND)
def test_nobody_loses_a_point_by_what_an_earlier_test_left(trial: Trial, left: str) -> None:
    attempt = trial.run("left", {"is_even": LEFT_BEHIND[left]})

    assert outcomes(attempt) == ["passed"] * 6
    assert attempt.ending is Ending.OK
    assert attempt.score == 6


# Two guesses at each question would be all that a question with two answers needs.
ASKED_TWICE = {
    "forgets": """\
def is_even(number, asked=[]):
    asked.append(number)
    return len(asked) > 1
""",
    "notes it in a file": """\
def is_even(number):
    seen = open("asked").read().split() if os.path.exists("asked") else []
    with open("asked", "a") as file:
        file.write(f" {number}")
    return str(number) not in seen
""",
    "says yes until it is in another process": """\
def is_even(number):
    with open("places", "a+") as file:
        print(os.getpid(), file=file)
        file.seek(0)
        return len(set(file.read().split())) == 1
""",
    "counts processes": """\
START = os.getpid()
def is_even(number, asked=[]):
    asked.append(number)
    return os.getpid() > START + 1 or len(asked) > 1
""",
}


@pytest.mark.parametrize("how", ASKED_TWICE)
def test_who_wants_to_be_asked_twice_gets_what_one_answer_is_worth(trial: Trial, how: str) -> None:
    answers = {"is_even": ASKED_TWICE[how]}

    attempt, apart = (trial.run("twice", answers, sharing=way) for way in (True, False))

    assert outcomes(attempt) == outcomes(apart)
    assert {Outcome.PASSED.value, Outcome.FAILED.value} == set(outcomes(attempt))


def test_an_endless_loop_takes_little_longer_in_a_used_fork(trial: Trial) -> None:
    trial.run("solved", None)  # how long the tests take is known now
    seen(trial)
    answer = "def is_even(number):\n    while number in (7, 16): pass\n    return number % 2 == 0\n"

    attempt = trial.run("endless", {"is_even": answer})

    assert outcomes(attempt) == ["passed", "timeout", "passed", "passed", "timeout", "passed"]
    assert attempt.ending is Ending.TIMEOUT
    places, _ = seen(trial)
    assert places[0] == places[1] != places[2]  # 4 and 7; 10, 13 and 16; 19
    assert len(set(places[2:5])) == 1
    assert len(places) == len(NUMBERS) + 2
