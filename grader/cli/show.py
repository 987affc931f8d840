"""What the terminal shows of a batch: counts, tables, and all that needs somebody's eye."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from grader import text
from grader.grading.summary import Change
from grader.sandbox.limits import Ending
from grader.score.attempt import Attempt
from grader.score.figures import AGAIN, WAITS, ClassReport, Standing
from grader.score.points import points_text
from grader.stages import NAMES

if TYPE_CHECKING:
    from rich.console import Console


MOST_NAMES = 5  # of submissions that wait for the same reason
MOST_ROWS = 40  # of learners on a terminal


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
    remarks: list[str]
    seconds: float
    report: ClassReport  # of the latest attempts, those of earlier runs included

    @property
    def pending(self) -> Sequence[Waiting]: ...


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
    for notice in [*batch.notices, *batch.remarks]:
        yield Text(f"Note: {text.printable(notice)}")
    by_fault: dict[str, list[str]] = {}
    for waiting in batch.pending:
        by_fault.setdefault(waiting.fault, []).append(waiting.submission)
    for fault, names in by_fault.items():
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        line = f"Pending: {', '.join(names[:MOST_NAMES])}{more}: {fault}"
        yield Text(text.printable(line), style="bold red")


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
            table.add_row(_safe(change.submission), points, _safe("; ".join(change.behaviours)))
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


def _cell(cell: Standing | None) -> Text:
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
    return Text(text.printable(name))


PIPED_WIDTH = 140


def terminal() -> Console:
    from rich.console import Console

    # A file or a pipe has no width; rich would cut the names of learners to fit 80 columns.
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
