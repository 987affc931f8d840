"""Many submissions at once: a pool of processes, each with a desk of its own.

A process that dies costs nobody a score: what it was at is graded once more, alone. What cannot be
graded for a fault of ours waits for the next command.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import cycle, islice
from multiprocessing.util import Finalize
from pathlib import Path

from grader import stages
from grader.errors import GraderError
from grader.exercises.folder import Exercise
from grader.grading.desk import Desk
from grader.grading.job import Graded, Job, Settings
from grader.grading.marking import finish, mark_submission
from grader.grading.processes import end_with_parent, interrupts_blocked
from grader.sandbox.limits import CLOCK_FACTOR, QUEUE_FACTOR
from grader.suite.behind import OWN_SECONDS
from grader.suite.notebook_run import MAX_NOTEBOOKS

MAX_POOLS = 5
PATIENCE_SECONDS = 600.0  # for one submission, on top of all that its limits allow


def grade_all(course: Path, jobs: Sequence[Job], settings: Settings) -> Iterator[Graded]:
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
    chosen = tuple({job.exercise: None for job in jobs})
    pool = ProcessPoolExecutor(
        _processes(settings, jobs),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_process,
        initargs=(course, chosen, settings),
    )
    try:
        with interrupts_blocked():
            # In every process: each will need them, and none starts later than the others.
            each = islice(cycle(chosen), max(len(chosen), _processes(settings, jobs)))
            reading = {pool.submit(_read_tests, exercise): exercise for exercise in each}
        try:
            faults = {reading[future]: fault for future in reading if (fault := future.result())}
        except BrokenProcessPool:
            if len(chosen) == 1:
                raise
            for exercise in chosen:  # tests that end a process stop no other exercise
                yield from grade_all(course, [j for j in jobs if j.exercise == exercise], settings)
            return
        yield from (
            Graded(job, None, faults[job.exercise]) for job in jobs if job.exercise in faults
        )
        with interrupts_blocked():
            sound = [job for job in jobs if job.exercise not in faults]
            futures: list[Future[Graded]] = [pool.submit(_grade_job, job) for job in sound]
        for future in as_completed(futures):
            yield future.result()
    except KeyboardInterrupt:
        # What is being graded was not asked for any more; it is graded by the next command.
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_place: tuple[Desk, Path, Settings] | None = None  # of this process; set once, when it starts


def _start_process(course: Path, chosen: Iterable[Exercise], settings: Settings) -> None:
    global _place
    end_with_parent()
    desk = Desk(course, chosen, settings.isolation, settings.private)
    desk.sandbox.begin()  # its imports go on while this process does its own
    Finalize(desk, desk.close, exitpriority=0)  # `atexit` is not for a pool's processes
    _place = desk, course, settings


def _read_tests(exercise: Exercise) -> str:
    """Read an exercise's tests before any submission is graded by them; return the fault.

    Marks by a suite that one process could read, and another could not, would be marks of chance.
    """
    assert _place is not None  # noqa: S101 - set by _start_process
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)  # a file's import may never end
        _place[0].suite(exercise)
    except GraderError as error:
        return str(error)
    except OSError as error:
        return f"{error.filename or 'a file'}: {error.strerror or error}"
    except Exception as error:  # noqa: BLE001 - one exercise's files stop no other one
        return f"{exercise.folder}: {type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return ""


def _grade_job(job: Job) -> Graded:
    assert _place is not None  # noqa: S101 - set by _start_process
    desk, course, settings = _place
    try:
        _set_alarm(job.exercise, desk)
        graded = finish(course, job, mark_submission(job, desk), settings)
        return replace(graded, stages=stages.take())
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
    allowed = MAX_NOTEBOOKS * limits.notebook_seconds + tests * limits.test_seconds
    seconds = CLOCK_FACTOR * (1 + QUEUE_FACTOR) * allowed + tests * OWN_SECONDS
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS + seconds)
