"""How long a learner waits for `check`: `python -m tests.bench.answers` prints it as JSON.

Each exercise's reference is run in this process, as in a learner's kernel, and checked twice; the
second answer counts, when pytest and the tests have been imported.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
os.environ["MPLBACKEND"] = "Agg"

from grader.exercises import folder as exercises
from grader.exercises import notebook
from grader.exercises.folder import Exercise
from grader.learners import check as learner
from grader.learners import places

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Print the seconds of the second check by exercise, the slowest first."""
    warnings.simplefilter("ignore")
    os.chdir(ROOT)
    with contextlib.redirect_stdout(sys.stderr):  # notebooks print
        found = {each.slug: max(seconds(each), default=0.0) for each in exercises.find_all(ROOT)}
    print(json.dumps(dict(sorted(found.items(), key=lambda item: -item[1]))))


def seconds(exercise: Exercise) -> Iterator[float]:
    """Yield what the second check of each task takes."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook.solve(exercise).cells:
        told = cell.metadata.get("grader", {})
        if cell.cell_type == "code" and told.get("origin") != "check":
            exec(compile(cell.source, "<cell>", "exec", dont_inherit=True), space)
    for task in exercise.tasks:
        if not task.manual:
            place = places.find(task.name, exercise.slug)
            learner.check_in(space, place, task.name)
            begin = time.perf_counter()
            checked = learner.check_in(space, place, task.name)
            yield round(time.perf_counter() - begin, 3)
            assert checked.passed, (exercise.slug, checked)


if __name__ == "__main__":
    main()
