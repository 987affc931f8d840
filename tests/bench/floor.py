"""The floor: the same cells and tests, run in a warm process with nothing around them.

`python -m tests.bench.floor COURSE` prints, as JSON, what each learner of the class earns so and
how many seconds of processor and clock it took. No isolation, no limits, no records, no pages.
Once in that very process ("floor"), and once with a fork for each submission and for each of its
tests ("floor with forks"): what it costs alone that every test starts from a clean state.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

import nbformat

from tests.bench import workload

Cell = tuple[str, str]  # the task that it answers, and its source
TESTS = [(test.task, compile(test.body, test.name, "exec")) for test in workload.tests()]


def main(course: Path) -> None:
    """Run the class once to warm up, and once to measure, each way."""
    os.chdir(course)
    books = {path.parent.parent.name: list(cells(path)) for path in submitted(course)}
    for book in list(books.values())[:3]:
        points(book)
    gc.collect()
    gc.freeze()  # as in the sandbox: forks share more
    ways = {"floor": points, "floor with forks": points_with_forks}
    print(json.dumps({name: measured(books, way) for name, way in ways.items()}))


def measured(books: dict[str, list[Cell]], way: Callable[[list[Cell]], int]) -> dict[str, Any]:
    """Run the class one way; tell seconds, those of forks included, and points."""
    cpu, wall = used(), time.perf_counter()
    earned = {learner: way(book) for learner, book in books.items()}
    return {"cpu": used() - cpu, "wall": time.perf_counter() - wall, "points": earned}


def used() -> float:
    """Return the processor seconds of this process and of its children that ended."""
    return sum(os.times()[:4])


def submitted(course: Path) -> list[Path]:
    """List the class's notebooks."""
    return sorted(course.glob(f"submitted/*/{workload.ASSIGNMENT}/{workload.NAME}.ipynb"))


def cells(path: Path) -> Iterator[Cell]:
    """Yield the code cells with the task that each answers, "" for the others."""
    for cell in nbformat.read(path, 4).cells:
        told = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not told.get("grade"):
            yield (told.get("grade_id", "") if told.get("solution") else ""), cell.source


def points(book: list[Cell]) -> int:
    """Run one notebook, each answer with its tests after it."""
    space: dict[str, Any] = {}
    exec(workload.STAND_IN, space)
    earned = 0
    for task, source in book:
        runs(source, space)
        earned += sum(runs(code, space) for name, code in TESTS if name == task)
    return earned * workload.POINTS


def points_with_forks(book: list[Cell]) -> int:
    """Run one notebook in a fork, and each test in a fork of the state after it."""

    def tested() -> int:
        space: dict[str, Any] = {}
        exec(workload.STAND_IN, space)
        for _, source in book:
            runs(source, space)
        tasks = {task for task, _ in book}
        codes = [code for name, code in TESTS if name in tasks]
        return sum(in_fork(lambda code=code: int(runs(code, space))) for code in codes)

    return in_fork(tested) * workload.POINTS


def in_fork(body: Callable[[], int]) -> int:
    """Call in a fork of this process; return the result, a number from 0 to 254."""
    pid = os.fork()
    if pid == 0:
        result = 255
        try:
            result = body()
        finally:
            os._exit(result)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def runs(source: Any, space: dict[str, Any]) -> bool:
    """Tell whether code runs to its end."""
    try:
        exec(source, space)
    except Exception:  # noqa: BLE001 - a learner's mistake
        return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
