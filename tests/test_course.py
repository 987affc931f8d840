"""The course that this repository holds: its exercises, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import exercise
from grader.exercise import Exercise
from grader.release import files, leaks

ROOT = Path(__file__).parents[1]
EXERCISES = exercise.find_all(ROOT)


@pytest.fixture(params=EXERCISES, ids=[each.slug for each in EXERCISES])
def each(request: pytest.FixtureRequest) -> Exercise:
    chosen: Exercise = request.param
    return chosen


def test_its_release_gives_nothing_away(each: Exercise) -> None:
    assert leaks(each, files(each)) == []
