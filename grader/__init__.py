"""Exercises in notebooks: released, solved, checked, graded behind a wall, recorded and fed back.

The modules, in the order that a submission passes them; each imports only from those above it.

    errors      what can go wrong, and whose fault it is
    lean        modules of large packages, without the rest of them
    stages      where the time of grading goes
    score       from outcomes of tests to points of tasks: what an attempt consists of
    support     what an exercise's tests use besides their own files
    exercise    an exercise's folder, read and checked
    data        data sets by name
    cells       what the code of a cell defines, without running it
    notebook    from an exercise to the learner's notebook, and to its variants
    upload      from the bytes that a learner handed in to cells, trusting nothing
    submission  from submitted cells to the release notebook with answers: repairs
    encode      values to inert forms
    decode      inert forms back to values, believing none of them
    wire        messages over a socket, in both directions
    raised      exceptions across the wall, in both directions
    answers     inside the wall: the questions of one test
    worker      inside the wall: a warm interpreter, a fork per submission, a fork per test
    wall        what bubblewrap and the system-call filter allow
    processes   what the system tells of processes
    sandbox     the wall seen from outside: runs, channels, limits
    bridge      `submission`: what a test holds in place of the learner's notebook
    collect     from test files to tests, all of them
    approx      a number is approximately a number, and no empty array
    suite       tests under pytest, outside the wall
    inert       learners' text and pictures as HTML that can do nothing
    records     every grading that was ever done, append-only
    inbox       what was handed in: one file for each learner's exercise
    guard       marks that only grading writes: what others try is refused
    tables      nbgrader's tables: created, upgraded, written
    gradebook   attempts in nbgrader's own tables
    autograde   nbgrader's own, refused before it changes anything
    marks       attempts as they count, with what people gave by hand
    feedback    the page that a learner reads
    report      a class at a glance, and marks as CSV
    pages       all pages of a course, as things are now
    release     what learners receive, and nothing else
    marking     the life of one submission, from file to attempt
    pool        many submissions at once, in processes of their own
    cluster     the same on a Dask cluster
    work        what there is to do, and what waits for its exercise to be mended
    grading     the main path: from submitted/ to gradebook and feedback
    degenerate  answers that say nothing
    mutants     small changes to a reference that good tests notice
    authoring   the author's certificate
    learner     start, check and hint for those who solve
    checking    a learner's notebook from its first cell to its last
    cli         the command `grader`
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
