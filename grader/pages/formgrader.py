"""What nbgrader's formgrader and generate_feedback show: results in the check cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from grader import text
from grader.exercises import notebook
from grader.pages import inert
from grader.pages.feedback import WORDS, said, without_picture
from grader.score.attempt import Attempt, Outcome, TaskScore
from grader.submissions import pictures, untrusted
from grader.submissions.pieces import Aligned


def autograded(attempt: Attempt, aligned: Aligned | None) -> NotebookNode:
    """Make formgrader's notebook: the submission with the results in its check cells.

    nbgrader renders markup as it comes, in the instructor's browser, so whatever could become
    active there is broken first.
    """
    results = {f"{task.task}-points": _results(task) for task in attempt.tasks}
    room = pictures.Room()
    unreadable = {"cell_type": "markdown", "source": attempt.note}
    cells = untrusted.items(aligned.notebook, "cells") if aligned else [unreadable]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    ours = {name: getattr(attempt, name) for name in ("submission_sha256", "suite_sha256")}
    whole = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}, "grader": ours},
        "cells": [
            _for_formgrader(cell, number, results, room) for number, cell in enumerate(cells, 1)
        ],
    }
    return notebook.node(whole)


def _for_formgrader(
    cell: Any, number: int, results: Mapping[str, str], room: pictures.Room
) -> dict[str, Any]:
    told = untrusted.get(cell, "metadata")
    known = {key: untrusted.get(told, key) for key in ("deletable", "editable", "nbgrader")}
    made: dict[str, Any] = {
        "id": untrusted.text(cell, "id") or f"cell-{number}",
        "metadata": {key: value for key, value in known.items() if value is not None},
        "source": text.printable(untrusted.text(cell, "source")),
    }
    if untrusted.get(cell, "cell_type") == "code":
        result = results.get(untrusted.text(told, "nbgrader", "grade_id"))
        saved = untrusted.items(cell, "outputs") if result is None else []
        outputs = [_kept(output, room) for output in saved]
        shown = outputs if result is None else [_stream(result)]
        return {**made, "cell_type": "code", "execution_count": None, "outputs": shown}
    if untrusted.get(told, "nbgrader", "locked") is not True:
        attached = pictures.attached(cell, room)
        made["source"] = inert.broken(made["source"], attached)
        made |= {"attachments": attached} if attached else {}
    return {**made, "cell_type": "markdown"}  # a raw cell would be copied into nbgrader's page


def _stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def _kept(output: Any, room: pictures.Room) -> dict[str, Any]:
    given = untrusted.text(output, "data", "image/png")
    image = pictures.png(given, room)
    if not image:
        told = without_picture(output) if given else said(output)
        return _stream(text.cut(text.printable(inert.uncoloured(told))))
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": image}}


def _results(task: TaskScore) -> str:
    lines = ["This answer waits for a person."] if task.points is None else []
    for test in task.tests:
        mark = "✓" if test.outcome is Outcome.PASSED else "✗"
        lines.append(f"{mark} {test.behaviour or test.name} ({WORDS[test.outcome]})")
        lines += [f"    {line}" for line in text.cut(test.detail).splitlines()]
    return text.printable("\n".join(lines))
