"""The floor: the same cells and tests, run in a warm process with nothing around them.

`python -m tests.bench.floor COURSE` prints, as JSON, what each learner of the class earns so and
how many seconds of processor and clock it took. No isolation, no limits, no records, no pages.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

import nbformat

from tests.bench import workload

TESTS = [(test.task, compile(test.body, test.name, "exec")) for test in workload.tests()]


def main(course: Path) -> None:
    """Run the class once to warm up, and once to measure."""
    os.chdir(course)
    books = {path.parent.parent.name: list(cells(path)) for path in submitted(course)}
    for book in list(books.values())[:3]:
        points(book)
    cpu, wall = time.process_time(), time.perf_counter()
    earned = {learner: points(book) for learner, book in books.items()}
    cost = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    print(json.dumps({**cost, "points": earned}))


def submitted(course: Path) -> list[Path]:
    """List the class's notebooks."""
    return sorted(course.glob(f"submitted/*/{workload.ASSIGNMENT}/{workload.NAME}.ipynb"))


def cells(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the code cells with the task that each answers, "" for the others."""
    for cell in nbformat.read(path, 4).cells:
        told = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not told.get("grade"):
            yield (told.get("grade_id", "") if told.get("solution") else ""), cell.source


def points(book: list[tuple[str, str]]) -> int:
    """Run one notebook, each answer with its tests after it."""
    space: dict[str, Any] = {}
    exec(workload.STAND_IN, space)
    earned = 0
    for task, source in book:
        runs(source, space)
        earned += sum(runs(code, space) for name, code in TESTS if name == task)
    return earned * workload.POINTS


def runs(source: Any, space: dict[str, Any]) -> bool:
    """Tell whether code runs to its end."""
    try:
        exec(source, space)
    except Exception:  # noqa: BLE001 - a learner's mistake
        return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
