"""The main path: from a course's submitted/ to records, gradebook and feedback.

`grade` reads as the story. Results are stored in batches as they come, the record last: what a
killed command had not stored is graded by the next, and nothing twice.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import exercise as exercises
from grader import (
    feedback,
    gradebook,
    notebook,
    records,
    release,
    report,
    score,
    submission,
    upload,
    wall,
)
from grader.errors import ExerciseError, SubmissionError
from grader.exercise import Exercise
from grader.marking import Job, environment_sha256
from grader.pool import Graded, Settings, grade_all
from grader.report import ClassReport
from grader.score import Attempt, Ending
from grader.submission import Aligned
from grader.wall import Isolation

BATCH = 16
STORE_SECONDS = 2.0
MOST_NOTICES = 10  # of one folder
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
_COPY = re.compile(r"( ?\(\d+\)|[-_ ]?[Cc]opy\d*)+$")


@dataclass(slots=True)
class Summary:
    """What one `grade` did."""

    jobs: int = 0
    unchanged: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    pending: list[Graded] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    seconds: float = 0.0
    report: ClassReport = field(default_factory=ClassReport)

    @property
    def exit_code(self) -> int:
        """Return 2 when something waits for a fault of ours, 1 for unreadable input, else 0."""
        if self.pending:
            return 2
        cells = [cell for row in self.report.learners.values() for cell in row.values()]
        unreadable = any(cell.ending is Ending.UNREADABLE for cell in cells)
        return 1 if unreadable or self.notices else 0


def grade(
    course: Path,
    url: str,
    *,
    only: str | None = None,
    settings: Settings | None = None,
    progress: Callable[[int, Graded | None], None] = lambda total, graded: None,
) -> Summary:
    """Grade what is in submitted/ and not graded yet; `only` names an assignment or an exercise.

    `progress` is called with the number of jobs before the first, then with each job's outcome.
    """
    settings = settings or Settings()
    begin = time.monotonic()
    chosen = select(course, only)
    if settings.isolation != "none":
        wall.command(0, {}, cold=False)  # refuses at once where bubblewrap is missing
    summary = Summary()
    jobs = find_jobs(course, chosen, summary.notices)
    gradebook.prepare(url, chosen, course_id=release.course_id(course))
    for assignment in {exercise.assignment for exercise in chosen}:
        # nbgrader's formgrader lists the assignments that have a folder here.
        (course / "source" / assignment).mkdir(parents=True, exist_ok=True)
    waiting = jobs if settings.again else _not_done(url, jobs, settings.isolation)
    summary.jobs, summary.unchanged = len(jobs), len(jobs) - len(waiting)
    progress(len(waiting), None)
    with _storing(course, url, chosen, again=settings.again) as store:
        for graded in grade_all(course, waiting, settings):
            store(graded)
            _count(summary, graded)
            progress(len(waiting), graded)
    names = {(exercise.assignment, exercise.slug) for exercise in chosen}
    with records.open(url) as book:
        feedback.write_index(course, book.latest())
        latest = (one for one in book.latest() if (one.assignment, one.exercise) in names)
        summary.report = report.collect(latest)
    summary.seconds = time.monotonic() - begin
    return summary


def select(course: Path, only: str | None) -> tuple[Exercise, ...]:
    """Load the course's exercises: all, an assignment's, or one."""
    found = exercises.find_all(course)
    chosen = tuple(e for e in found if only in (None, e.assignment))
    if chosen:
        return chosen
    try:
        return (exercises.find(course, str(only)),)
    except ExerciseError as error:
        assignments = ", ".join(dict.fromkeys(e.assignment for e in found))
        raise ExerciseError(f"{error}; assignments are: {assignments}") from None


def find_jobs(course: Path, chosen: Iterable[Exercise], notices: list[str]) -> list[Job]:
    """List the submissions to the chosen exercises; files that fit none become notices."""
    root = course / "submitted"
    if not root.is_dir():
        message = (
            "nothing was handed in yet: put submissions there as LEARNER/ASSIGNMENT/NAME.ipynb"
        )
        raise SubmissionError(f"{root}: {message}")
    by_assignment: dict[str, dict[str, Exercise]] = {}
    for exercise in exercises.find_all(course):
        by_assignment.setdefault(exercise.assignment, {})[exercise.slug] = exercise
    wanted = set(chosen)
    jobs: list[Job] = []
    for folder in sorted(root.glob("*/*/")):
        known = by_assignment.get(folder.name, {})
        if folder.parent.name.startswith("."):
            continue
        if fault := _fault_of(folder, known):
            notices.append(f"{folder}: {fault}; the folder was left alone")
            continue
        told: list[str] = []
        try:
            jobs += [job for job in _jobs_in(folder, known, told) if job.exercise in wanted]
        except OSError as error:  # a learner's folder that may not be read stops nobody else
            told.append(f"{folder}: {error.strerror}; the folder was left alone")
        notices += told[:MOST_NOTICES]
        if more := len(told) - MOST_NOTICES:
            notices += [f"{folder}: and {more} more files that were left alone"] * (more > 0)
    return sorted(jobs, key=lambda job: (job.exercise.assignment, job.exercise.slug, job.learner))


def _fault_of(folder: Path, known: Mapping[str, Exercise]) -> str:
    learner = folder.parent.name
    if folder.is_symlink() or folder.parent.is_symlink():
        return "a link, not a folder"
    if len(learner) > records.LONGEST_NAME:
        return f"the learner's name has more than {records.LONGEST_NAME} characters"
    if not feedback.is_folder_name(learner):
        return "no page can have the learner's name"
    return "" if known else "no assignment has this name"


def _jobs_in(folder: Path, known: Mapping[str, Exercise], notices: list[str]) -> Iterator[Job]:
    learner = folder.parent.name
    there = sorted(folder.iterdir())
    files = [path for path in there if path.suffix == ".ipynb"]
    names = {path.stem for path in files}
    if (folder / "timestamp.txt").is_file() and gradebook.handed_in(folder) is None:
        notices.append(f"{folder / 'timestamp.txt'}: no time can be read from it")
    if not files:
        # Handed in as it was downloaded: each exercise's page says what to do instead.
        archives = [path for path in there if path.suffix in ARCHIVES]
        for archive in archives[:1]:
            yield from (Job(e, learner, archive, _sha256(archive)) for e in known.values())
        if not archives:
            notices.append(f"{folder}: there is no notebook in it")
    for path in files:
        slug = path.stem if path.stem in known else _COPY.sub("", path.stem)
        if slug not in known:
            notices.append(f"{path}: no exercise has this name; the file was left alone")
        elif slug != path.stem and slug in names:
            notices.append(f"{path}: a copy beside {slug}.ipynb; the copy was left alone")
        else:
            yield Job(known[slug], learner, path, _sha256(path))


def _sha256(path: Path) -> str:
    try:
        return upload.sha256(path)
    except (SubmissionError, OSError):
        return "unreadable"


def _not_done(url: str, jobs: Sequence[Job], wanted: Isolation) -> list[Job]:
    environment = environment_sha256()
    keys = {}
    for job in jobs:
        # A cold sandbox is the same wall: its records count like a warm one's. Those made without
        # any count only where none is asked for.
        for isolation in {"bubblewrap", "bubblewrap-cold", wanted}:
            keys[_key(job, environment, isolation)] = job
    with records.open(url) as book:
        done = {keys[key].name for key in book.done(keys)}
    return [job for job in jobs if job.name not in done]


def _key(job: Job, environment: str, isolation: str) -> records.Key:
    suite_sha256 = job.exercise.suite_sha256()
    where = (job.exercise.assignment, job.exercise.slug, job.learner)
    return records.Key(*where, job.sha256, suite_sha256, environment, isolation)


@contextmanager
def _storing(
    course: Path, url: str, chosen: Sequence[Exercise], *, again: bool
) -> Iterator[Callable[[Graded], None]]:
    """Give a function that stores attempts in batches; the rest is stored at the end, always."""
    waiting: list[Attempt] = []
    last = time.monotonic()

    def flush() -> None:
        nonlocal last
        gradebook.store(url, waiting, chosen, course, again=again)
        waiting.clear()
        last = time.monotonic()

    def store(graded: Graded) -> None:
        if graded.attempt is not None:
            waiting.append(graded.attempt)
        if len(waiting) >= BATCH or time.monotonic() - last > STORE_SECONDS:
            flush()

    try:
        yield store
    finally:
        flush()


def _count(summary: Summary, graded: Graded) -> None:
    if graded.attempt is None:
        summary.pending.append(graded)
    else:
        summary.attempts.append(graded.attempt)


def write_feedback(course: Path, url: str, only: str | None) -> int:
    """Write the pages of all latest attempts once more, from the records; return how many."""
    chosen = {(e.assignment, e.slug): e for e in select(course, only)}
    count = 0
    with records.open(url) as book:
        for attempt in book.latest():
            exercise = chosen.get((attempt.assignment, attempt.exercise))
            if exercise is not None:
                feedback.write(course, attempt, exercise, _aligned(course, attempt, exercise))
                count += 1
        feedback.write_index(course, book.latest())
    return count


def _aligned(course: Path, attempt: Attempt, exercise: Exercise) -> Aligned | None:
    """Read once more what was graded; None when the file has changed since."""
    folder = course / "submitted" / attempt.learner / attempt.assignment
    for path in sorted(folder.glob("*.ipynb")):
        if _sha256(path) == attempt.submission_sha256:
            with contextlib.suppress(SubmissionError):
                return submission.align(upload.read(path), notebook.release(exercise), exercise)
    return None


def to_json(summary: Summary) -> dict[str, Any]:
    """Return what a script wants to know of a `grade`."""
    return {
        "submissions": summary.jobs,
        "unchanged": summary.unchanged,
        "graded": [score.to_json(attempt) for attempt in summary.attempts],
        "pending": [{"submission": g.job.name, "reason": g.fault} for g in summary.pending],
        "notices": summary.notices,
        "seconds": round(summary.seconds, 3),
        "exit_code": summary.exit_code,
    }
