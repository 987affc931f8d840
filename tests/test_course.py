"""The course that this repository holds: its exercises, one by one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from grader.authors import degenerate
from grader.exercises import folder as exercise
from grader.exercises.folder import Exercise
from grader.exercises.leaks import leaks
from grader.exercises.release import files
from grader.grading.desk import Desk

ROOT = Path(__file__).parents[1]
EXERCISES = exercise.find_all(ROOT)


@pytest.fixture(params=EXERCISES, ids=[each.slug for each in EXERCISES])
def each(request: pytest.FixtureRequest) -> Exercise:
    chosen: Exercise = request.param
    return chosen


# One of each kind; `make verify` tries them all.
@pytest.mark.sandbox
@pytest.mark.parametrize("slug", ["late_share", "alpha", "group_median_imputer", "promote", "psi"])
def test_an_answer_that_says_nothing_earns_nothing(slug: str) -> None:
    chosen = exercise.find(ROOT, slug)
    with closing(Desk(ROOT, [chosen], "bubblewrap")) as desk:
        assert degenerate.earned(chosen, desk) == {}


def test_its_release_gives_nothing_away(each: Exercise) -> None:
    assert leaks(each, files(each)) == []
