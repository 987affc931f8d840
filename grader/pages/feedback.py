"""What people read of an attempt: the learner's page, the class index, formgrader's notebook.

A learner's page needs no script and asks for nothing from anywhere; its content security policy
says so too. What the learner wrote reaches it through `inert` alone. It says of a hidden test what
the author wrote for the learner: never the assertion, its inputs, or what was printed meanwhile.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from grader.errors import SubmissionError
from grader.exercises.folder import Exercise
from grader.pages import inert
from grader.pages.render import render
from grader.sandbox.limits import Ending
from grader.score.attempt import Attempt, CellStatus, HandedInBy, Outcome
from grader.submissions import pictures, untrusted
from grader.submissions.intake import layout
from grader.submissions.pieces import Aligned

MAX_PAGE = 3_000_000  # characters of the learner's cells; the rest is left out, and that is said
MAX_FORMATTED = 80_000  # characters coloured or parsed; it bounds the time that a page can take
MAX_LINES = 50  # of repairs or stopped cells
LEFT_OUT = Markup("<p>The rest of the notebook is left out: it is too large for a page.</p>")
# In a page's head: what it shows besides the attempt, see `is_current`.
_BESIDE = re.compile(rb'<meta name="grader-beside" content="([0-9a-f]+)">')
WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "not passed",
    Outcome.ERROR: "not passed: an error stopped it",
    Outcome.TIMEOUT: "not passed: it took too long",
    Outcome.CRASHED: "not passed: the interpreter crashed",
    Outcome.NOT_RUN: "not run",
}
STATUSES = {
    CellStatus.ERROR: "raised an error",
    CellStatus.TIMEOUT: "took too long",
    CellStatus.CRASHED: "crashed the interpreter",
    CellStatus.MEMORY: "used too much memory",
    CellStatus.OUTPUT: "printed too much",
}
ENDINGS = {
    Ending.CRASHED: "The notebook crashed the interpreter.",
    Ending.TIMEOUT: "The notebook took too long.",
    Ending.MEMORY: "The notebook used more memory than the exercise allows.",
    Ending.OUTPUT: "The notebook printed more than the exercise allows.",
    Ending.UNREADABLE: "The file that was handed in could not be read as a notebook.",
}

# A time is worth what whoever wrote it down is.
WRITTEN_BY = {
    HandedInBy.UNKNOWN: "",
    HandedInBy.EXCHANGE: ", as a file says in the form of nbgrader's exchange",
    HandedInBy.ZIP_COLLECT: ", as a file says in the form of nbgrader's zip_collect",
    HandedInBy.ANYBODY: ", as a file says that came with it",
}


def is_current(course: Path, attempt: Attempt, others: Sequence[str]) -> bool:
    """Tell whether the page shows what a person gave by hand by now, and these other files."""
    names = map(folder_name, (attempt.learner, attempt.assignment))
    path = course.joinpath("feedback", *names) / f"{attempt.exercise}.html"
    try:
        with path.open("rb") as file:
            shown = _BESIDE.search(file.read(4_000))
    except OSError:
        shown = None
    return (shown[1].decode() if shown else "") == _beside(attempt, others)


def _beside(attempt: Attempt, others: Sequence[str]) -> str:
    """Hash what a page shows besides the attempt; empty when there is nothing."""
    hands = [(task.task, task.by_hand) for task in attempt.tasks if task.by_hand]
    whole = repr((hands, list(others)))
    return hashlib.sha256(whole.encode()).hexdigest()[:16] if hands or others else ""


def page(
    attempt: Attempt, exercise: Exercise, aligned: Aligned | None, others: Sequence[str] = ()
) -> str:
    """Make the learner's page: score, tests, repairs, and the notebook as it was handed in."""
    stopped = [report for report in attempt.cells if report.status is not CellStatus.OK]
    ending = attempt.note or ENDINGS.get(attempt.ending, "")
    return render(
        "page.html.j2",
        attempt=attempt,
        exercise=exercise,
        cells=list(_cells(aligned, {report.index: report.status for report in stopped})),
        waiting=sum(task.max_points for task in attempt.tasks if task.counted is None),
        others=others[:MAX_LINES],
        beside=_beside(attempt, others),
        stopped=stopped[:MAX_LINES],
        repairs=attempt.repairs[:MAX_LINES],
        ending=ending[:1].upper() + ending[1:],
        words=WORDS,
        written_by=WRITTEN_BY,
        statuses=STATUSES,
    )


def folder_name(name: str) -> str:
    if not layout.is_folder_name(name):
        raise SubmissionError(f"{name!r} cannot be the name of a folder")
    return name


@dataclass(frozen=True, slots=True)
class _Cell:
    number: int
    stopped: str
    parts: list[Markup]


def _cells(aligned: Aligned | None, stopped: Mapping[int, CellStatus]) -> Iterator[_Cell]:
    """Show cell after cell until the page is full, so that every browser can open it."""
    left, formatted, room = MAX_PAGE, 0, pictures.Room()
    for index, cell in enumerate(untrusted.items(aligned.notebook, "cells") if aligned else []):
        formatted += len(untrusted.text(cell, "source"))
        parts = []
        shown = {
            name: f"data:{kind};base64,{image}"
            for name, data in pictures.attached(cell, room).items()
            for kind, image in data.items()
        }
        left += sum(map(len, shown.values()))  # they have a bound of their own
        for part in _parts(cell, shown, formatted <= MAX_FORMATTED, room):
            left -= len(part)
            parts.append(part if left > 0 else LEFT_OUT)
            if left <= 0:
                break
        yield _Cell(index + 1, STATUSES.get(stopped.get(index, CellStatus.OK), ""), parts)
        if left <= 0:
            return


def _parts(
    cell: Any, shown: Mapping[str, str], formatted: bool, room: pictures.Room
) -> Iterator[Markup]:
    kind, source = untrusted.text(cell, "cell_type"), untrusted.text(cell, "source")
    if formatted and kind == "code":
        yield inert.code(source)
    elif formatted and kind == "markdown":
        yield inert.prose(source, shown)
    else:
        yield inert.text(source, shown)
    task = _checked(cell)
    if task:  # what its own run said when it was saved is not what counts
        yield Markup('<p><a href="#task-{0}">Results of {0}</a></p>').format(task)
    else:
        yield from (_output(output, room) for output in untrusted.items(cell, "outputs"))


def _checked(cell: Any) -> str:
    """Return the task whose results belong to this cell, if it is a check cell."""
    told = untrusted.get(cell, "metadata", "nbgrader")
    is_check = untrusted.get(told, "grade") is True and untrusted.get(told, "solution") is False
    return untrusted.text(told, "grade_id").removesuffix("-points") if is_check else ""


def _output(output: Any, room: pictures.Room) -> Markup:
    if image := pictures.png(untrusted.text(output, "data", "image/png"), room):
        start = Markup('<img alt="Picture drawn by this cell" src="data:image/png;base64,')
        return start + image + Markup('">')
    if markup := untrusted.text(output, "data", "text/html"):
        return Markup('<div class="html">{}</div>').format(inert.html(markup))
    if untrusted.text(output, "data", "image/png"):
        return inert.plain(without_picture(output))
    return inert.plain(said(output) or "(an output that cannot be shown here)")


def without_picture(output: Any) -> str:
    """Return the text of an output whose picture is not shown, which says so."""
    return "\n".join(filter(None, (pictures.LEFT_OUT.strip("*"), said(output))))


def said(output: Any) -> str:
    """Return the text of a stream, an error or a result."""
    lines = "\n".join(untrusted.text(line) for line in untrusted.items(output, "traceback"))
    error = ": ".join(
        filter(None, (untrusted.text(output, "ename"), untrusted.text(output, "evalue")))
    )
    return (
        untrusted.text(output, "text")
        or lines
        or error
        or untrusted.text(output, "data", "text/plain")
    )
