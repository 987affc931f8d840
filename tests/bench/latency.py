"""How long a learner waits: from a file in submitted/ to its page, with `grader grade --watch`."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from grader.exercises import folder as exercises
from grader.exercises import notebook

EXERCISE, COUNT = "late_share", 20
LONGEST = 120.0
LOOK_SECONDS = 0.01


def measure(root: Path, course: Path) -> dict[str, float]:
    """Hand in one notebook after another, each when the last has its page; tell the seconds."""
    exercise = exercises.find(root, EXERCISE)
    (course / "exercises").mkdir(parents=True)
    (course / "datasets").symlink_to(root / "datasets")
    shutil.copytree(exercise.folder, course / "exercises" / exercise.assignment / EXERCISE)
    solved = notebook.dumps(notebook.solve(exercise))
    command = [str(Path(sys.executable).parent / "grader"), "grade", "--watch", "--json"]
    with subprocess.Popen(
        [*command, "--course", str(course)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            assert process.stderr is not None
            process.stderr.readline()  # says that it watches
            first, *others = [
                _waited(course, f"{exercise.assignment}/{EXERCISE}", f"learner{number:02}", solved)
                for number in range(COUNT + 1)
            ]
        finally:
            process.terminate()
    return {
        "watch_first_s": round(first, 2),
        "watch_median_s": round(statistics.median(others), 2),
        "watch_slowest_s": round(max(others), 2),
    }


def _waited(course: Path, name: str, learner: str, solved: bytes) -> float:
    path = course / "submitted" / learner / f"{name}.ipynb"
    page = course / "feedback" / learner / f"{name}.html"
    path.parent.mkdir(parents=True)
    begin = time.perf_counter()
    path.write_bytes(solved)
    while not page.exists():
        if time.perf_counter() - begin > LONGEST:
            raise SystemExit(f"{path}: no page after {LONGEST:.0f} seconds")
        time.sleep(LOOK_SECONDS)
    return time.perf_counter() - begin
