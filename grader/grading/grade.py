"""The main path: from a course's submitted/ to records, gradebook and feedback.

`grade` reads as the story. Results are stored in batches as they come, the record last: what a
killed command had not stored is graded by the next, and nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader import stages
from grader.book import marks, projection, records
from grader.book.records import Records
from grader.errors import ExerciseError
from grader.exercises import folder, release
from grader.exercises.folder import Exercise
from grader.grading import work
from grader.grading.job import Graded, Settings
from grader.grading.pool import Crew, staff
from grader.grading.summary import Progress, Summary, each_graded
from grader.grading.work import Work
from grader.pages import keep
from grader.score import figures
from grader.score.attempt import Attempt
from grader.stages import stage
from grader.submissions import inbox

BATCH = 16
STORE_SECONDS = 2.0
MOST_WAITING = 32  # processes that wait for submissions


def grade(
    course: Path,
    url: str,
    *,
    only: str | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda total, graded: None,
    crew: Crew | None = None,
) -> Summary:
    """Grade what is in submitted/ and not graded yet; `only` names an assignment or an exercise.

    `progress` is called with the number of jobs before the first, then with each job's outcome. A
    `crew` that is there already grades, and stays.
    """
    settings = settings or Settings()
    begin = time.monotonic()
    with records.open(url) as book:
        todo = work.find(course, book, only, settings)
        with stage("records"):
            todo = todo.without(_prepare(course, book, todo.chosen))
        summary = Summary.of(todo)
        with _storing(course, book, todo.chosen, again=settings.again) as store:
            for graded in each_graded(course, todo, settings, summary, progress, crew):
                store(graded)
        with stage("records"):
            _report(course, todo, summary, list(marks.latest(book)))
    summary.stages.update(stages.take())
    summary.seconds = time.monotonic() - begin
    return summary


def _report(course: Path, todo: Work, summary: Summary, latest: Sequence[Attempt]) -> None:
    """Tell how things stand now: in the summary, on the index, and on pages that say otherwise."""
    standing = {one.where: one for one in latest}
    # With what people gave by hand, as everywhere else.
    summary.attempts = [standing[one.where] for one in summary.attempts]
    names = {exercise.name for exercise in todo.chosen}
    summary.report = figures.collect(one for one in latest if one.name in names)
    keep.refresh(course, latest, todo.chosen, todo.found)


def _prepare(
    course: Path, book: Records, chosen: Sequence[Exercise]
) -> dict[tuple[str, str], ExerciseError]:
    """Make the gradebook ready for the exercises; say which of them cannot be in it."""
    course_id = release.course_id(course)
    faults: dict[tuple[str, str], ExerciseError] = {}
    try:
        projection.prepare(book, chosen, course_id=course_id)
    except ExerciseError:  # whose fault is it? The others are not to wait for it.
        for exercise in chosen:
            try:
                projection.prepare(book, [exercise], course_id=course_id)
            except ExerciseError as error:
                faults[exercise.name] = error
    for assignment in {exercise.assignment for exercise in chosen}:
        # nbgrader's formgrader lists the assignments that have a folder here.
        (course / "source" / assignment).mkdir(parents=True, exist_ok=True)
    return faults


def begin_crew(course: Path, url: str, only: str | None, settings: Settings) -> Crew:
    """Start processes that grade the chosen exercises whenever they are asked to."""
    chosen, _ = folder.choose(course, folder.survey(course), only)
    with records.open(url) as book:
        settings = replace(settings, private=work.private(course, book))
    crew = staff(course, chosen, settings, MOST_WAITING)
    for worker in crew.workers:
        worker.start()
    return crew


@contextmanager
def _storing(
    course: Path, book: Records, chosen: Sequence[Exercise], *, again: bool
) -> Iterator[Callable[[Graded | None], None]]:
    """Give a function that stores attempts in batches; the rest is stored at the end, always.

    It is called with None while none comes: what is graded does not wait for one that hangs.
    """
    waiting: list[Attempt] = []
    last = time.monotonic()

    def flush() -> None:
        nonlocal last
        if waiting:
            with stage("records"):
                projection.store(book, waiting, chosen, inbox.times(course), again=again)
            waiting.clear()
        last = time.monotonic()

    def store(graded: Graded | None) -> None:
        if graded is not None and graded.attempt is not None:
            waiting.append(graded.attempt)
        if len(waiting) >= BATCH or time.monotonic() - last > STORE_SECONDS:
            flush()

    try:
        yield store
    finally:
        flush()
