"""The same as grading, writing nothing: whose scores would change."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from grader.book import marks, records
from grader.grading import work
from grader.grading.job import Graded, Settings
from grader.grading.summary import Change, Progress, Summary, each_graded
from grader.score.attempt import Attempt, ByHand, Outcome


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
    with records.open(url) as book:
        todo = work.find(course, book, only, settings)
        given = marks.by_hand(book)
    summary = Summary.of(todo)
    changes: list[Change] = []
    for graded in filter(None, each_graded(course, todo, settings, summary, progress)):
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
