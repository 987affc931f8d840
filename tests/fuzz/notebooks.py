"""Submitted files: real notebooks with damaged bytes, odd JSON and hostile texts."""

from __future__ import annotations

import json
import random
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from grader.errors import SubmissionError
from grader.exercises import notebook
from grader.exercises.folder import Exercise
from grader.pages import feedback, formgrader
from grader.submissions import align as submission
from grader.submissions import upload
from tests.builders import an_attempt, heights
from tests.fuzz import mutate
from tests.test_feedback import HOSTILE_HTML, HOSTILE_MARKDOWN, assert_inert

OUTPUTS: list[Any] = [
    {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
    {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mx\x1b[0m"]},
    {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<b>x</b>"}},
    {"output_type": "execute_result", "metadata": {}, "data": {"image/png": "iVBORw0KGgo="}},
]
ODD: list[Any] = [
    *mutate.ODD, *HOSTILE_HTML, *HOSTILE_MARKDOWN, *OUTPUTS,
    "code", "markdown", "raw", "heading", 3, 4, 5, "parse_height", "heights-given-1", "tallest",
    "def parse_height(text):\n    return 1", "parse_height = 1", "def tallest(", "!ls",
    "%%bash\nls", "for x in range(3)", "x" * 100_000, "(" * 5000, "\n" * 5000, "lambda: " * 500,
    "é\u2028\x85\r",
    {"nbgrader": {"grade_id": "tallest", "solution": True}}, {"nbgrader": []},
    {"grader": {"origin": 1}}, ["a\n", "b"], ["a", 1], {"a": {"a": {"a": []}}},
]  # fmt: skip


@cache
def exercise() -> Exercise:
    """Write the exercise that all these notebooks are for."""
    folder = tempfile.mkdtemp(prefix="grader-fuzz-")
    return heights(Path(folder))


@cache
def _released() -> Any:
    return notebook.release(exercise())


@cache
def seeds() -> list[Any]:
    """Return notebooks as learners hand them in: solved, unsolved, old, with outputs."""
    solved = json.loads(notebook.dumps(notebook.solve(exercise())))
    unsolved = json.loads(notebook.dumps(_released()))
    shown = json.loads(json.dumps(solved))
    for cell in shown["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = OUTPUTS
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}}
    inputs = [{**cell, "input": cell["source"]} for cell in solved["cells"]]
    return [solved, unsolved, shown, {**old, "worksheets": [{"cells": inputs}]}]


def mutated(seed: int) -> bytes:
    """Damage a notebook a few times: its parts, sometimes its bytes."""
    chance = random.Random(seed)
    tree, other = chance.choice(seeds()), chance.choice(seeds())
    for _ in range(chance.randint(1, 12)):
        tree = mutate.changed(tree, other, chance, ODD)
    data = json.dumps(tree).encode()
    if chance.random() < 0.2:
        data = mutate.damaged(data, json.dumps(other).encode(), chance)
    return data


def check(data: bytes) -> str:
    """Take a file from upload to both pages; it is refused with a sentence, or all of it works."""
    path = exercise().folder.parent / "submitted.ipynb"
    path.write_bytes(data)
    try:
        submitted = upload.read(path)
    except SubmissionError as error:
        assert str(error).strip().endswith((".", "again"))
        return "refused"
    aligned = submission.align(submitted, _released(), exercise())
    nbformat.validate(aligned.notebook)
    assert set(aligned.answers) == {task.name for task in exercise().tasks}
    attempt = an_attempt(repairs=aligned.repairs)
    assert_inert(feedback.page(attempt, exercise(), aligned))
    made = formgrader.autograded(attempt, aligned)
    nbformat.validate(made)
    notebook.dumps(made)
    return "read"
