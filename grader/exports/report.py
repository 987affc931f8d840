"""The class at a glance: tables for the terminal, rows for spreadsheets, data for scripts.

Two sources, and they answer different questions: attempts (`records`) say what the tests found;
marks (nbgrader's tables) say what counts, with what people gave by hand and late penalties.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from grader.book import marks
from grader.errors import GradebookError
from grader.pages import inert
from grader.pages.feedback import points_text
from grader.score.attempt import Attempt, Ending, Outcome, TaskScore
from grader.stages import NAMES
from grader.suite.run import UNWRITTEN

WAITS, AGAIN = "*", "**"  # behind points for which a person has to do something
MOST_WAITING = 20  # of answers that a person has yet to read
MOST_NAMES = 5  # of submissions that wait for the same reason
MOST_ROWS = 40  # of learners on a terminal
MARK_COLUMNS = (  # nbgrader's own, in its order
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
    "waiting_answers",  # ours: how many a person has yet to read
)  # fmt: skip
TASK_COLUMNS = (
    "assignment", "exercise", "student_id", "task", "points", "max_points", "tests_passed", "tests",
    "ending", "isolation", "started", "submission_sha256", "suite_sha256", "waiting_answers",
)  # fmt: skip

Name = tuple[str, str]  # of an exercise: assignment, slug


@dataclass(frozen=True, slots=True)
class Cell:
    """One learner's latest attempt at one exercise."""

    points: Fraction
    max_points: int
    waits: bool  # for a person to read an answer
    ending: Ending
    again: bool = False  # one that was marked for an earlier answer

    @property
    def star(self) -> str:
        """Return the sign for what a person has to do."""
        return AGAIN if self.again else WAITS if self.waits else ""


@dataclass(slots=True)
class TaskFigures:
    """How a class did in one task."""

    attempts: int = 0
    earned: Fraction = Fraction(0)
    possible: int = 0

    @property
    def facility(self) -> Fraction:
        """Return the part of the points that the class earned."""
        return self.earned / self.possible if self.possible else Fraction(0)


@dataclass(slots=True)
class Missed:
    """How often one behaviour was missed."""

    behaviour: str
    times: int = 0
    attempts: int = 0


@dataclass(slots=True)
class ClassReport:
    """What attempts say of a class; holds figures, not the attempts."""

    learners: dict[str, dict[Name, Cell]] = field(default_factory=dict)
    tasks: dict[tuple[str, str, str], TaskFigures] = field(default_factory=dict)
    behaviours: dict[tuple[str, str, str], Missed] = field(default_factory=dict)

    @property
    def exercises(self) -> list[Name]:
        """Return the names of the exercises that somebody attempted, in order."""
        return sorted({name for row in self.learners.values() for name in row})

    def missed(self) -> list[tuple[Name, Missed]]:
        """Return the behaviours that were missed, the most missed first."""
        found = [((key[0], key[1]), one) for key, one in self.behaviours.items() if one.times]
        return sorted(found, key=lambda item: (-item[1].times, item[0], item[1].behaviour))


def collect(attempts: Iterable[Attempt]) -> ClassReport:
    """Sum up attempts, the latest of each learner and exercise, as they stream by."""
    report = ClassReport()
    for attempt in attempts:
        name = (attempt.assignment, attempt.exercise)
        cell = Cell(
            attempt.score,
            attempt.max_score,
            any(task.waits for task in attempt.tasks),
            attempt.ending,
            any(task.by_hand and task.by_hand.again for task in attempt.tasks),
        )
        report.learners.setdefault(attempt.learner, {})[name] = cell
        _count(report, name, attempt)
    return report


def _count(report: ClassReport, name: Name, attempt: Attempt) -> None:
    for task in attempt.tasks:
        if task.counted is not None and not task.waits:
            figures = report.tasks.setdefault((*name, task.task), TaskFigures())
            figures.attempts += 1
            figures.earned += task.counted
            figures.possible += task.max_points
        for test in () if _is_unwritten(task) else task.tests:
            missed = report.behaviours.setdefault(
                (*name, test.name), Missed(test.behaviour or test.name)
            )
            missed.attempts += 1
            missed.times += test.outcome is not Outcome.PASSED


def _is_unwritten(task: TaskScore) -> bool:
    """Say whether there was nothing that could miss a behaviour: no answer, or no notebook."""
    return all(t.outcome is Outcome.NOT_RUN or t.detail == UNWRITTEN for t in task.tests)


def to_json(report: ClassReport) -> dict[str, Any]:
    """Return the report for `json.dumps`; points are numbers here."""
    return {
        "learners": [
            {"learner": learner, "exercises": [_cell_json(*item) for item in sorted(row.items())]}
            for learner, row in sorted(report.learners.items())
        ],
        "tasks": [
            {
                **_names(key),
                "task": key[2],
                "attempts": one.attempts,
                "facility": float(one.facility),
            }
            for key, one in sorted(report.tasks.items())
        ],
        "missed": [
            {**_names(name), "behaviour": m.behaviour, "times": m.times, "attempts": m.attempts}
            for name, m in report.missed()
        ],
    }


def _cell_json(name: Name, cell: Cell) -> dict[str, Any]:
    points = {"points": float(cell.points), "max_points": cell.max_points}
    return {**_names(name), **points, "waits": cell.waits, "ending": cell.ending.value}


def _names(key: Sequence[str]) -> dict[str, str]:
    return {"assignment": key[0], "exercise": key[1]}


# The terminal ------------------------------------------------------------------------------------


class Waiting(Protocol):
    """A submission that could not be graded for a fault of ours."""

    @property
    def submission(self) -> str: ...
    @property
    def fault(self) -> str: ...


class Batch(Protocol):
    """What one run of grading did (`grading.Summary`)."""

    jobs: int
    unchanged: int
    attempts: list[Attempt]
    notices: list[str]
    seconds: float
    report: ClassReport  # of the latest attempts, those of earlier runs included

    @property
    def pending(self) -> Sequence[Waiting]: ...


@dataclass(frozen=True, slots=True)
class Change:
    """What grading a submission anew would change; `before` is None for one without a score."""

    submission: str
    before: Fraction | None
    after: Fraction
    behaviors: tuple[str, ...]  # of the tests that would end otherwise
    most_before: int | None
    most_after: int


def summary(batch: Batch) -> Iterator[RenderableType]:
    """Yield what to print after a batch: counts, tables, and all that needs somebody's eye."""
    graded = len(batch.attempts)
    yield Text(
        f"{batch.jobs} submissions: {graded} graded in {batch.seconds:.1f} s, "
        f"{batch.unchanged} unchanged, {len(batch.pending)} pending"
    )
    if batch.report.learners:
        yield from tables(batch.report)
    yield from _troubles(batch)


def _troubles(batch: Batch) -> Iterator[RenderableType]:
    for notice in batch.notices:
        yield Text(f"Note: {inert.printable(notice)}")
    by_fault: dict[str, list[str]] = {}
    for waiting in batch.pending:
        by_fault.setdefault(waiting.fault, []).append(waiting.submission)
    for fault, names in by_fault.items():
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        line = f"Pending: {', '.join(names[:MOST_NAMES])}{more}: {fault}"
        yield Text(inert.printable(line), style="bold red")


def changes(batch: Batch, found: Sequence[Change]) -> Iterator[RenderableType]:
    """Yield what a preview found: whose score would change, by how much, and through what."""
    yield Text(
        f"{batch.jobs} submissions: {batch.unchanged} unchanged, {len(batch.attempts)} tried in "
        f"{batch.seconds:.1f} s, {len(found)} would change. Nothing was written."
    )
    if found:
        table = Table("Submission", title="Would change")
        table.add_column("Points", justify="right")
        table.add_column("Behavior that ends otherwise")
        for change in found:
            before = _of(change.before, change.most_before)
            points = f"{before} → {_of(change.after, change.most_after)}"
            table.add_row(_safe(change.submission), points, _safe("; ".join(change.behaviors)))
        yield table
    yield from _troubles(batch)


def _of(points: Fraction | None, most: int | None) -> str:
    return "none" if points is None else f"{points_text(points)}/{most}"


def profile(stages: Mapping[str, float], submissions: int) -> Table:
    """Make the table of where a batch's time went; processes in parallel add up."""
    table = Table("Stage", title="Where the time went")
    for heading in ("Seconds", "ms a submission", "Share"):
        table.add_column(heading, justify="right")
    whole = sum(seconds for name, seconds in stages.items() if not NAMES[name].startswith(" "))
    for name, title in NAMES.items():
        seconds = stages.get(name, 0.0)
        each = f"{1000 * seconds / submissions:.1f}" if submissions else ""
        share = f"{seconds / whole:.0%}" if whole else ""
        table.add_row(title, f"{seconds:.2f}", each, share)
    return table


def tables(report: ClassReport) -> Iterator[RenderableType]:
    """Yield the class by learner, by task, and by what was missed most."""
    yield _learner_table(report)
    cells = [cell for row in report.learners.values() for cell in row.values()]
    if any(cell.waits for cell in cells):
        yield Text(f"{WAITS} waits for a person to read an answer", style="dim")
    if any(cell.again for cell in cells):
        yield Text(f"{AGAIN} was marked for an earlier answer: read it again", style="dim")
    if (more := len(report.learners) - MOST_ROWS) > 0:
        yield Text(f"and {more} more learners: all are in feedback/index.html", style="dim")
    yield _task_table(report)
    if report.missed():
        yield _missed_table(report)


def _learner_table(report: ClassReport) -> Table:
    several = len({assignment for assignment, _ in report.exercises}) > 1
    table = Table("Learner", title="Points")
    for assignment, slug in report.exercises:
        heading = _safe(f"{assignment}/{slug}" if several else slug)
        table.add_column(heading, justify="right", overflow="fold")  # no name is cut
    for learner, row in sorted(report.learners.items())[:MOST_ROWS]:
        table.add_row(_safe(learner), *(_cell(row.get(name)) for name in report.exercises))
    return table


def _cell(cell: Cell | None) -> Text:
    if cell is None:
        return Text("-", style="dim")
    shown = f"{points_text(cell.points)}/{cell.max_points}{cell.star}"
    if cell.ending is Ending.OK:
        return Text(shown)
    return Text(f"{shown} {cell.ending.value}", style="red")


def _task_table(report: ClassReport) -> Table:
    table = Table("Exercise", "Task", title="Tasks")
    for heading in ("Attempts", "Points earned"):
        table.add_column(heading, justify="right")
    for (_, slug, task), figures in sorted(report.tasks.items()):
        earned = f"{round(100 * figures.facility)}%"
        table.add_row(_safe(slug), _safe(task), str(figures.attempts), earned)
    return table


def _missed_table(report: ClassReport) -> Table:
    table = Table("Exercise", "Behavior", title="Missed most")
    table.add_column("Missed", justify="right")
    for (_, slug), one in report.missed()[:10]:
        table.add_row(_safe(slug), _safe(one.behaviour), f"{one.times} of {one.attempts}")
    return table


def _safe(name: str) -> Text:
    # Text: what looks like rich's markup stays text; no control character moves the cursor.
    return Text(inert.printable(name))


# Marks -------------------------------------------------------------------------------------------


def export_csv(url: str, path: Path, *, tasks: bool = False) -> int:
    """Write marks as CSV with nbgrader's columns, or one row a task; return the number of rows."""
    if not tasks:
        return write_csv(path, MARK_COLUMNS, map(_mark_row, marks.marks(url)))
    rows = (row for attempt in marks.latest(url) for row in _task_rows(attempt))
    return write_csv(path, TASK_COLUMNS, rows)


def waiting(url: str) -> Iterator[str]:
    """Yield a sentence on the answers that a person has yet to read, and whose they are."""
    found = [
        f"{attempt.learner} ({attempt.exercise}, {task.task})"
        for attempt in marks.latest(url)
        for task in attempt.tasks
        if task.waits
    ]
    if found:
        names = inert.printable(", ".join(found[:MOST_WAITING]))
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
    name = (attempt.assignment, attempt.exercise, attempt.learner)
    how = (attempt.ending.value, attempt.isolation, attempt.started.isoformat())
    hashes = (attempt.submission_sha256, attempt.suite_sha256)
    for task in attempt.tasks:
        points = None if task.counted is None else float(task.counted)
        passed = sum(test.outcome is Outcome.PASSED for test in task.tests)
        figures = (points, task.max_points, passed, len(task.tests))
        yield (*name, task.task, *figures, *how, *hashes, int(task.waits))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows as they come and return their number; a reader sees the old file or the new."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    count = 0
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            # Texts in quotes: where lists are written with ";", a name could open another cell.
            writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
            writer.writerow(columns)
            for row in rows:
                writer.writerow([_field(value) for value in row])
                count += 1
        partial.replace(path)
    except OSError as error:
        raise GradebookError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
    return count


def _field(value: Any) -> Any:
    """Keep a spreadsheet from computing what a learner chose as a name ("=HYPERLINK(…")."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else value
