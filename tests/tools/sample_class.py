"""A class to grade: submissions made from the exercises' own variants, and some that go wrong.

Honest learners hand in right, wrong and unsolved notebooks of every exercise; the others hand in
one notebook each that was damaged by a tool or means harm. `make` writes nbgrader's submitted/ tree
and says of each submission what it was made from, so that a test can say what it must get.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.exercises import notebook, source, variants
from grader.exercises.folder import Exercise, find, find_all

MODULES = ("0-start", "4-cleaning")  # enough to see everything; the whole course takes longer
LEARNERS = 12
TIMESTAMP = "2026-01-15 17:00:00 UTC"
DAMAGED_EXERCISE = "late_share"
FULL, NONE = "full", "none"


@dataclass(frozen=True, slots=True)
class Handed:
    """One submission of the class: `variant` names what it was made from, `earns` what it must get.

    `earns` is "full", "none", or the name of the variant whose score it must equal.
    """

    learner: str
    exercise: Exercise
    variant: str
    earns: str


def make(source: Path, course: Path) -> list[Handed]:
    """Write a course folder with the exercises of `source`, and what a class handed in."""
    folder = course / "exercises"
    if folder.is_symlink():  # of an earlier version's demo
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("datasets", *(f"exercises/{module}" for module in MODULES)):
        link = course / name
        link.unlink(missing_ok=True)
        link.symlink_to((source / name).resolve(), target_is_directory=True)
    shutil.rmtree(course / "submitted", ignore_errors=True)
    handed = [*_honest(course), *_troubled(course)]
    return sorted(handed, key=lambda h: (h.learner, h.exercise.slug))


def _honest(course: Path) -> Iterator[Handed]:
    for exercise in find_all(course):
        variants = list(_variants(exercise))
        for number in range(LEARNERS):
            name, answers = variants[number % len(variants)]
            earns = {"right": FULL, "unsolved": NONE}.get(name.split("/")[0], name)
            learner = f"learner{number + 1:02d}"
            _write(course, learner, exercise, notebook.dumps(notebook.solve(exercise, answers)))
            yield Handed(learner, exercise, name, earns)


def _variants(exercise: Exercise) -> Iterator[tuple[str, dict[str, str]]]:
    kinds = {kind: sorted((exercise.folder / kind).glob("*.py")) for kind in ("right", "wrong")}
    for path in [*kinds["right"], *kinds["wrong"]]:
        text = path.read_text(encoding="utf-8")
        name = f"{path.parent.name}/{path.stem}"
        yield name, variants.variant(exercise, text, str(path))
    yield "unsolved", source.stubs(exercise)


def _troubled(course: Path) -> Iterator[Handed]:
    exercise = find(course, DAMAGED_EXERCISE)
    for name, (change, earns) in TROUBLE.items():
        solved = json.loads(notebook.dumps(notebook.solve(exercise)))
        changed = change(solved)
        data = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
        _write(course, f"trouble-{name}", exercise, data)
        yield Handed(f"trouble-{name}", exercise, name, earns)


def _write(course: Path, learner: str, exercise: Exercise, data: bytes) -> None:
    folder = course / "submitted" / learner / exercise.assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{exercise.slug}.ipynb").write_bytes(data)
    (folder / "timestamp.txt").write_text(TIMESTAMP)


# ---------------------------------------------------------------- what goes wrong


def _answer(whole: dict[str, Any]) -> dict[str, Any]:
    cells = whole["cells"]
    return next(cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution"))


def _with_body(body: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Replace the answer by a function that does something else before it returns nothing."""

    def change(whole: dict[str, Any]) -> dict[str, Any]:
        lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
        _answer(whole)["source"] = f"def {DAMAGED_EXERCISE}(flights, minutes=15):\n{lines}\n"
        return whole

    return change


def _with_cell(source: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Add a cell of the learner's own in front of the answer."""

    def change(whole: dict[str, Any]) -> dict[str, Any]:
        place = whole["cells"].index(_answer(whole))
        cell = {"cell_type": "code", "id": "own-cell", "metadata": {}, "outputs": []}
        whole["cells"].insert(place, {**cell, "execution_count": None, "source": source})
        return whole

    return change


def _only_answer(whole: dict[str, Any]) -> dict[str, Any]:
    return {**whole, "cells": [_answer(whole)]}


def _without_metadata(whole: dict[str, Any]) -> dict[str, Any]:
    for cell in whole["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    return {**whole, "metadata": {}, "nbformat_minor": 4}


def _reversed(whole: dict[str, Any]) -> dict[str, Any]:
    return {**whole, "cells": whole["cells"][::-1]}


def _twice(whole: dict[str, Any]) -> dict[str, Any]:
    return {**whole, "cells": [cell for cell in whole["cells"] for _ in range(2)]}


def _retyped(whole: dict[str, Any]) -> dict[str, Any]:
    answer = _answer(whole)
    answer["cell_type"] = "raw"
    for key in ("outputs", "execution_count"):
        answer.pop(key, None)
    return whole


def _forged(whole: dict[str, Any]) -> dict[str, Any]:
    """Claim the points in metadata and outputs, and solve nothing."""
    whole = _with_body("raise NotImplementedError()")(whole)
    for cell in whole["cells"]:
        told = cell["metadata"].get("nbgrader", {})
        if told.get("grade"):
            told["points"] = 1000
            output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
            cell["outputs"] = [{**output, "data": {"text/plain": ["1000"]}}]
    return whole


def _truncated(whole: dict[str, Any]) -> bytes:
    return json.dumps(whole).encode()[:-200]


SNOOP = """
import pathlib, sys
found = []
for place in ("..", "/grader-package", "/proc/1/root", "/proc/self/cwd", sys.path[0]):
    for pattern in ("test_hidden.py", "exercises/*/*/test_hidden.py", "*/test_hidden.py"):
        try:
            found += [p.read_text() for p in pathlib.Path(place).glob(pattern)]
        except OSError:
            pass
print(found)
raise RuntimeError(str(found))
"""
# Reserved and never written to: writing a gigabyte takes about as long as a test may here.
HOG = "import numpy\nblock = []\nwhile True:\n    block.append(numpy.empty(2**23))"

TROUBLE: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "endless-loop": (_with_body("while True:\n    pass"), NONE),
    "endless-cell": (_with_cell("while True:\n    pass"), FULL),
    "memory-hog": (_with_body(HOG), NONE),
    "killed-cell": (_with_cell("import os\nos._exit(7)"), FULL),
    "deleted-cells": (_only_answer, FULL),
    "no-metadata": (_without_metadata, FULL),
    "reversed-cells": (_reversed, FULL),
    "doubled-cells": (_twice, FULL),
    "retyped-cell": (_retyped, FULL),
    "forged-points": (_forged, NONE),
    "snoop": (_with_body(SNOOP), NONE),
    "truncated-file": (_truncated, NONE),
}
