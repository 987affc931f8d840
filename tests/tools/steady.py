"""The same folder gives the same points: many times, with few and many workers, on a busy machine.

`make steady` runs it whole, which takes some minutes; `tests/test_handed_in.py` a part of it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader.exercises import folder as exercises
from grader.exercises import notebook
from grader.grading import grade as grading
from grader.grading.job import Settings
from tests import builders

TIMES = 20
WORKERS = (1, 2, 4)
ASSIGNMENT = "4-cleaning"

WRONG = "def tallest(heights):\n    return max(heights)"
ENDLESS = "def tallest(heights):\n    while True:\n        pass"
GONE = "import os\nos._exit(1)"

Points = dict[str, tuple[str, str]]  # by learner: points, and the hash of the file that counts


def write(course: Path) -> Path:
    """Write a class of doubled files, mistakes, and what runs into its limits."""
    exercise = builders.heights(course, spec=builders.SPEC + builders.LIMITS)
    builders.people(course)
    solved = notebook.dumps(notebook.solve(exercise))
    wrong = notebook.dumps(notebook.solve(exercise, {"tallest": WRONG}))
    untouched = notebook.dumps(notebook.release(exercise))
    endless = notebook.dumps(notebook.solve(exercise, {"tallest": ENDLESS}))
    gone = notebook.dumps(notebook.solve(exercise, {"tallest": GONE}))
    handed: dict[str, dict[str, bytes]] = {
        "by-number": {"heights (1)": solved, "heights (2)": wrong},
        "by-number-too": {"heights (2)": solved, "heights (10)": wrong},
        "by-answer": {"heights": solved, "heights (1)": untouched},
        "by-hash": {"heights (1)": solved, "heights-Copy1": wrong},
        "of-canvas": {"heights-1": solved, "heights-2": wrong},
        "solved": {"heights": solved},
        "wrong": {"heights": wrong},
        "endless": {"heights": endless},
        "gone": {"heights": gone},
    }
    for learner, files in handed.items():
        for name, content in files.items():
            path = course / "submitted" / learner / ASSIGNMENT / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return course


def points(course: Path, workers: int) -> Points:
    """Grade the class once more, and return what everybody has."""
    url = f"sqlite:///{course / 'gradebook.db'}"
    chosen = exercises.find_all(course)
    summary = grading.grade(course, url, settings=Settings(workers=workers, again=True))
    assert not summary.pending, summary.pending
    assert {attempt.name for attempt in summary.attempts} == {one.name for one in chosen}
    return {a.learner: (str(a.score), a.submission_sha256) for a in summary.attempts}


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Keep so many cores busy with something else."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def different(times: int, workers: Sequence[int], loops: int = 2) -> list[Points]:
    """Grade the class so many times with each number of workers; return all that came out."""
    found: list[Points] = []
    with tempfile.TemporaryDirectory(prefix="grader-steady-") as folder, busy(loops):
        course = write(Path(folder))
        for number in range(times * len(workers)):
            now = points(course, workers[number % len(workers)])
            if now not in found:
                found.append(now)
            print(f"\r{number + 1} of {times * len(workers)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def main() -> None:
    """Grade again and again; exit with 1 when anything came out otherwise."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help="with each number of workers")
    times = parser.parse_args().times
    found = different(times, WORKERS)
    for learner, (score, sha256) in sorted(found[0].items()):
        print(f"{learner:16} {score:>6} points, file {sha256[:8]}")
    what = "each time the same" if len(found) == 1 else f"{len(found)} DIFFERENT RESULTS"
    print(f"{times} times with {', '.join(map(str, WORKERS))} workers: {what}")
    sys.exit(len(found) > 1)


if __name__ == "__main__":
    main()
