"""What there is to do: submissions that are not graded yet, and what their exercises lack.

An exercise with a fault stops itself and no other: what was handed in for it waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.book import records, tables
from grader.book.records import Records
from grader.errors import ExerciseError
from grader.exercises.folder import (
    Exercise,
    Name,
    Version,
    choose,
    private_folders,
    survey,
    version,
)
from grader.exercises.support import VISIBLE
from grader.grading.job import Job, Settings
from grader.grading.marking import environment_sha256
from grader.sandbox import bubblewrap
from grader.sandbox.limits import Isolation
from grader.score.attempt import Attempt
from grader.submissions import inbox
from grader.submissions.inbox import Inbox
from grader.submissions.intake import companions
from grader.submissions.intake.companions import Companions


@dataclass(frozen=True, slots=True)
class Pending:
    """A submission that could not be graded for no fault of the learner's."""

    submission: str
    fault: str


@dataclass(frozen=True, slots=True)
class Work:
    """What one command has before it; `jobs` are those to grade now, in their order."""

    chosen: tuple[Exercise, ...]
    found: Inbox
    jobs: list[Job]
    earlier: Mapping[tuple[str, ...], Attempt]
    faults: Mapping[Name, ExerciseError]
    unchanged: int
    private: frozenset[Path]  # folders that no learner's code may see

    @property
    def submissions(self) -> int:
        """Return how many submissions there are to the exercises asked for."""
        return self.unchanged + len(self.jobs) + len(self.pending)

    @property
    def pending(self) -> list[Pending]:
        """List what has to wait until somebody has mended its exercise."""
        waiting = (one for one in self.found.found if one.exercise in self.faults)
        return [Pending(one.name, str(self.faults[one.exercise])) for one in waiting]

    @property
    def notices(self) -> list[str]:
        """List what somebody has to look at: files left alone, and faults that nobody waits for."""
        missed = {one.exercise for one in self.found.found}
        idle = [str(fault) for name, fault in self.faults.items() if name not in missed]
        return [*self.found.notices, *idle]

    def without(self, faults: Mapping[Name, ExerciseError]) -> Work:
        """Leave out exercises that turned out to have a fault."""
        if not faults:
            return self
        chosen = tuple(e for e in self.chosen if e.name not in faults)
        jobs = [job for job in self.jobs if job.exercise.name not in faults]
        gone = sum(one.exercise in faults for one in self.found.found)
        unchanged = self.unchanged - (gone - (len(self.jobs) - len(jobs)))
        every = {**self.faults, **faults}
        return replace(self, chosen=chosen, jobs=jobs, faults=every, unchanged=unchanged)


def private(course: Path, book: Records) -> frozenset[Path]:
    """List the folders that no learner's code may see: the course's, and the gradebook's."""
    return private_folders(course) | tables.folders(book.url)


def find(course: Path, book: Records, only: str | None, settings: Settings) -> Work:
    """Choose the exercises, and list what has to be graded with its attempts so far."""
    surveyed = survey(course)
    chosen, faults = choose(course, surveyed, only)
    hidden = private(course, book)
    if settings.isolation != "none":
        # Refuses at once where bubblewrap is missing, or where the course cannot be hidden.
        bubblewrap.command(0, {}, cold=False, covered=hidden)
    known: dict[Name, tuple[Exercise, Version]] = {}
    for exercise in chosen:
        try:
            known[exercise.name] = exercise, version(exercise, course)
        except ExerciseError as error:
            faults[exercise.name] = error
        except OSError as error:  # a file that is gone, or not ours to read
            reason = f"{error.filename or exercise.folder}: {error.strerror or error}"
            faults[exercise.name] = ExerciseError(reason)
    if not known and faults:
        raise next(iter(faults.values()))
    # Also what nobody asked for now: it is no stray file.
    found = inbox.of_course(course, surveyed)
    jobs = list(_jobs(found, known))
    due = jobs if settings.again else _not_done(book, jobs, settings.isolation)
    due = [_with_time(course, job) for job in due]
    earlier = book.latest_of(job.where for job in due)
    sound = tuple(exercise for exercise, _ in known.values())
    ordered = _ordered(due, earlier, settings)
    todo = Work(sound, found, ordered, earlier, faults, len(jobs) - len(due), hidden)
    return todo.without(_lost_tests(due, earlier))


def _lost_tests(
    due: Sequence[Job], earlier: Mapping[tuple[str, ...], Attempt]
) -> dict[Name, ExerciseError]:
    """Find exercises whose visible tests gave points before, and are a file that is gone."""
    lost: dict[Name, ExerciseError] = {}
    for job in due:
        path, before = job.exercise.folder / VISIBLE, earlier.get(job.where)
        tests = (test for task in (before.tasks if before else ()) for test in task.tests)
        if not path.exists() and any(not test.hidden for test in tests):
            lost[job.exercise.name] = ExerciseError(
                f"{path}: missing, and its tests gave points before; where there are none any "
                "more, leave an empty file"
            )
    return lost


def _jobs(found: Inbox, known: Mapping[Name, tuple[Exercise, Version]]) -> Iterator[Job]:
    # A learner's exercises lie in one folder: what is beside them is read once, and not kept.
    beside: dict[Path, tuple[Companions, list[tuple[str, str]]]] = {}
    for one in found.found:
        if one.exercise in known:
            exercise, its_version = known[one.exercise]
            folder = one.path.parent
            if folder not in beside:
                its = companions.look(folder)
                beside[folder] = its, companions.hashes(its.contents())
                found.remarks += [f"{folder}: {said}" for said in its.unused]
            its, hashes = beside[folder]
            sha256 = companions.with_hashes(one.sha256, hashes)
            yield Job(
                exercise,
                one.learner,
                one.path,
                sha256,
                its_version,
                others=one.others,
                companions=its,
                repairs=one.repairs,
                fault=one.fault,
            )


def _with_time(course: Path, job: Job) -> Job:
    time, by = inbox.time_and_source(course, job.learner, job.exercise.assignment)
    return replace(job, handed_in=time, handed_in_by=by)


def _not_done(book: Records, jobs: Sequence[Job], wanted: Isolation) -> list[Job]:
    environment = environment_sha256()
    keys = {
        records.Key(*job.where, job.sha256, job.version.suite_sha256, environment, wall): job
        for job in jobs
        for wall in _as_good_as(wanted)
    }
    done = {keys[key].where for key in book.done(keys)}
    return [job for job in jobs if job.where not in done]


def _as_good_as(wanted: Isolation) -> set[str]:
    # A cold sandbox is the same wall: its records count like a warm one's. Those made without any
    # count only where none is asked for.
    return {"bubblewrap", "bubblewrap-cold", wanted}


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
