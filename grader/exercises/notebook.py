"""From an exercise to notebooks: the author's source, the learner's release, and solved ones.

Reads `notebook.py` and writes nothing. All that a notebook holds is made from the exercise's files
(ids, nbgrader's metadata, checksums), so the same exercise always gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader.exercises.folder import Exercise, Task
from grader.exercises.source import references, source, stub

FORMAT = 1


def release(exercise: Exercise) -> NotebookNode:
    """Make the learner's notebook: solutions taken out, given cells locked, checks put in."""
    cells: list[NotebookNode] = []
    given = 0
    for cell in source(exercise).cells:
        if "task" in cell.metadata:
            cells += _task_cells(exercise, exercise.task(cell.metadata.task), cell)
        else:
            given += 1
            cells.append(_given_cell(exercise, cell, given))
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": _metadata(exercise), "cells": cells}
    return node(whole)


def solve(exercise: Exercise, answers: Mapping[str, str] | None = None) -> NotebookNode:
    """Put answers into the release notebook; a task without one gets the reference solution."""
    given = dict(answers or {})
    for task in given:
        exercise.task(task)
    solved = {**references(exercise), **given}
    notebook = release(exercise)
    for cell in notebook.cells:
        if cell.metadata.grader.origin == "answer":
            cell.source = solved[cell.metadata.grader.task]
    return notebook


def dumps(notebook: NotebookNode) -> bytes:
    """Turn a notebook into the bytes of its file, always the same for the same notebook."""
    text: str = nbformat.writes(notebook)
    return (text.rstrip("\n") + "\n").encode()


def node(data: dict[str, Any]) -> NotebookNode:
    """Turn a plain dict into nbformat's, at every depth."""
    made: NotebookNode = nbformat.from_dict(data)
    return made


def _given_cell(exercise: Exercise, cell: NotebookNode, number: int) -> NotebookNode:
    made = _cell(exercise, cell.cell_type, cell.source, f"given-{number}", {"origin": "given"})
    if "tags" in cell.metadata:
        made.metadata.tags = cell.metadata.tags
    return _for_nbgrader(made, f"given-{number}", locked=True)


def _task_cells(exercise: Exercise, task: Task, cell: NotebookNode) -> list[NotebookNode]:
    ours = {"origin": "answer", "task": task.name}
    answer = _cell(exercise, cell.cell_type, stub(cell), task.name, ours)
    if task.manual:
        return [_for_nbgrader(answer, task.name, points=task.points, solution=True)]
    ours = {"origin": "check", "task": task.name}
    check = _cell(exercise, "code", f'check("{task.name}")', f"{task.name}-points", ours)
    return [
        _for_nbgrader(answer, task.name, solution=True),
        _for_nbgrader(check, f"{task.name}-points", points=task.points, locked=True),
    ]


def _cell(
    exercise: Exercise, cell_type: str, text: str, name: str, ours: dict[str, str]
) -> NotebookNode:
    id = f"{exercise.slug}-{name}".replace("_", "-")
    if len(id) > 64:  # nbformat's limit
        id = f"{id[:51]}-{hashlib.sha256(id.encode()).hexdigest()[:12]}"
    cell: dict[str, Any] = {"id": id, "cell_type": cell_type, "source": text}
    cell["metadata"] = {"deletable": False, "grader": ours}
    if cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    return node(cell)


def _for_nbgrader(
    cell: NotebookNode,
    grade_id: str,
    *,
    points: int | None = None,
    solution: bool = False,
    locked: bool = False,
) -> NotebookNode:
    if not solution:
        cell.metadata.editable = False
    told: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": points is not None,
        "solution": solution,
        "locked": locked,
        "task": False,
        "cell_type": cell.cell_type,
    }
    if points is not None:
        told["points"] = points
    cell.metadata.nbgrader = node({**told, "checksum": _checksum(cell, told)})
    return cell


def _checksum(cell: NotebookNode, told: dict[str, Any]) -> str:
    """Hash the cell exactly as nbgrader 0.9 does, which compares it with its own."""
    text = cell.source + cell.cell_type
    text += f"{told['grade']}{told['solution']}{told['locked']}{told['grade_id']}"
    if told["grade"]:
        text += str(float(told["points"]))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _metadata(exercise: Exercise) -> dict[str, Any]:
    ours = {"exercise": exercise.slug, "assignment": exercise.assignment, "format": FORMAT}
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {
            "codemirror_mode": {"name": "ipython", "version": 3},
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
        },
        "grader": ours,
    }
