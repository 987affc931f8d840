"""From an exercise to notebooks: the author's source, the learner's release, and solved ones.

Reads `notebook.py` and writes nothing. All that a notebook holds is made from the exercise's files
(ids, nbgrader's metadata, checksums), so the same exercise always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader import lean
from grader.errors import ExerciseError
from grader.exercises.cells import names, parse
from grader.exercises.folder import Exercise, Task

FORMAT = 1
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
WRITTEN_STUB = ("YOUR ANSWER HERE",)

_MARKER = re.compile(r"(\s*)#+ *(BEGIN|END) SOLUTION\s*")
_SECTION = re.compile(r"# %%[ \t]*(.*)")
_DOCSTRING = re.compile(r'(?s)\A\s*[rR]?("""|\'\'\')(.*?)\1|\A\s*"([^"\n]*)"')
# Keys that jupytext adds by itself say how the text was laid out, not what the cell is.
_LAYOUT = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker", "title"}
_KEYS = {"task", "manual", "tags"}


def source(exercise: Exercise) -> NotebookNode:
    """Parse and check the author's notebook; raise ExerciseError naming file and cell."""
    path = exercise.folder / "notebook.py"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ExerciseError(f"{path}: missing") from None
    except UnicodeDecodeError as error:
        raise ExerciseError(f"{path}: {error}") from None
    notebook: NotebookNode = lean.module("jupytext.jupytext").reads(text, fmt="py:percent")
    for number, cell in enumerate(notebook.cells, 1):
        title = cell.source.strip().partition("\n")[0][:40]
        for layout in _LAYOUT & set(cell.metadata):
            del cell.metadata[layout]
        _check_cell(exercise, cell, f'{path}: cell {number} ("{title}")')
    _check_whole(exercise, notebook, str(path))
    return notebook


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


def answers(notebook: NotebookNode) -> dict[str, str]:
    """Return what the answer cells of a released, solved or aligned notebook hold, by task."""
    return {
        cell.metadata.grader.task: cell.source
        for cell in notebook.cells
        if cell.metadata.grader.origin == "answer"
    }


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


def variant(exercise: Exercise, text: str, name: str = "variant") -> dict[str, str]:
    """Read a file of wrong/ or right/: the answer to each task that it gives.

    Its docstring is dropped; what stands before the first `# %% task` belongs to the first answer.
    """
    body = _DOCSTRING.sub("", text, count=1)
    sections = _sections(body)
    if len(sections) == 1:
        coded = [task.name for task in exercise.tasks if not task.manual]
        if len(coded) != 1:
            marks = ", ".join(f"# %% {task}" for task in coded)
            raise ExerciseError(f"{name}: say which task each part answers, with {marks}")
        return {coded[0]: body.strip("\n")}
    (_, preamble), *parts = sections
    given = {_coded(exercise, task, name): part.strip("\n") for task, part in parts}
    if len(given) < len(parts):
        raise ExerciseError(f"{name}: a task is answered twice")
    ordered = {task.name: given[task.name] for task in exercise.tasks if task.name in given}
    first = next(iter(ordered))
    ordered[first] = f"{preamble.strip()}\n\n\n{ordered[first]}".lstrip("\n")
    return ordered


def mistake(text: str) -> str:
    """Return the first line of a wrong file's docstring: the mistake that it makes."""
    return _docstring(text).strip().partition("\n")[0].strip()


def rejected_by(text: str) -> tuple[str, ...]:
    """Return the tests that a wrong file's docstring names in its paragraph `rejected by: …`."""
    found = re.search(r"(?ims)^\s*rejected by\s*:(.*?)(?:\n\s*\n|\Z)", _docstring(text))
    return tuple(re.findall(r"[^\s,]+", found[1])) if found else ()


def _check_cell(exercise: Exercise, cell: NotebookNode, where: str) -> None:
    for key in set(cell.metadata) - _KEYS:
        near = get_close_matches(key, sorted(_KEYS), n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(_KEYS))}"
        raise ExerciseError(f"{where}: unknown cell option {key!r}; {hint}")
    fault = _marker_fault(cell.source)
    if fault:
        raise ExerciseError(f"{where}: {fault}")
    if "task" in cell.metadata:
        fault = _answer_fault(_named(exercise, cell.metadata.task, where), cell)
    elif "manual" in cell.metadata:
        fault = 'manual needs task="…"'
    elif _marked(cell.source):
        fault = 'a solution stands outside an answer cell; give the cell task="…"'
    if fault:
        raise ExerciseError(f"{where}: {fault}")


def _named(exercise: Exercise, task: Any, where: str) -> Task:
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


def _sections(text: str) -> list[tuple[str, str]]:
    """Cut at the `# %% name` lines; what stands before the first one has the name ""."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    for line in text.split("\n"):
        marker = _SECTION.fullmatch(line)
        if marker:
            sections.append((marker[1].strip(), []))
        else:
            sections[-1][1].append(line)
    return [(name, "\n".join(lines)) for name, lines in sections]


def _coded(exercise: Exercise, name: str, where: str) -> str:
    if _named(exercise, name, where).manual:
        raise ExerciseError(f"{where}: # %% {name}: a written answer has no tests")
    return name


def _docstring(text: str) -> str:
    found = _DOCSTRING.match(text)
    return (found[2] or found[3] or "") if found else ""
