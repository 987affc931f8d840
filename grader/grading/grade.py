"""The main path: from a course's submitted/ to records, gradebook and feedback.

`grade` reads as the story. Results are stored in batches as they come, the record last: what a
killed command had not stored is graded by the next, and nothing twice.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader import stages
from grader.book import marks, records
from grader.book import projection as gradebook
from grader.errors import ExerciseError
from grader.exercises import release
from grader.exercises.folder import Exercise
from grader.grading import work
from grader.grading.marking import Job
from grader.grading.pool import Graded, Settings, grade_all
from grader.grading.preview import Change
from grader.grading.work import Pending, Work
from grader.pages import course as pages
from grader.sandbox.limits import Ending
from grader.score import attempt as score
from grader.score import figures
from grader.score.attempt import Attempt, ByHand, Outcome
from grader.score.figures import ClassReport
from grader.stages import stage

BATCH = 16
STORE_SECONDS = 2.0


@dataclass(slots=True)
class Summary:
    """What one `grade` did."""

    jobs: int = 0
    unchanged: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
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
    todo = work.find(course, url, only, settings)
    with stage("records"):
        todo = todo.without(_prepare(course, url, todo.chosen))
    summary = _summary(todo)
    progress(len(todo.jobs), None)
    with _storing(course, url, todo.chosen, again=settings.again) as store:
        for graded in _graded(course, todo.jobs, settings):
            store(graded)
            _count(summary, graded)
            progress(len(todo.jobs), graded)
    with stage("records"):
        latest = list(marks.latest(url))
        standing = {(*one.name, one.learner): one for one in latest}
        # With what people gave by hand, as everywhere else.
        summary.attempts = [standing[(*one.name, one.learner)] for one in summary.attempts]
        names = {exercise.name for exercise in todo.chosen}
        summary.report = figures.collect(one for one in latest if one.name in names)
        pages.refresh(course, latest, todo.chosen, todo.found.others)
    summary.stages.update(stages.take())
    summary.seconds = time.monotonic() - begin
    return summary


def _prepare(
    course: Path, url: str, chosen: Sequence[Exercise]
) -> dict[tuple[str, str], ExerciseError]:
    """Make the gradebook ready for the exercises; say which of them cannot be in it."""
    course_id = release.course_id(course)
    faults: dict[tuple[str, str], ExerciseError] = {}
    try:
        gradebook.prepare(url, chosen, course_id=course_id)
    except ExerciseError:  # whose fault is it? The others are not to wait for it.
        for exercise in chosen:
            try:
                gradebook.prepare(url, [exercise], course_id=course_id)
            except ExerciseError as error:
                faults[exercise.name] = error
    for assignment in {exercise.assignment for exercise in chosen}:
        # nbgrader's formgrader lists the assignments that have a folder here.
        (course / "source" / assignment).mkdir(parents=True, exist_ok=True)
    return faults


def _graded(course: Path, jobs: Sequence[Job], settings: Settings) -> Iterator[Graded]:
    if settings.scheduler is None:
        return grade_all(course, jobs, settings)
    from grader.grading.cluster import grade_on_cluster

    return grade_on_cluster(course, jobs, settings)


def _summary(todo: Work) -> Summary:
    return Summary(todo.submissions, todo.unchanged, pending=todo.pending, notices=todo.notices)


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
    todo = work.find(course, url, only, settings)
    summary = _summary(todo)
    progress(len(todo.jobs), None)
    with records.open(url) as book:
        given = marks.by_hand(book)
    changes: list[Change] = []
    for graded in _graded(course, todo.jobs, settings):
        _count(summary, graded)
        progress(len(todo.jobs), graded)
        where = graded.job.where
        changes += _changes(graded, todo.earlier.get(where), given.get(where, {}))
    summary.seconds = time.monotonic() - begin
    return summary, sorted(changes, key=lambda change: change.submission)


def _changes(
    graded: Graded, before: Attempt | None, given: Mapping[str, ByHand]
) -> Iterator[Change]:
    if graded.attempt is None:
        return
    was, now = _outcomes(before), _outcomes(graded.attempt)
    told = [now[name][1] for name in now if was.get(name, now[name])[0] != now[name][0]]
    answers = {task.task: task.answer_sha256 for task in (before.tasks if before else ())}
    for task in graded.attempt.tasks:
        changed = answers.get(task.task) not in (None, "", task.answer_sha256)
        if changed and task.task in given:
            told.append(f"{task.task}: the answer is another one; a person has to read it again")
    after = marks.with_hand(graded.attempt, given)
    before = marks.with_hand(before, given) if before else None
    points = (before.score, before.max_score) if before else (None, None)
    if points != (after.score, after.max_score) or told:
        name, most = graded.job.name, after.max_score
        yield Change(name, points[0], after.score, tuple(told), points[1], most)


def _outcomes(attempt: Attempt | None) -> dict[str, tuple[bool, str]]:
    tests = (test for task in attempt.tasks for test in task.tests) if attempt else ()
    return {test.name: (test.outcome is Outcome.PASSED, test.behaviour) for test in tests}


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
        summary.pending.append(Pending(graded.job.name, graded.fault))
    else:
        summary.attempts.append(graded.attempt)


def to_json(summary: Summary, changes: Iterable[Change] | None = None) -> dict[str, Any]:
    """Return what a script wants to know of a `grade`, or with `changes` of a `preview`."""
    told = {} if changes is None else {"changes": [_change_json(change) for change in changes]}
    return told | {
        "submissions": summary.jobs,
        "unchanged": summary.unchanged,
        "reused_results": summary.reused,
        "graded": [score.to_json(attempt) for attempt in summary.attempts],
        "pending": [{"submission": p.submission, "reason": p.fault} for p in summary.pending],
        "notices": summary.notices,
        "seconds": round(summary.seconds, 3),
        "stages": {name: round(seconds, 3) for name, seconds in summary.stages.items()},
        "exit_code": summary.exit_code,
    }


def _change_json(change: Change) -> dict[str, Any]:
    before = None if change.before is None else str(change.before)
    behaviors = list(change.behaviors)
    told = {"submission": change.submission, "before": before, "after": str(change.after)}
    most = {"max_before": change.most_before, "max_after": change.most_after}
    return {**told, **most, "behaviors": behaviors}
