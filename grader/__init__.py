"""Exercises in notebooks: released, solved, checked, graded behind a wall, recorded and fed back.

The floors, from the ground up: a package imports from floors below it alone, and its own docstring
lists its modules in the same manner. `grader.grading.grade` is where a submission comes in.

    ground       errors       what can go wrong, and whose fault it is
                 data         data sets by name
                 text         what may be printed or shown
                 files        files that are written whole or not at all
                 stages       where the time of grading goes
                 lean         modules of large packages, without the rest of them
    wire         wire         values as inert data, and messages of them
    behind it    sandbox      running code that nobody trusts
    given        exercises    what an author writes
                 score        what an attempt consists of, and what it is worth
    judged       suite        tests, and what they hold in place of the notebook
                 book         what is kept: records, and nbgrader's tables
    handed in    submissions  what learners hand in
    read         exports      what other systems read
                 pages        what people read
                 learners     start, check and hint for those who solve
    work         grading      from submitted/ to gradebook and feedback
    certified    authors      the author's certificate
    typed        cli          the command `grader`
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.data import load
    from grader.errors import LearnerError
    from grader.learners.check import check, hint
    from grader.suite.task import task

__all__ = ["LearnerError", "check", "hint", "load", "task"]

_HOMES = {
    "LearnerError": "errors",
    "check": "learners.check",
    "hint": "learners.check",
    "load": "data",
    "task": "suite.task",
}


def __getattr__(name: str) -> Any:
    # Late, so that `import grader` costs nothing and works inside the wall without pytest.
    if name not in _HOMES:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    return getattr(import_module(f"grader.{_HOMES[name]}"), name)
