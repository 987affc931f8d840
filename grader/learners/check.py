"""For those who solve: `check` and `hint` in a notebook, and `start` to get one.

`check` runs the visible tests in the learner's own kernel, against what the notebook defines by
now. What it needs is imported late: `from grader import check` must cost nothing.
"""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from grader.errors import NOT_NBGRADERS, ExerciseError, GraderError
from grader.exercises import folder as exercises
from grader.exercises.folder import Task
from grader.score.attempt import Outcome, TestResult

if TYPE_CHECKING:
    from grader.suite.run import Suite

LATER = "These were the visible tests only; grading runs hidden ones, too, on other inputs."
DETAIL_LINES = 4
JUPYTER = Path(__file__).with_name("jupyter") / "learner"

# How many hints of a task this kernel has shown: a new session starts with the first again.
_shown: Counter[tuple[str, str]] = Counter()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exercise's visible tests and hints are: beside a release, or in a checkout."""

    exercise: str
    tests: Path
    tasks: tuple[Task, ...]

    def task(self, name: str) -> Task | None:
        """Return the task of that name, if it is one of this exercise."""
        return next((task for task in self.tasks if task.name == name), None)


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


def find(
    task: str, exercise: str | None = None, *, notebook: str = "", start: Path | None = None
) -> Place:
    """Find the exercise that has a task, from `start` (else the current folder) upward.

    Where several have it, the one named like the notebook is meant. Raises ExerciseError with what
    to do when there is none, or still more than one.
    """
    known: dict[str, Place] = {}
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        here_are = [place for place in places(folder) if exercise in (None, place.exercise)]
        known |= {own.name: place for place in here_are for own in place.tasks}
        having = [place for place in here_are if place.task(task)]
        named = [place for place in having if place.exercise == notebook]
        if len(having) > 1 and not named:
            names = ", ".join(place.exercise for place in having)
            raise ExerciseError(
                f"{task} is a task of several exercises ({names}): "
                f'add the one you mean, as in check({task!r}, "{having[0].exercise}")'
            )
        if having:
            return (named or having)[0]
    raise ExerciseError(_not_found(task, sorted(known)))


def start(
    course: Path,
    slug: str,
    into: Path | None = None,
    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr),
) -> Path:
    """Write an exercise's notebook, visible tests and data to a folder; return the notebook.

    A notebook that is there already is the learner's and stays as it is; `say` tells so.
    """
    from grader.exercises import release

    exercise = exercises.find(course, slug)
    folder = into or course / "work" / exercise.assignment
    path = folder / f"{exercise.slug}.ipynb"
    files = release.files(exercise) | release.data_files(exercise, course)
    if path.exists():
        say(f"{path} is there already: it was left as it is. Move it away to start anew.")
        del files[path.name]
    for name, content in files.items():
        release.write(folder / name, content)
    return path


def open_in_jupyterlab(notebook: Path) -> int:
    """Open a notebook as a learner needs it, without nbgrader's panels for those who teach.

    Returns the exit code. The person's own configuration of Jupyter is read and left alone.
    """
    own = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = os.pathsep.join([str(JUPYTER), *([own] if own else [])])
    command = [sys.executable, "-m", "jupyterlab", notebook.name]
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": paths}
    return subprocess.run(command, cwd=notebook.parent, env=environment, check=False).returncode  # noqa: S603


def places(folder: Path) -> Iterator[Place]:
    """List the exercises of a release folder or a course."""
    for spec in _glob(folder, "checks/*/exercise.json"):
        place = _released(spec)
        if place is not None:
            yield place
    for spec in _glob(folder, "exercises/*/*/exercise.toml"):
        try:
            exercise = exercises.load(spec.parent)
        except ExerciseError:  # the fault of another exercise is no reason not to check this one
            continue
        yield Place(exercise.slug, spec.parent / "test_visible.py", exercise.tasks)


def _glob(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:  # a folder above that is not ours to read
        return []


def _released(spec: Path) -> Place | None:
    try:
        told = json.loads(spec.read_text(encoding="utf-8"))
        tasks = tuple(
            Task(str(t["name"]), int(t["points"]), tuple(map(str, t["hints"])), bool(t["manual"]))
            for t in told["tasks"]
        )
        return Place(str(told["exercise"]), spec.parent / "test_visible.py", tasks)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _not_found(task: str, known: list[str]) -> str:
    if not known:
        return (
            f"No exercise was found for {task}: keep the notebook in the folder that you got it "
            "in, beside checks/, or below the course's folder."
        )
    near = get_close_matches(task, known, n=3) or known
    return f"No exercise here has a task {task}; there is: {', '.join(near)}."


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
    if text.startswith("NotImplementedError"):
        return ["This answer is not written yet."]
    lines = text.split("\n")
    said = [] if lines[0].startswith("assert") else lines[:1]
    return [line for line in said or lines[:DETAIL_LINES] if line.strip()]


def _row(result: TestResult) -> str:
    detail = html.escape("\n".join(_detail(result)))
    shown = f'<pre style="margin-left: 1.5em">{detail}</pre>' if detail else ""
    word = "passed" if result.outcome is Outcome.PASSED else "not passed"
    mark = f'<span role="img" aria-label="{word}">{_mark(result)}</span>'
    return f"<li>{mark} {html.escape(result.behaviour)}{shown}</li>"
