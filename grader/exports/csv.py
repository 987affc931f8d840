"""Marks as CSV: nbgrader's columns, or a row for each task."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from grader import files, text
from grader.book import marks
from grader.book.records import Records
from grader.errors import GradebookError
from grader.score.attempt import Attempt, Outcome

MOST_WAITING = 20  # of answers that a person has yet to read
MARK_COLUMNS = (  # nbgrader's own, in its order
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
    # Ours: how many a person has yet to read, and who seems to have written the timestamp.
    "waiting_answers", "timestamp_by",
)  # fmt: skip
TASK_COLUMNS = (
    "assignment", "exercise", "student_id", "task", "points", "max_points", "tests_passed", "tests",
    "ending", "isolation", "started", "submission_sha256", "suite_sha256", "waiting_answers",
)  # fmt: skip


def export_csv(book: Records, path: Path, *, tasks: bool = False) -> int:
    """Write marks as CSV with nbgrader's columns, or one row a task; return the number of rows."""
    if not tasks:
        by = marks.times_written_by(book)
        told = ((*_mark_row(m), by.get((m.assignment, m.learner), "")) for m in marks.marks(book))
        return write_csv(path, MARK_COLUMNS, told)
    rows = (row for attempt in marks.latest(book) for row in _task_rows(attempt))
    return write_csv(path, TASK_COLUMNS, rows)


def waiting(book: Records) -> Iterator[str]:
    """Yield a sentence on the answers that a person has yet to read, and whose they are."""
    found = [
        f"{attempt.learner} ({attempt.exercise}, {task.task})"
        for attempt in marks.latest(book)
        for task in attempt.tasks
        if task.waits
    ]
    if found:
        names = text.printable(", ".join(found[:MOST_WAITING]))
        more = len(found) - MOST_WAITING
        yield (
            f"{len(found)} {'answer waits' if len(found) == 1 else 'answers wait'} for a person: "
            f"{names}{f' and {more} more' if more > 0 else ''}"
        )


def _mark_row(mark: marks.Mark) -> tuple[Any, ...]:
    who = (mark.learner, mark.last_name, mark.first_name, mark.email)
    points = (
        mark.raw_score,
        mark.late_submission_penalty,
        mark.score,
        mark.max_score,
        mark.waiting,
    )
    return (mark.assignment, mark.duedate, mark.timestamp, *who, *points)


def _task_rows(attempt: Attempt) -> Iterator[tuple[Any, ...]]:
    how = (attempt.ending.value, attempt.isolation, attempt.started.isoformat())
    hashes = (attempt.submission_sha256, attempt.suite_sha256)
    for task in attempt.tasks:
        points = None if task.counted is None else float(task.counted)
        passed = sum(test.outcome is Outcome.PASSED for test in task.tests)
        figures = (points, task.max_points, passed, len(task.tests))
        yield (*attempt.where, task.task, *figures, *how, *hashes, int(task.waits))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows as they come and return their number; a reader sees the old file or the new."""
    count = 0
    try:
        with (
            files.replacing(path) as new,
            new.open("w", encoding="utf-8", newline="") as file,
        ):
            # Texts in quotes: where lists are written with ";", a name could open another cell.
            writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
            writer.writerow(columns)
            for row in rows:
                writer.writerow([_field(value) for value in row])
                count += 1
    except OSError as error:
        raise GradebookError(f"{path} cannot be written: {error.strerror}") from None
    return count


def _field(value: Any) -> Any:
    """Keep a spreadsheet from computing what a learner chose as a name ("=HYPERLINK(…")."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else value
