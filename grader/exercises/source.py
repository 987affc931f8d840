"""The author's `notebook.py`: its cells, stubs and reference solutions."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader import lean
from grader.errors import ExerciseError
from grader.exercises.cells import names, parse
from grader.exercises.folder import Exercise, Task
from grader.exercises.support import NOTEBOOK

CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
WRITTEN_STUB = ("YOUR ANSWER HERE",)
_MARKER = re.compile(r"(\s*)#+ *(BEGIN|END) SOLUTION\s*")
# Keys that jupytext adds by itself say how the text was laid out, not what the cell is.
_LAYOUT = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker", "title"}
_KEYS = {"task", "manual", "tags"}
# What a test's `submission` has for itself: a notebook's own would never be asked for.
SHADOWED = frozenset({"call", "cell", "library"})


def source(exercise: Exercise) -> NotebookNode:
    """Parse and check the author's notebook; raise ExerciseError naming file and cell.

    What it returns is parsed once for each content of the file, and not to be changed.
    """
    path = exercise.folder / NOTEBOOK
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ExerciseError(f"{path}: missing") from None
    except UnicodeDecodeError as error:
        raise ExerciseError(f"{path}: {error}") from None
    return _parsed(exercise, path, text)


@functools.lru_cache(maxsize=64)  # parsing takes most of the time of reading a submission
def _parsed(exercise: Exercise, path: Path, text: str) -> NotebookNode:
    notebook: NotebookNode = lean.module("jupytext.jupytext").reads(text, fmt="py:percent")
    for number, cell in enumerate(notebook.cells, 1):
        title = cell.source.strip().partition("\n")[0][:40]
        for layout in _LAYOUT & set(cell.metadata):
            del cell.metadata[layout]
        _check_cell(exercise, cell, f'{path}: cell {number} ("{title}")')
    _check_whole(exercise, notebook, str(path))
    return notebook


def stubs(exercise: Exercise) -> dict[str, str]:
    """Return what the learner finds in each answer cell, by task."""
    return {task: stub(cell) for task, cell in _sources(exercise)}


def references(exercise: Exercise) -> dict[str, str]:
    """Return the author's own answers, by task, without the solution markers."""
    return {
        task: "\n".join(line for kind, line in _parts(cell.source) if kind != "marker")
        for task, cell in _sources(exercise)
    }


def solutions(exercise: Exercise) -> dict[str, tuple[str, ...]]:
    """Return the lines that a learner must never be given, by task."""
    return {
        task: tuple(line for kind, line in _parts(cell.source, cell) if kind == "solution")
        for task, cell in _sources(exercise)
    }


def stub(cell: NotebookNode) -> str:
    """Replace the solutions of an answer cell of the author's notebook by the prompt to write."""
    prompt = WRITTEN_STUB if cell.cell_type == "markdown" else CODE_STUB
    if not _marked(cell.source):
        return "\n".join(prompt)
    lines: list[str] = []
    for kind, line in _parts(cell.source):
        marker = _MARKER.fullmatch(line)
        if kind == "given":
            lines.append(line)
        elif marker and marker[2] == "BEGIN":
            lines += [marker[1] + text for text in prompt]
    return "\n".join(lines)


def _check_cell(exercise: Exercise, cell: NotebookNode, where: str) -> None:
    for key in set(cell.metadata) - _KEYS:
        near = get_close_matches(key, sorted(_KEYS), n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(_KEYS))}"
        raise ExerciseError(f"{where}: unknown cell option {key!r}; {hint}")
    fault = _marker_fault(cell.source) or _name_fault(cell)
    if fault:
        raise ExerciseError(f"{where}: {fault}")
    if "task" in cell.metadata:
        fault = _answer_fault(task_named(exercise, cell.metadata.task, where), cell)
    elif "manual" in cell.metadata:
        fault = 'manual needs task="…"'
    elif _marked(cell.source):
        fault = 'a solution stands outside an answer cell; give the cell task="…"'
    if fault:
        raise ExerciseError(f"{where}: {fault}")


def task_named(exercise: Exercise, task: Any, where: str) -> Task:
    try:
        return exercise.task(str(task))
    except ExerciseError as error:
        raise ExerciseError(f"{where}: {error}") from None


def _marker_fault(text: str) -> str:
    expected = "BEGIN"
    for line in text.split("\n"):
        marker = _MARKER.fullmatch(line)
        if marker is None:
            if re.search(r"\b(BEGIN|END) SOLUTION", line):
                return f"a solution marker stands alone on its line: {line.strip()!r}"
            continue
        if marker[2] != expected:
            return f"{marker[2]} SOLUTION without the other marker before it"
        expected = "END" if expected == "BEGIN" else "BEGIN"
    return "BEGIN SOLUTION without END SOLUTION" if expected == "END" else ""


def _name_fault(cell: NotebookNode) -> str:
    if cell.cell_type != "code":
        return ""
    taken = sorted(names(cell.source, imports=False) & SHADOWED)
    return f"{taken[0]} is what tests call on a submission; choose another name" if taken else ""


def _answer_fault(task: Task, cell: NotebookNode) -> str:
    written = bool(cell.metadata.get("manual", False))
    if written != task.manual:
        return f"manual is {written} here, and {task.manual} in exercise.toml"
    if written != (cell.cell_type == "markdown"):
        return "a written answer is a [markdown] cell with manual=true, any other a code cell"
    if written:
        return ""
    if not _marked(cell.source):
        return "no ### BEGIN SOLUTION / ### END SOLUTION in the answer"
    if parse(cell.source) is None or parse(stub(cell)) is None:
        return "the answer must be valid Python with the solution, and without it"
    return ""


def _check_whole(exercise: Exercise, notebook: NotebookNode, path: str) -> None:
    answered = [cell.metadata.task for cell in notebook.cells if "task" in cell.metadata]
    for task in exercise.tasks:
        if answered.count(task.name) != 1:
            raise ExerciseError(
                f'{path}: task {task.name} needs one cell with task="{task.name}"; '
                f"there are {answered.count(task.name)}"
            )
    given = "\n".join(
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and "task" not in cell.metadata
    )
    if not all(task.manual for task in exercise.tasks) and "check" not in names(given):
        raise ExerciseError(f"{path}: a given cell must say: from grader import check, hint, load")


def _sources(exercise: Exercise) -> Iterator[tuple[str, NotebookNode]]:
    for cell in source(exercise).cells:
        if "task" in cell.metadata:
            yield cell.metadata.task, cell


def _marked(text: str) -> bool:
    return any(_MARKER.fullmatch(line) for line in text.split("\n"))


def _parts(text: str, cell: NotebookNode | None = None) -> Iterator[tuple[str, str]]:
    """Say of each line what it is: a marker, given, or solution (all of an unmarked cell)."""
    kind = "given" if cell is None or _marked(text) else "solution"
    for line in text.split("\n"):
        marker = _MARKER.fullmatch(line)
        if marker:
            kind = "solution" if marker[2] == "BEGIN" else "given"
        yield ("marker" if marker else kind), line
