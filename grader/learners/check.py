"""For those who solve: `check` and `hint` in a notebook, and `start` to get one.

`check` runs the visible tests in the learner's own kernel, against what the notebook defines by
now. What it needs is imported late: `from grader import check` must cost nothing.
"""

from __future__ import annotations

import html
import os
import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from grader.errors import NOT_NBGRADERS, GraderError
from grader.learners.places import Place, find
from grader.score.attempt import Outcome, TestResult

if TYPE_CHECKING:
    from grader.suite.run import Suite

LATER = "These were the visible tests only; grading runs hidden ones, too, on other inputs."
DETAIL_LINES = 4
# How many hints of a task this kernel has shown: a new session starts with the first again.
_shown: Counter[tuple[str, str]] = Counter()


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """What `check` found, readable in a notebook; `note` says why there are no results.

    Where no results are no fault of anybody's `broken` is false: a person reads the answer, or the
    task has no visible tests.
    """

    task: str
    results: tuple[TestResult, ...] = ()
    note: str = ""
    broken: bool = False

    @property
    def passed(self) -> bool:
        """Say whether there are visible tests and all of them pass."""
        return bool(self.results) and not self.failed

    @property
    def failed(self) -> bool:
        """Say whether a visible test does not pass, or the tests could not be run at all."""
        return self.broken or any(r.outcome is not Outcome.PASSED for r in self.results)

    @property
    def title(self) -> str:
        """Return the result in one line."""
        count = sum(result.outcome is Outcome.PASSED for result in self.results)
        return self.note or f"{self.task}: {count} of {len(self.results)} visible tests pass."

    def __repr__(self) -> str:
        lines = [self.title]
        for result in self.results:
            lines.append(f"  {_mark(result)} {result.behaviour}")
            lines += [f"      {line}" for line in _detail(result)]
        return "\n".join([*lines, LATER] if self.passed else lines)

    def _repr_html_(self) -> str:
        rows = "".join(_row(result) for result in self.results)
        later = f"<p>{html.escape(LATER)}</p>" if self.passed else ""
        title = f"<p><strong>{html.escape(self.title)}</strong></p>"
        return f'{title}<ul style="list-style: none; padding-left: 0.5em">{rows}</ul>{later}'


@dataclass(frozen=True, slots=True, repr=False)
class Hint:
    """A hint, readable in a notebook."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


class NotPassed(AssertionError):
    """What a check cell raises for nbgrader, which sees only what raises."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks for it: our sentences, and not the lines of this module that raised.
        return str(self).split("\n")


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
        checked = check_in(namespace, find(task, exercise, notebook=_notebook(namespace)), task)
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
    from grader.suite.here import InProcess

    suite = _suite(place.tests.resolve(), place.tests.read_bytes())
    tests = [test for test in suite.tests if test.task == task]
    results = suite.run(lambda: nullcontext(InProcess(namespace)), tests)
    note = "" if results else f"{task} has no visible tests."
    return Checked(task, results, note)


@lru_cache(maxsize=8)
def _suite(tests: Path, content: bytes) -> Suite:
    """Collect visible tests once for each content of their file: a learner checks many times."""
    from grader.suite.run import Suite

    return Suite([tests])


def hint(task: str, exercise: str | None = None) -> Hint:
    """Show the next hint of a task: a nudge first, then the way, then nearly the answer."""
    try:
        place = find(task, exercise, notebook=_notebook(_namespace(sys._getframe(1))))
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
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns if shell else frame.f_globals


def _notebook(namespace: dict[str, Any]) -> str:
    """Return the notebook's name without ending, as Jupyter or VS Code tells it to the kernel."""
    path = namespace.get("__vsc_ipynb_file__") or namespace.get("__session__") or ""
    return Path(str(path)).stem


def _told(shown: Shown) -> Shown:
    """Print where nobody displays what a cell returns: outside IPython and the prompt."""
    ipython = sys.modules.get("IPython")
    if not (ipython and ipython.get_ipython()) and not hasattr(sys, "ps1"):
        print(shown)
    return shown


def _mark(result: TestResult) -> str:
    return "✓" if result.outcome is Outcome.PASSED else "✗"


def _detail(result: TestResult) -> list[str]:
    """Return the counter-example: the author's sentence, or else what pytest says of the assert."""
    text = result.detail
    for prefix in ("AssertionError: ", "Failed: "):
        text = text.removeprefix(prefix)
    lines = text.split("\n")
    said = [] if lines[0].startswith("assert") else lines[:1]
    return [line for line in said or lines[:DETAIL_LINES] if line.strip()]


def _row(result: TestResult) -> str:
    detail = html.escape("\n".join(_detail(result)))
    shown = f'<pre style="margin-left: 1.5em">{detail}</pre>' if detail else ""
    word = "passed" if result.outcome is Outcome.PASSED else "not passed"
    mark = f'<span role="img" aria-label="{word}">{_mark(result)}</span>'
    return f"<li>{mark} {html.escape(result.behaviour)}{shown}</li>"
