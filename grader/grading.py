"""The main path: from a course's submitted/ to records, gradebook and feedback.

`grade` reads as the story. Results are stored in batches as they come, the record last: what a
killed command had not stored is graded by the next, and nothing twice.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
    stages,
    submission,
    upload,
    wall,
)
from grader.errors import ExerciseError, SubmissionError
from grader.exercise import Exercise, Version
from grader.marking import Job, environment_sha256, version
from grader.pool import Graded, Settings, grade_all
from grader.report import Change, ClassReport
from grader.score import Attempt, Ending, Outcome
from grader.stages import stage
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
    reused: int = 0  # results of tests that an earlier grading had
    seconds: float = 0.0
    stages: Counter[str] = field(default_factory=Counter)
    report: ClassReport = field(default_factory=ClassReport)

    @property
    def exit_code(self) -> int:
        """Return 2 when something waits for a fault of ours, 1 for unreadable input, else 0."""
        if self.pending:
            return 2
        cells = [cell for row in self.report.learners.values() for cell in row.values()]
        unreadable = any(cell.ending is Ending.UNREADABLE for cell in cells)
        return 1 if unreadable or self.notices else 0


Progress = Callable[[int, Graded | None], None]


def grade(
    course: Path,
    url: str,
    *,
    only: str | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda total, graded: None,
) -> Summary:
    """Grade what is in submitted/ and not graded yet; `only` names an assignment or an exercise.

    `progress` is called with the number of jobs before the first, then with each job's outcome.
    """
    settings = settings or Settings()
    begin = time.monotonic()
    summary = Summary()
    chosen, waiting, _ = _find_work(course, url, only, settings, summary)
    with stage("records"):
        gradebook.prepare(url, chosen, course_id=release.course_id(course))
    for assignment in {exercise.assignment for exercise in chosen}:
        # nbgrader's formgrader lists the assignments that have a folder here.
        (course / "source" / assignment).mkdir(parents=True, exist_ok=True)
    progress(len(waiting), None)
    with _storing(course, url, chosen, again=settings.again) as store:
        for graded in _graded(course, waiting, settings):
            store(graded)
            _count(summary, graded)
            progress(len(waiting), graded)
    names = {(exercise.assignment, exercise.slug) for exercise in chosen}
    with records.open(url) as book, stage("records"):
        latest = list(book.latest())
        feedback.write_index(course, latest)
        mine = (one for one in latest if (one.assignment, one.exercise) in names)
        summary.report = report.collect(mine)
    summary.stages.update(stages.take())
    summary.seconds = time.monotonic() - begin
    return summary


def _graded(course: Path, jobs: Sequence[Job], settings: Settings) -> Iterator[Graded]:
    if settings.scheduler is None:
        return grade_all(course, jobs, settings)
    from grader.cluster import grade_on_cluster

    return grade_on_cluster(course, jobs, settings)


def _find_work(
    course: Path, url: str, only: str | None, settings: Settings, summary: Summary
) -> tuple[tuple[Exercise, ...], list[Job], Mapping[tuple[str, ...], Attempt]]:
    """Choose the exercises, list what has to be graded, and find its latest attempts so far."""
    chosen = select(course, only)
    if settings.isolation != "none":
        wall.command(0, {}, cold=False)  # refuses at once where bubblewrap is missing
    jobs = find_jobs(course, chosen, summary.notices)
    waiting = jobs if settings.again else _not_done(url, jobs, settings.isolation)
    summary.jobs, summary.unchanged = len(jobs), len(jobs) - len(waiting)
    with records.open(url) as book:
        earlier = book.latest_of(job.where for job in waiting)
    return chosen, _ordered(waiting, earlier, settings), earlier


def _ordered(
    jobs: Sequence[Job], earlier: Mapping[tuple[str, ...], Attempt], settings: Settings
) -> list[Job]:
    """Put first what takes long, and give each job the attempt whose results may still hold."""
    seconds: dict[Path, list[float]] = {}
    for job in jobs:
        if job.where in earlier:
            seconds.setdefault(job.exercise.folder, []).append(earlier[job.where].seconds)
    usual = {folder: sum(values) / len(values) for folder, values in seconds.items()}

    def expected(job: Job) -> float:
        known = earlier.get(job.where)
        return known.seconds if known else usual.get(job.exercise.folder, 0.0)

    ordered = sorted(jobs, key=expected, reverse=True)
    if settings.again:
        return ordered
    walls = _as_good_as(settings.isolation)
    reusable = {where: one for where, one in earlier.items() if one.isolation in walls}
    return [replace(job, before=reusable.get(job.where)) for job in ordered]


def preview(
    course: Path,
    url: str,
    *,
    only: str | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda total, graded: None,
) -> tuple[Summary, list[Change]]:
    """Grade as `grade` would, write nothing, and tell whose scores would change."""
    settings = replace(settings or Settings(), writes=False)
    begin = time.monotonic()
    summary = Summary()
    _, waiting, earlier = _find_work(course, url, only, settings, summary)
    progress(len(waiting), None)
    changes: list[Change] = []
    for graded in _graded(course, waiting, settings):
        _count(summary, graded)
        progress(len(waiting), graded)
        changes += _changes(graded, earlier.get(graded.job.where))
    summary.seconds = time.monotonic() - begin
    return summary, sorted(changes, key=lambda change: change.submission)


def _changes(graded: Graded, before: Attempt | None) -> Iterator[Change]:
    if graded.attempt is None:
        return
    was, now = _outcomes(before), _outcomes(graded.attempt)
    flipped = [now[name][1] for name in now if was.get(name, now[name])[0] != now[name][0]]
    score_before = before.score if before else None
    if score_before != graded.attempt.score or flipped:
        yield Change(graded.job.name, score_before, graded.attempt.score, tuple(flipped))


def _outcomes(attempt: Attempt | None) -> dict[str, tuple[bool, str]]:
    tests = (test for task in attempt.tasks for test in task.tests) if attempt else ()
    return {test.name: (test.outcome is Outcome.PASSED, test.behaviour) for test in tests}


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
    versions = {exercise: version(exercise, course) for exercise in chosen}
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
            jobs += _jobs_in(folder, known, versions, told)
        except OSError as error:  # a learner's folder that may not be read stops nobody else
            told.append(f"{folder}: {error.strerror}; the folder was left alone")
        notices += told[:MOST_NOTICES]
        if more := len(told) - MOST_NOTICES:
            notices += [f"{folder}: and {more} more files that were left alone"] * (more > 0)
    return sorted(jobs, key=lambda job: job.where)


def _fault_of(folder: Path, known: Mapping[str, Exercise]) -> str:
    learner = folder.parent.name
    if folder.is_symlink() or folder.parent.is_symlink():
        return "a link, not a folder"
    if len(learner) > records.LONGEST_NAME:
        return f"the learner's name has more than {records.LONGEST_NAME} characters"
    if not feedback.is_folder_name(learner):
        return "no page can have the learner's name"
    return "" if known else "no assignment has this name"


def _jobs_in(
    folder: Path,
    known: Mapping[str, Exercise],
    versions: Mapping[Exercise, Version],
    notices: list[str],
) -> Iterator[Job]:
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
            sha256 = _sha256(archive)
            wanted = (e for e in known.values() if e in versions)
            yield from (Job(e, learner, archive, sha256, versions[e]) for e in wanted)
        if not archives:
            notices.append(f"{folder}: there is no notebook in it")
    for path in files:
        slug = path.stem if path.stem in known else _COPY.sub("", path.stem)
        if slug not in known:
            notices.append(f"{path}: no exercise has this name; the file was left alone")
        elif slug != path.stem and slug in names:
            notices.append(f"{path}: a copy beside {slug}.ipynb; the copy was left alone")
        elif known[slug] in versions:
            yield Job(known[slug], learner, path, _sha256(path), versions[known[slug]])


def _sha256(path: Path) -> str:
    try:
        return upload.sha256(path)
    except (SubmissionError, OSError):
        return "unreadable"


def _not_done(url: str, jobs: Sequence[Job], wanted: Isolation) -> list[Job]:
    environment = environment_sha256()
    keys = {
        records.Key(*job.where, job.sha256, job.version.suite_sha256, environment, wall): job
        for job in jobs
        for wall in _as_good_as(wanted)
    }
    with records.open(url) as book:
        done = {keys[key].where for key in book.done(keys)}
    return [job for job in jobs if job.where not in done]


def _as_good_as(wanted: Isolation) -> set[str]:
    # A cold sandbox is the same wall: its records count like a warm one's. Those made without any
    # count only where none is asked for.
    return {"bubblewrap", "bubblewrap-cold", wanted}


@contextmanager
def _storing(
    course: Path, url: str, chosen: Sequence[Exercise], *, again: bool
) -> Iterator[Callable[[Graded], None]]:
    """Give a function that stores attempts in batches; the rest is stored at the end, always."""
    waiting: list[Attempt] = []
    last = time.monotonic()

    def flush() -> None:
        nonlocal last
        with stage("records"):
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
    summary.reused += graded.reused
    summary.stages.update(graded.stages)
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


def to_json(summary: Summary, changes: Iterable[Change] | None = None) -> dict[str, Any]:
    """Return what a script wants to know of a `grade`, or with `changes` of a `preview`."""
    told = {} if changes is None else {"changes": [_change_json(change) for change in changes]}
    return told | {
        "submissions": summary.jobs,
        "unchanged": summary.unchanged,
        "reused_results": summary.reused,
        "graded": [score.to_json(attempt) for attempt in summary.attempts],
        "pending": [{"submission": g.job.name, "reason": g.fault} for g in summary.pending],
        "notices": summary.notices,
        "seconds": round(summary.seconds, 3),
        "stages": {name: round(seconds, 3) for name, seconds in summary.stages.items()},
        "exit_code": summary.exit_code,
    }


def _change_json(change: Change) -> dict[str, Any]:
    before = None if change.before is None else str(change.before)
    behaviors = list(change.behaviors)
    told = {"submission": change.submission, "before": before, "after": str(change.after)}
    return {**told, "behaviors": behaviors}
