"""A task's answer cell: as the kernel ran it last, or as a notebook's file has it.

The file says which cell it is, and may be older than what was run. JupyterLab tells the kernel the
ids of cells; elsewhere the history has to show that the file is the notebook as it is now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import LearnerError, SubmissionError
from grader.learners.places import Place
from grader.wire import location

if TYPE_CHECKING:
    from nbformat import NotebookNode

# What was run last, by the id of its cell.
_ran: dict[str, str] = {}


def watch() -> None:
    """Note from now on what this kernel runs."""
    if shell := location.shell():
        shell.events.register("pre_run_cell", _note)


def _note(info: Any) -> None:
    if info.cell_id:
        _ran[info.cell_id] = info.raw_cell


def as_run(place: Place, notebooks: Iterable[Path], task: str) -> str:
    """Return the answer as this kernel ran it; LearnerError says what to do where none is known.

    `notebooks` are where the notebook's file may be.
    """
    from grader.submissions.pieces import key_of

    file = next((path for path in notebooks if path.is_file()), None)
    cells = _code_cells(file) if file else []
    cell = _answer(cells, place, task)
    if (ran := _ran.get(cell.metadata.grader.id)) is not None:
        return ran
    saved = {key_of(each.source) for each in cells}
    running = True
    for source in reversed(_history()):
        if key_of(source) == key_of(cell.source):
            return source
        if not running and key_of(source) not in saved:
            break
        running = False
    what = f"the cell of {task} as it was run"
    raise _missing(f"{what}; save the notebook, run that cell, and check again")


def as_saved(place: Place, cells: Sequence[NotebookNode], task: str) -> str:
    """Return the answer that a notebook's cells hold; LearnerError where they hold none."""
    source: str = _answer(cells, place, task).source
    return source


def _answer(cells: Sequence[NotebookNode], place: Place, task: str) -> NotebookNode:
    """Find the last cell that says it is a task's answer; KeyError where no code answers it."""
    known = place.task(task)
    if known is None or known.manual:
        raise KeyError(task)
    claims = [cell for cell in cells if cell.metadata.grader.grade_id == task]
    if not claims:
        raise _missing(f"the notebook's cell for {task}")
    return claims[-1]


def _code_cells(file: Path) -> list[NotebookNode]:
    from grader.submissions import upload

    try:
        return [cell for cell in upload.read(file).cells if cell.cell_type == "code"]
    except SubmissionError:  # a link, perhaps, or half written
        return []


def _history() -> list[str]:
    shell = location.shell()
    return list(shell.history_manager.input_hist_raw) if shell else []


def _missing(what: str) -> LearnerError:
    return LearnerError("NameError", what)
