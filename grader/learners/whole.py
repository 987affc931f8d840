"""`grader check`: a learner's notebook from its first cell to its last, and its visible tests.

The learner's own code runs on the learner's own machine, in a fresh interpreter without a wall:
what this catches is a notebook that only works because of what was run before.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from grader import data as datasets
from grader.errors import ExerciseError, SubmissionError
from grader.learners import answers
from grader.learners.places import Place, find, places, suggested
from grader.learners.shown import Checked
from grader.sandbox.limits import LIMIT_PASSED, Limits
from grader.sandbox.sandbox import Sandbox
from grader.score.attempt import CellReport, CellStatus
from grader.submissions import upload
from grader.submissions.intake import companions
from grader.suite.notebook_run import PRELUDE, NotebookRun
from grader.suite.run import Suite
from grader.text import printable

LIMITS = Limits(cell_seconds=60, notebook_seconds=300)


@dataclass(frozen=True, slots=True)
class WholeCheck:
    """The results of a notebook's tasks, and what its cells raised."""

    notebook: Path
    tasks: tuple[Checked, ...]
    errors: tuple[str, ...]
    # On files beside the notebook that grading does not use.
    unused: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether every task with visible tests passes them."""
        return all(task.passed for task in self.tasks)


def check_notebook(course: Path, name: str, path: Path | None = None) -> WholeCheck:
    """Run a notebook and the visible tests of all tasks of its exercise.

    `name` is the exercise's (or one of its tasks'). The notebook is looked for beside the current
    folder's others and in COURSE/work unless `path` names it; SubmissionError says where.
    """
    path = path or _find_notebook(course, name)
    place = _place(course, name, path)
    if not (place.tests.is_file() and place.tests.stat().st_size):
        fault = f"{place.tests} is missing or empty"
        raise ExerciseError(f"{place.exercise} has no visible tests: {fault}")
    files = [file for folder in ("data", "../../datasets") for file in _files(path.parent / folder)]
    code = [(n, cell) for n, cell in enumerate(upload.read(path).cells) if cell.cell_type == "code"]
    cells = [(number, cell.source) for number, cell in code]
    source_of = partial(answers.as_saved, place, [cell for _, cell in code])
    beside = companions.look(path.parent)
    with Sandbox({file.stem: file for file in files}, "none", prelude=PRELUDE) as sandbox:
        run = NotebookRun(sandbox, LIMITS, (), cells, beside.contents(), source_of)
        run.execute()
        tasks = _check_tasks(place, run)
        run.close()
    errors = [
        f"cell {report.index + 1}: {_ending(report)}"
        for report in run.reports.values()
        if report.status is not CellStatus.OK and "NotImplementedError" not in report.error
    ]
    return WholeCheck(path, tasks, tuple(errors), beside.unused)


def _ending(report: CellReport) -> str:
    limit = LIMIT_PASSED.get(report.status)
    stopped = f"stopped at its {limit} limit" if limit else ""
    return ": ".join(filter(None, (stopped, report.error))) or str(report.status)


def _place(course: Path, name: str, notebook: Path) -> Place:
    """Find an exercise by its own name, else by that of a task."""
    for folder in (notebook.absolute().parent, course.absolute()):
        for place in places(folder):
            if place.exercise == name:
                return place
    return find(name, notebook=notebook.stem, start=course)


def _check_tasks(place: Place, run: NotebookRun) -> tuple[Checked, ...]:
    suite = Suite([place.tests])
    by_task = {task.name: [t for t in suite.tests if t.task == task.name] for task in place.tasks}
    tested = ((name, tests) for name, tests in by_task.items() if tests)
    return tuple(Checked(name, suite.run(run.submission, tests)) for name, tests in tested)


def _find_notebook(course: Path, name: str) -> Path:
    """Find a notebook by its exercise's name or by that of one of its tasks."""
    for exercise in (name, _exercise_with(course, name)):
        candidates = [Path(f"{exercise}.ipynb"), course / f"{exercise}.ipynb"]
        candidates += sorted((course / "work").glob(f"*/{exercise}.ipynb"))
        for path in candidates:
            if path.is_file():
                return path
    there = {path.stem for path in [*Path().glob("*.ipynb"), *course.glob("work/*/*.ipynb")]}
    near = suggested(name) or suggested(name, course) or _near(name, there)
    raise SubmissionError(
        f"{name}.ipynb is neither here nor in {course / 'work'}: "
        + (
            f"did you mean {near}?"
            if near and near != name
            else f"get it with `grader start {near or 'EXERCISE'}`, or name yours with --notebook"
        )
    )


def _exercise_with(course: Path, task: str) -> str:
    try:
        return find(task, start=course).exercise
    except ExerciseError:
        return task


def _near(name: str, there: set[str]) -> str | None:
    return next(iter(get_close_matches(name, sorted(there), n=1)), None)


def _files(folder: Path) -> list[Path]:
    suffixes = datasets.SUFFIXES
    return sorted(f for f in folder.glob("*") if f.suffix in suffixes) if folder.is_dir() else []


def text(checks: WholeCheck, *, color: bool = False) -> str:
    """Return the result as a learner reads it on a terminal."""
    raised = [f"The notebook's own cells: {printable(error)}" for error in checks.errors]
    tasks = [task.text(color=color) for task in checks.tasks]
    return "\n".join([str(checks.notebook), *map(printable, checks.unused), *raised, *tasks])


def to_json(checks: WholeCheck) -> dict[str, Any]:
    """Return the result as a script reads it."""
    tasks = {
        checked.task: [
            {"test": r.name, "outcome": r.outcome, "behaviour": r.behaviour, "detail": r.detail}
            for r in checked.results
        ]
        for checked in checks.tasks
    }
    told = {"notebook": str(checks.notebook), "passed": checks.passed}
    said = {"errors": list(checks.errors), "unused": list(checks.unused)}
    return {**told, **said, "tasks": tasks}
