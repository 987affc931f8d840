"""For those who solve: `check` and `hint` in a notebook, and `start` to get one.

`check` runs the visible tests in the learner's own kernel, against what the notebook defines by
now. What it needs is imported late: `from grader import check` must cost nothing.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from traceback import walk_tb
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from grader.errors import NOT_NBGRADERS, GraderError
from grader.learners import answers
from grader.learners.places import Place, find
from grader.learners.shown import Checked, Hint, in_color
from grader.wire import location

if TYPE_CHECKING:
    from grader.score.attempt import TestResult
    from grader.suite.run import Suite

# How many hints of a task this kernel has shown: a new session starts with the first again.
_shown: Counter[tuple[str, str]] = Counter()
_checking = Lock()
# A notebook imports `check` before its answers are run.
answers.watch()


class _Told(BaseException):
    """Be shown as its sentences alone."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks for it: our sentences, and not the lines of this module that raised.
        return str(self).split("\n")


class NotPassed(_Told, AssertionError):
    """What a check cell raises for nbgrader, which sees only what raises."""


class Interrupted(_Told, KeyboardInterrupt):
    """What a check cell raises when it is interrupted, so that no cell after it runs."""


Shown = TypeVar("Shown", Checked, Hint)


def check(task: str, exercise: str | None = None) -> Checked:
    """Run a task's visible tests on what the notebook defines by now.

    `exercise` is only needed where several exercises have a task of that name. To nbgrader, a cell
    that returns has passed: while it validates the notebook a failure is raised, and while it wants
    to mark it nothing passes.
    """
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        raise NotPassed(NOT_NBGRADERS)
    namespace = _namespace(sys._getframe(1))
    try:
        checked = check_in(namespace, find(task, exercise, notebook=_file(namespace).stem), task)
    except GraderError as error:
        checked = Checked(task, note=str(error), broken=True)
    if checked.failed and os.environ.get("NBGRADER_VALIDATING"):
        raise NotPassed(repr(checked))
    return _told(checked)


def check_in(namespace: dict[str, Any], place: Place, task: str) -> Checked:
    """Run a task's visible tests on a namespace."""
    known = place.task(task)
    if known is not None and known.manual:
        return Checked(task, note=f"{task}: a person reads this answer; there is nothing to check.")
    if not place.tests.is_file():
        note = f"{task} has no visible tests ({place.tests} is missing)."
        return Checked(task, note=note, broken=True)
    from grader.suite import here

    suite = _suite(place.tests.resolve(), place.tests.read_bytes())
    tests = [test for test in suite.tests if test.task == task]
    notebooks = (_file(namespace), Path(f"{place.exercise}.ipynb"))
    source_of = partial(answers.as_run, place, notebooks)
    if not _checking.acquire(blocking=False):  # by an answer that checks itself, and is run by it
        return Checked(task, note=f"{task} is being checked.")
    try:
        results = suite.run(lambda *_, **__: here.opened(namespace, source_of), tests)
    except KeyboardInterrupt as interrupt:
        _suite.cache_clear()  # pytest does not recover: the test was not torn down
        raise Interrupted(_interrupted(task, tests, namespace, interrupt)) from None
    finally:
        _checking.release()
    note = "" if results else f"{task} has no visible tests."
    return Checked(task, results, note)


def _interrupted(
    task: str, tests: list[TestResult], namespace: dict[str, Any], interrupt: BaseException
) -> str:
    """Say which test was interrupted, and in which line of the learner's own."""
    frames = {frame.f_code.co_name for frame, _ in walk_tb(interrupt.__traceback__)}
    running = [f' in the test "{test.behaviour}"' for test in tests if test.name in frames]
    own = location.of(interrupt.__traceback__, namespace)
    return "\n".join(
        [
            f"{task}: interrupted{running[0] if running else ''}",
            f"in {own}" if own else "while none of your own lines ran",
            "If it never ends: look for a loop whose condition stays true. "
            f"Then run your cell and check({task!r}) again.",
        ]
    )


@lru_cache(maxsize=8)
def _suite(tests: Path, content: bytes) -> Suite:
    """Collect visible tests once for each content of their file: a learner checks many times."""
    from grader.suite.run import Suite

    return Suite([tests])


def hint(task: str, exercise: str | None = None) -> Hint:
    """Show the next hint of a task: a nudge first, then the way, then nearly the answer."""
    try:
        place = find(task, exercise, notebook=_file(_namespace(sys._getframe(1))).stem)
    except GraderError as error:
        return _told(Hint(str(error)))
    known = place.task(task)
    hints = known.hints if known else ()
    if not hints:
        return _told(Hint(f"{task} has no hints."))
    key = (place.exercise, task)
    number = min(_shown[key] + 1, len(hints))
    _shown[key] = number
    left = len(hints) - number
    more = f"{left} more: call hint({task!r}) again." if left else "That was the last one."
    return _told(Hint(f"Hint {number} of {len(hints)}: {hints[number - 1]}\n\n{more}"))


def _namespace(frame: FrameType) -> dict[str, Any]:
    shell = location.shell()
    return shell.user_ns if shell else frame.f_globals


def _file(namespace: dict[str, Any]) -> Path:
    """Return the notebook's file, as Jupyter or VS Code tells it to the kernel."""
    path = namespace.get("__vsc_ipynb_file__") or namespace.get("__session__") or ""
    return Path(str(path))


def _told(shown: Shown) -> Shown:
    """Print where nobody displays what a cell returns: outside IPython and the prompt."""
    if not location.shell() and not hasattr(sys, "ps1"):
        print(shown.text(color=in_color(sys.stdout)) if isinstance(shown, Checked) else shown)
    return shown
