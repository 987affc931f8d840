"""The main path: from a course's submitted/ to records, gradebook and feedback.

`grade` reads as the story; `mark_submission` is the whole life of one submission. Every process
of the pool has one warm sandbox and the suites it has met. Results are stored in batches as they
come, the record last: what a killed command had not stored is graded by the next, nothing twice.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import importlib.metadata
import multiprocessing
import os
import platform
import re
import signal
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader import data as datasets
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
    suite,
    upload,
    wall,
)
from grader.bridge import STATUS, NotebookRun
from grader.errors import ExerciseError, GraderError, SandboxError, SubmissionError
from grader.exercise import Exercise
from grader.report import ClassReport
from grader.sandbox import Sandbox
from grader.score import Attempt, CellReport, Ending
from grader.submission import Aligned
from grader.suite import Suite
from grader.wall import Isolation

BATCH = 16
STORE_SECONDS = 2.0
MAX_POOLS = 5
PATIENCE_SECONDS = 600.0  # for one submission, on top of all that its limits allow
_COPY = re.compile(r"( ?\(\d+\)|[-_ ]?[Cc]opy\d*)+$")


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


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of a job: an attempt, or for a fault of ours the reason that it has to wait."""

    job: Job
    attempt: Attempt | None
    fault: str = ""


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


@dataclass(frozen=True, slots=True)
class Settings:
    """How to grade: what the command's flags say."""

    isolation: Isolation = "bubblewrap"
    workers: int = 0  # 0: one a core
    again: bool = False


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
        for graded in _grade_all(course, waiting, settings):
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
        known = by_assignment.get(folder.name)
        if folder.parent.name.startswith("."):
            continue
        if known is None:
            notices.append(f"{folder}: no assignment has this name; the folder was left alone")
            continue
        if folder.is_symlink() or folder.parent.is_symlink():
            notices.append(f"{folder}: a link, not a folder; it was left alone")
            continue
        jobs += [job for job in _jobs_in(folder, known, notices) if job.exercise in wanted]
        if (folder / "timestamp.txt").is_file() and gradebook.handed_in(folder) is None:
            notices.append(f"{folder / 'timestamp.txt'}: no time can be read from it")
    return sorted(jobs, key=lambda job: (job.exercise.assignment, job.exercise.slug, job.learner))


def _jobs_in(folder: Path, known: Mapping[str, Exercise], notices: list[str]) -> Iterator[Job]:
    learner = folder.parent.name
    files = sorted(path for path in folder.iterdir() if path.suffix == ".ipynb")
    names = {path.stem for path in files}
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


# ---------------------------------------------------------------- the pool


def _grade_all(course: Path, jobs: Sequence[Job], settings: Settings) -> Iterator[Graded]:
    """Grade in parallel, results as they come; a process that dies costs nobody a score.

    What was being graded when it died is set aside, and then graded alone: a submission that kills
    our processes would otherwise take its neighbours along each time.
    """
    left, aside = list(jobs), list[Job]()
    for _ in range(MAX_POOLS):
        left = yield from _grade_until_broken(course, left, settings)
        # Processes take jobs in order: the first that are not done are those that were begun.
        begun = _processes(settings, left)
        aside, left = aside + left[:begun], left[begun:]
        if not left:
            break
    for job in aside:
        for lost in (yield from _grade_until_broken(course, [job], settings)):
            yield Graded(lost, None, "the process that graded it died, also with nothing beside it")
    for job in left:
        yield Graded(job, None, f"grading processes died {MAX_POOLS} times before its turn came")


def _grade_until_broken(
    course: Path, jobs: Sequence[Job], settings: Settings
) -> Generator[Graded, None, list[Job]]:
    """Grade in one pool; return the jobs that were not done when one of its processes died."""
    done: set[str] = set()
    with contextlib.suppress(BrokenProcessPool):
        for graded in _grade_in_pool(course, jobs, settings) if jobs else ():
            done.add(graded.job.name)
            yield graded
    return [job for job in jobs if job.name not in done]


def _processes(settings: Settings, jobs: Sequence[Job]) -> int:
    return min(settings.workers or len(os.sched_getaffinity(0)), len(jobs))


def _grade_in_pool(course: Path, jobs: Sequence[Job], settings: Settings) -> Iterator[Graded]:
    files = data_files(course, {job.exercise.slug: job.exercise for job in jobs}.values())
    pool = ProcessPoolExecutor(
        _processes(settings, jobs),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_process,
        initargs=(course, files, settings.isolation),
    )
    try:
        with _interrupts_blocked():
            futures: list[Future[Graded]] = [pool.submit(_grade_job, job) for job in jobs]
        for future in as_completed(futures):
            yield future.result()
    except KeyboardInterrupt:
        # What is being graded was not asked for any more; it is graded by the next command.
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Start processes that a Ctrl-C does not reach: a terminal sends it to all, bwrap included.

    A sandbox that ended so would look like a submission that crashed.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


class _Sandbox(Sandbox):
    """A sandbox that remembers whether it was ever found dead at the end of a run."""

    lost = False

    def end_run(self) -> float:
        memory = super().end_run()
        self.lost = self.lost or self._process is None
        return memory


class Desk:
    """One process's place of work: a warm sandbox, and the suites collected so far."""

    def __init__(self, files: Mapping[str, Path], isolation: Isolation) -> None:
        self.sandbox = _Sandbox(files, isolation)
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


_desk: tuple[Desk, Path] | None = None  # of this process of the pool; set once, when it starts


def _start_process(course: Path, files: dict[str, Path], isolation: Isolation) -> None:
    global _desk
    # With the coordinator killed, a pool's processes would wait for work for ever.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is None or os.getppid() != parent.pid:
        os._exit(1)  # it was killed before we asked
    _desk = Desk(files, isolation), course


def _grade_job(job: Job) -> Graded:
    assert _desk is not None  # noqa: S101 - set by _start_process
    desk, course = _desk
    try:
        _set_alarm(job.exercise, desk)
        attempt, aligned = mark_submission(job, desk)
        feedback.write(course, attempt, job.exercise, aligned)
        return Graded(job, attempt)
    except GraderError as error:
        return Graded(job, None, str(error))
    except OSError as error:
        return Graded(job, None, f"{error.filename or 'a file'}: {error.strerror or error}")
    # One submission never stops a batch, whatever it makes us do wrong.
    except Exception as error:  # noqa: BLE001
        return Graded(job, None, f"a fault of the grader: {type(error).__name__}: {error}"[:500])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _set_alarm(exercise: Exercise, desk: Desk) -> None:
    """Have the kernel end this process when one submission keeps it far too long.

    The limits of a run hold for learners' code. This is for our own: an answer can be made so that
    a test works on it for hours, and inside of pandas no exception would stop that.
    """
    limits, tests = exercise.limits, len(desk.suite(exercise).tests)
    seconds = 10 * limits.notebook_seconds + tests * (limits.test_seconds + limits.cell_seconds)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS + seconds)


# ---------------------------------------------------------------- one submission


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
