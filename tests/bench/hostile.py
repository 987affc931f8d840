"""How much hostile submissions slow down a class: `python -m tests.bench.hostile`.

Grades honest submissions alone, then the same ones with a fifth of the class hostile, and compares.
What is hostile may use its own limits to the full, as any submission may; beside that, nobody
should wait more than twice as long.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import click

from grader.exercises import folder as exercises
from grader.exercises import notebook
from grader.exercises.folder import Exercise
from grader.grading import grade as grading
from grader.grading.job import Settings
from grader.suite.notebook_run import MAX_NOTEBOOKS
from grader.suite.run import load
from tests import attacks

# The most expensive kinds first: they use up time, memory and patience.
KINDS = ("exhaustion", "handles", "persistence", "wire", "tampering", "escape", "forged_scores")


def course_with(base: Path, honest: int, hostile: int) -> tuple[Path, Exercise]:
    """Write a course in which so many learners handed in."""
    course = base / f"{honest}-and-{hostile}"
    place = course / "exercises/attacks/labels"
    shutil.copytree(attacks.EXERCISE, place, ignore=shutil.ignore_patterns("__pycache__"))
    exercise = exercises.load(place)
    solved = notebook.dumps(notebook.solve(exercise))
    every = max((honest + hostile) // max(hostile, 1), 1)
    chosen = sorted(attacks.find_all(), key=rank)[:hostile]
    for number in range(honest):
        path(course, f"{number * every // (every - 1 or 1):03}-honest").write_bytes(solved)
    for number, attack in enumerate(chosen):
        places = {"course": course, "home": base, "drop": base, "port": 9}
        attacks.hand_in(attack, exercise, path(course, f"{number * every:03}-x"), **places)
    return course, exercise


def rank(attack: attacks.Attack) -> tuple[int, str]:
    """Order attacks by what they cost."""
    kind = attack.name.partition("/")[0]
    return KINDS.index(kind) if kind in KINDS else len(KINDS), attack.name


def path(course: Path, learner: str) -> Path:
    """Return the place of a learner's notebook."""
    folder = course / "submitted" / learner / "attacks"
    folder.mkdir(parents=True)
    return folder / "labels.ipynb"


def graded(course: Path, workers: int) -> tuple[float, int]:
    """Grade a course; return the seconds, and how many honest learners have full marks."""
    begin = time.monotonic()
    summary = grading.grade(
        course, f"sqlite:///{course / 'gradebook.db'}", settings=Settings(workers=workers)
    )
    seconds = time.monotonic() - begin
    honest = [a for a in summary.attempts if a.learner.endswith("-honest")]
    return seconds, sum(attempt.score == attempt.max_score for attempt in honest)


def own_seconds(exercise: Exercise) -> float:
    """Return what the limits allow one submission: its runs of the notebook, and its tests."""
    limits = exercise.limits
    tests = len(load(exercise).tests)
    return MAX_NOTEBOOKS * limits.notebook_seconds + tests * limits.test_seconds


@click.command()
@click.option("--submissions", default=200, show_default=True)
@click.option("--workers", default=0, help="Default: one a core.")
def main(submissions: int, workers: int) -> None:
    """Print both times and what they come to."""
    workers = workers or len(os.sched_getaffinity(0))
    hostile = submissions // 5
    honest = submissions - hostile
    with tempfile.TemporaryDirectory(prefix="grader-bench-", dir="/var/tmp") as name:
        base = Path(name)
        base.chmod(0o755)
        alone, full = graded(course_with(base, honest, 0)[0], workers)
        click.echo(f"{honest} honest submissions alone: {alone:.1f} s, {full} with full marks")
        course, exercise = course_with(base, honest, hostile)
        allowed = hostile * own_seconds(exercise) / workers
        mixed, full = graded(course, workers)
        click.echo(
            f"with {hostile} hostile ones beside them: {mixed:.1f} s, {full} with full marks"
        )
    click.echo(f"the hostile ones' own limits, over {workers} workers: {allowed:.1f} s")
    click.echo(
        f"{mixed:.1f} s of 2 x {alone:.1f} s + {allowed:.1f} s: {mixed / (2 * alone + allowed):.2f}"
    )


if __name__ == "__main__":
    main()
