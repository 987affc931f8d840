"""Many submissions at once, each process with a desk of its own.

A process that ends costs nobody a score: what it was at is graded again, with nothing beside it.
What ends it at the same place again is what the submission does: that place is left out, and the
attempt says so. What cannot be graded for a fault of ours waits for the next command.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from grader import stages
from grader.errors import GraderError, SandboxLostError
from grader.exercises.folder import Exercise
from grader.grading import processes
from grader.grading.desk import Desk
from grader.grading.job import (
    CELLS,
    NOWHERE,
    PAGE,
    READING,
    SANDBOX,
    Graded,
    Job,
    Loss,
    Marked,
    Settings,
)
from grader.grading.marking import TEST_SECONDS, Watch, finish, mark_submission
from grader.grading.processes import Helper
from grader.sandbox.limits import CLOCK_FACTOR, QUEUE_FACTOR, Ending
from grader.suite.notebook_run import MAX_NOTEBOOKS

TICK_SECONDS = 1.0  # how often to come back with nothing, so that others can see to their work
# For an exercise's tests, by the clock: a file's import may never end.
READ_SECONDS = 600.0
PATIENCE_SECONDS = 300.0  # for one submission, by the clock, on top of what its limits allow
ENDED = "its tests ended the process that read them"
# What a learner may read of a place. A test's name may be a hidden one's.
_DOING = {READING: "reading it", CELLS: "running its cells", PAGE: "writing its page"}


@dataclass(frozen=True, slots=True)
class _At:
    """Where a process is, and how many seconds of a processor it may be there."""

    place: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Page:
    """What was marked elsewhere, and is to have its page."""

    job: Job
    marked: Marked
    spent: Mapping[str, float]  # see `stages`


Task = Exercise | Job | Page


def grade_all(course: Path, jobs: Sequence[Job], settings: Settings) -> Iterator[Graded | None]:
    """Grade in parallel, results as they come; None while there is none for a while."""
    chosen = tuple({job.exercise: None for job in jobs})
    crew = staff(course, chosen, settings, len(jobs))
    try:
        yield from grade_by(crew, jobs)
        crew.close()
    finally:
        # What is being graded was not asked for any more; it is graded by the next command.
        crew.kill()


def staff(course: Path, chosen: Sequence[Exercise], settings: Settings, most: int) -> Crew:
    """Return workers for some exercises: one a core, or what the settings say, and not too many."""
    count = min(settings.workers or len(os.sched_getaffinity(0)), most)
    return Crew([Worker(grade_job, course, chosen, settings) for _ in range(count)])


def grade_by(crew: Crew, jobs: Sequence[Job]) -> Iterator[Graded | None]:
    """Grade by workers, who stay for more.

    What was being graded when a process ended is set aside, and graded with nothing beside it when
    all others are done: it may be what a neighbour did.
    """
    chosen = tuple({job.exercise: None for job in jobs})
    faults: dict[Exercise, str] = {}
    # In every process: each will need them, and none starts later than the others.
    each = islice(cycle(chosen), max(len(chosen), len(crew.workers)))
    for exercise, said in filter(None, crew.run(each)):
        fault = f"{exercise.folder}: {ENDED}" if isinstance(said, Loss) else said
        if fault:
            faults[exercise] = fault
    yield from (Graded(j, None, faults[j.exercise]) for j in jobs if j.exercise in faults)
    aside: list[Job] = []
    for done in crew.run(job for job in jobs if job.exercise not in faults):
        if done and isinstance(done[1], Loss):
            aside.append(lost(done[0], done[1]))
        else:
            yield done and done[1]
    for job in aside:
        yield from settle(Crew(crew.workers[:1]), job)


def lost(job: Job, loss: Loss) -> Job:
    """Return what is to be graded after a loss."""
    return replace(job, losses=(*job.losses, loss))


def settle(crew: Crew, task: Job | Page) -> Iterator[Any]:
    """Do one task until all that our processes are lost at is known, and left out."""
    while True:
        for done in crew.run([task]):
            if done is None:
                yield None
                continue
            job, said = job_of(task), done[1]
            if not isinstance(said, Loss):
                yield said
                return
            if _is_ours(job, said):
                yield Graded(job, None, said.why)
                return
            job = lost(job, said)
            task = job if isinstance(task, Job) else replace(task, job=job)


def job_of(task: Job | Page) -> Job:
    """Return the submission that a task is about."""
    return task if isinstance(task, Job) else task.job


def _is_ours(job: Job, loss: Loss) -> bool:
    """Tell whether nothing is left to be left out: it had not begun, or was given up before."""
    again = loss.place in {before.place for before in job.losses}
    return job.given_up is not None or (again and loss.place == NOWHERE)


# ---------------------------------------------------------------- where the processes are started


class Worker:
    """A process with a desk, which does one task after another; one that ended is replaced.

    `work` is done in it, with the job or page, the desk, and what is to be told of its progress.
    """

    def __init__(
        self,
        work: Callable[..., Any],
        course: Path,
        chosen: Sequence[Exercise],
        settings: Settings,
    ) -> None:
        self._how = (work, course, chosen, settings)
        self._helper: Helper | None = None
        self._at = _At(NOWHERE, 0)

    def start(self) -> Helper:
        """Start the process, if it has not been: it gets ready by itself."""
        if self._helper is None:
            self._helper = Helper(_serve, *self._how)
        return self._helper

    def begin(self, task: Task) -> Connection[Any, Any]:
        """Give it something to do; return the link on which it will be heard."""
        self._at = _At(NOWHERE, 0)
        helper = self.start()
        helper.send(task)
        return helper.link

    def hear(self) -> list[Any]:
        """Take what it says: nothing while it is at it, else what came of the task, or its loss."""
        assert self._helper is not None  # noqa: S101 - set by `begin`
        try:
            said = self._helper.link.recv()
        except (EOFError, OSError):
            code, self._helper = self._helper.close(), None
            return [_loss(self._at, code)]
        if isinstance(said, _At):
            self._at = said
            return []
        return [said]

    def hang_up(self) -> None:
        """Have it end by itself, and do not wait for it."""
        if self._helper is not None:
            self._helper.link.close()

    def close(self) -> None:
        """End it when it is done."""
        if self._helper is not None:
            self._helper.close()
            self._helper = None

    def kill(self) -> None:
        """End it at once."""
        if self._helper is not None:
            self._helper.kill()
            self._helper = None


class Crew:
    """Workers who take what there is to do, one thing at a time."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.workers = workers

    def run(self, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any] | None]:
        """Yield each task with what came of it, and None where nothing came for a while."""
        left, idle = iter(tasks), list(self.workers)
        busy: dict[Any, tuple[Worker, Any]] = {}
        done: list[tuple[Any, Any]] = []
        while True:
            while idle and (task := next(left, None)) is not None:
                worker = idle.pop()
                busy[worker.begin(task)] = worker, task
            yield from done
            if not busy:
                return
            ready = wait(busy, TICK_SECONDS)
            done = []
            for link in ready:
                worker, task = busy[link]
                for said in worker.hear():
                    del busy[link]
                    idle.append(worker)
                    done.append((task, said))
            if not ready:
                yield None

    def close(self) -> None:
        """End all workers when they are done."""
        for worker in self.workers:
            worker.hang_up()
        for worker in self.workers:
            worker.close()

    def kill(self) -> None:
        """End all workers at once."""
        for worker in self.workers:
            worker.kill()


def _loss(at: _At, code: int) -> Loss:
    """Say how a process ended: by one of its own limits, or however it did."""
    if at.place == NOWHERE:
        return Loss(NOWHERE, Ending.CRASHED, f"the process that was to grade it ended ({code})")
    doing = _DOING.get(at.place, "a test of its answers")
    if -code == signal.SIGPROF:
        why = f"{doing} kept the grader busy for more than {at.seconds:.3g} seconds"
        return Loss(at.place, Ending.TIMEOUT, why)
    if -code == signal.SIGALRM:
        return Loss(at.place, Ending.TIMEOUT, f"{doing} kept the grader waiting for too long")
    return Loss(at.place, Ending.CRASHED, f"{doing} ended the process that graded it")


# ---------------------------------------------------------------- in such a process


def _serve(
    link: Connection[Any, Any],
    work: Callable[..., Any],
    course: Path,
    chosen: Sequence[Exercise],
    settings: Settings,
) -> None:
    desk = Desk(course, chosen, settings.isolation, settings.private)
    try:
        if chosen:
            desk.sandbox.begin()  # its imports go on while this process does its own
        while True:
            task = link.recv()
            if isinstance(task, Exercise):
                link.send(_read_tests(desk, task))
            else:
                link.send(_Bounded(link, desk, task).done(work, course, settings))
    finally:
        desk.close()


def _read_tests(desk: Desk, exercise: Exercise) -> str:
    """Read an exercise's tests before any submission is graded by them; return the fault.

    Marks by a suite that one process could read, and another could not, would be marks of chance.
    """
    try:
        processes.allow_clock(READ_SECONDS)
        desk.suite(exercise)
    except (GraderError, OSError) as error:
        return _said(error)
    except Exception as error:  # noqa: BLE001 - one exercise's files stop no other one
        return f"{exercise.folder}: {type(error).__name__}: {error}"
    finally:
        processes.allow_clock(0)
    return ""


@dataclass(slots=True)
class _Bounded:
    """One task, whose process the kernel ends where it takes far too long."""

    link: Connection[Any, Any]
    desk: Desk
    task: Job | Page
    place: str = NOWHERE

    def watch(self, place: str, seconds: float) -> None:
        """Tell what comes next, and begin its time.

        The limits of a run hold for learners' code. This is for our own: an answer can be made so
        that a test works on it for hours, and inside of pandas no exception would stop that.
        """
        self.place = place
        self.link.send(_At(place, seconds))
        processes.allow(seconds)

    def done(self, work: Callable[..., Any], course: Path, settings: Settings) -> Any:
        """Do it; return what came of it."""
        job = job_of(self.task)
        try:
            processes.allow_clock(READ_SECONDS)
            # Read where they were not: a process may meet an exercise that others have met before.
            tests = len(self.desk.suite(job.exercise).tests) if job is self.task else 0
            processes.allow_clock(_patience(job.exercise, tests))
            return work(self.task, self.desk, self.watch, course, settings)
        except SandboxLostError as error:
            return Loss(SANDBOX, Ending.CRASHED, str(error))
        except (MemoryError, RecursionError) as error:
            return Loss(self.place, Ending.CRASHED, f"it is too much for us: {_said(error)}")
        except (GraderError, OSError) as error:
            return Graded(job, None, _said(error))
        # One submission never stops a batch, whatever it makes us do wrong.
        except Exception as error:  # noqa: BLE001
            said = f"a fault of the grader: {type(error).__name__}: {error}"
            return Graded(job, None, said[:500])
        finally:
            processes.allow(0)
            processes.allow_clock(0)


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {error.strerror or error}"
    return str(error) or type(error).__name__


def _patience(exercise: Exercise, tests: int) -> float:
    """Return how long a submission may take by the clock: whoever only waits uses no processor."""
    limits = exercise.limits
    allowed = MAX_NOTEBOOKS * limits.notebook_seconds + tests * limits.test_seconds
    seconds = CLOCK_FACTOR * (1 + QUEUE_FACTOR) * allowed + tests * TEST_SECONDS
    return PATIENCE_SECONDS + seconds


def grade_job(job: Job, desk: Desk, watch: Watch, course: Path, settings: Settings) -> Graded:
    """Grade a submission and write its page."""
    stages.take()
    marked = mark_submission(job, desk, watch=watch)
    return replace(finish(course, job, marked, settings, watch), stages=stages.take())
