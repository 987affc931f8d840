"""The life of one submission: read, aligned, run behind the wall, tested, marked.

A `Desk` is one process's place of work: a warm sandbox, and the suites that it has met.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import platform
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nbformat import NotebookNode

from grader import data as datasets
from grader import notebook, score, submission, suite, upload
from grader.bridge import STATUS, NotebookRun
from grader.errors import ExerciseError, SandboxError, SubmissionError
from grader.exercise import Exercise
from grader.sandbox import Sandbox
from grader.score import Attempt, CellReport, Ending
from grader.submission import Aligned
from grader.suite import Suite
from grader.wall import Isolation


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to grade."""

    exercise: Exercise
    learner: str
    path: Path
    sha256: str

    @property
    def name(self) -> str:
        """Return the submission's place in the course: learner, assignment and exercise."""
        return f"{self.learner}/{self.exercise.assignment}/{self.exercise.slug}"


class Desk:
    """One process's place of work: a warm sandbox, and the suites collected so far."""

    def __init__(
        self, files: Mapping[str, Path], isolation: Isolation, course: Path | None = None
    ) -> None:
        self.sandbox = Sandbox(files, isolation, course)
        self.suites: dict[Path, Suite] = {}
        self.releases: dict[Path, NotebookNode] = {}

    def suite(self, exercise: Exercise) -> Suite:
        """Return the exercise's tests, collected at the first call."""
        if exercise.folder not in self.suites:
            self.suites[exercise.folder] = suite.load(exercise)
        return self.suites[exercise.folder]

    def released(self, exercise: Exercise) -> NotebookNode:
        """Return the exercise's release notebook, built at the first call."""
        if exercise.folder not in self.releases:
            self.releases[exercise.folder] = notebook.release(exercise)
        return self.releases[exercise.folder]


def data_files(course: Path, chosen: Iterable[Exercise]) -> dict[str, Path]:
    """Find the data sets that exercises name; raise ExerciseError for one that is not there."""
    files: dict[str, Path] = {}
    for exercise in chosen:
        for name in exercise.data:
            try:
                files[name] = datasets.path(name, course)
            except (FileNotFoundError, ValueError) as error:
                raise ExerciseError(f"{exercise.folder / 'exercise.toml'}: data: {error}") from None
    return files


def mark_submission(job: Job, desk: Desk) -> tuple[Attempt, Aligned | None]:
    """Read, align, run and test one submission; return its attempt and what was run.

    What cannot be read is an attempt too, without points and with the reason.
    """
    tests = desk.suite(job.exercise)
    planned = tests.weights(job.exercise)
    attempt = _blank(job, desk, score.mark(planned, ()))
    begin = time.monotonic()
    try:
        submitted = upload.read(job.path)
        aligned = submission.align(submitted, desk.released(job.exercise), job.exercise)
    except SubmissionError as error:
        return replace(attempt, ending=Ending.UNREADABLE, note=str(error)), None
    run = NotebookRun(desk.sandbox, job.exercise.limits, job.exercise.data, cells_of(aligned))
    desk.sandbox.lost = False
    try:
        run.execute()
        results = tests.run(run.submission)
    finally:
        run.close()
    if desk.sandbox.lost:  # learners' code cannot end it: what looks like a crash is our fault
        raise SandboxError("the sandbox ended while it was graded; the same command tries again")
    attempt = replace(
        attempt,
        isolation=desk.sandbox.isolation,
        tasks=score.mark(planned, results),
        cells=tuple(run.reports[index] for index in sorted(run.reports)),
        repairs=aligned.repairs,
        memory_mb=round(run.peak_mb, 1),
        seconds=round(time.monotonic() - begin, 3),
    )
    ending, note = _ending(run, attempt.cells)
    return replace(attempt, ending=ending, note=note), aligned


def cells_of(aligned: Aligned) -> list[tuple[int, str]]:
    """List the cells to run: all code but the check cells, which do nothing in grading."""
    return [
        (index, cell.source)
        for index, cell in enumerate(aligned.notebook.cells)
        if cell.cell_type == "code" and cell.metadata.get("grader", {}).get("origin") != "check"
    ]


def _blank(job: Job, desk: Desk, tasks: tuple[score.TaskScore, ...]) -> Attempt:
    return Attempt(
        assignment=job.exercise.assignment,
        exercise=job.exercise.slug,
        learner=job.learner,
        submission_sha256=job.sha256,
        suite_sha256=job.exercise.suite_sha256(),
        environment_sha256=environment_sha256(),
        isolation=desk.sandbox.isolation,
        started=datetime.now(UTC),
        seconds=0.0,
        memory_mb=0.0,
        ending=Ending.OK,
        tasks=tasks,
    )


def _ending(run: NotebookRun, cells: Iterable[CellReport]) -> tuple[Ending, str]:
    if run.ended is not None:
        where = next((f"cell {c.index + 1}: " for c in cells if c.status in STATUS.values()), "")
        return run.ended.ending, f"{where}{run.ended.note}"
    full = next((cell for cell in cells if cell.status == "output"), None)
    if full is not None:
        return Ending.OUTPUT, f"cell {full.index + 1}: it printed more than allowed"
    return Ending.OK, ""


@functools.cache
def environment_sha256() -> str:
    """Hash what learner code runs on: Python, the machine and the installed packages."""
    packages = {
        f"{package.name}=={package.version}"
        for package in importlib.metadata.distributions()
        if package.name != "grader"
    }
    parts = [platform.python_version(), platform.machine(), *sorted(packages)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
