"""What learners receive: notebooks, visible tests with hints, data; and proof of what they do not.

Everything is built and searched for leaks before the first file is written, so that a refused
release leaves nothing behind.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path

from grader.errors import ExerciseError
from grader.exercises import folder, notebook
from grader.exercises.folder import Exercise, find_all
from grader.exercises.leaks import leaks
from grader.exercises.support import CHECKS, RELEASED, SPEC, VISIBLE
from grader.files import write


def release(course: Path, assignment: str | None = None) -> list[Path]:
    """Write release/ASSIGNMENT for one assignment or all; return the files that make it up.

    A file that is there already and the same is left alone. Raises ExerciseError when anything
    would be given away.
    """
    made: dict[Path, bytes] = {}
    for exercise in _chosen(course, assignment):
        whole = files(exercise) | data_files(exercise, course)
        faults = leaks(exercise, whole)
        if faults:
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            raise ExerciseError(f"{exercise.folder}: not released: {faults[0]}{more}")
        folder = course / "release" / exercise.assignment
        made |= {folder / name: content for name, content in whole.items()}
    config = course / "nbgrader_config.py"
    if not config.exists():
        made[config] = _config(course).encode()
    for path, content in made.items():
        write(path, content)
    return list(made)


def files(exercise: Exercise) -> dict[str, bytes]:
    """Build what a learner gets of an exercise besides data: contents by place in the release."""
    checks = f"{CHECKS}/{exercise.slug}"
    made = {
        f"{exercise.slug}.ipynb": notebook.dumps(notebook.release(exercise)),
        f"{checks}/{RELEASED}": _spec(exercise),
    }
    tests = exercise.folder / VISIBLE
    # Empty where there are none: a file that is missing is then one that the learner lost.
    made[f"{checks}/{VISIBLE}"] = tests.read_bytes() if tests.exists() else b""
    return made


def data_files(exercise: Exercise, course: Path) -> dict[str, bytes]:
    """Read the data sets that an exercise names: contents by place in the release."""
    paths = folder.data_files(course, [exercise]).values()
    return {f"data/{path.name}": path.read_bytes() for path in paths}


def _chosen(course: Path, assignment: str | None) -> list[Exercise]:
    every = find_all(course)
    chosen = [exercise for exercise in every if assignment in (None, exercise.assignment)]
    if not chosen:
        known = sorted({exercise.assignment for exercise in every})
        near = get_close_matches(str(assignment), known) or known
        raise ExerciseError(f"no assignment {assignment!r} in {course / 'exercises'}; "
                            f"there is: {', '.join(near)}")  # fmt: skip
    homes: dict[tuple[str, str], str] = {}
    for exercise in chosen:
        for task in exercise.tasks:
            # A learner's check("task") must mean one exercise of the folder that it stands in.
            other = homes.setdefault((exercise.assignment, task.name), exercise.slug)
            if other != exercise.slug:
                raise ExerciseError(
                    f"{exercise.folder / SPEC}: {other} of the same module has a task "
                    f"{task.name}, too; rename one"
                )
    return chosen


def _spec(exercise: Exercise) -> bytes:
    told = {
        "format": notebook.FORMAT,
        "exercise": exercise.slug,
        "assignment": exercise.assignment,
        "title": exercise.title,
        "tasks": [
            {"name": t.name, "points": t.points, "manual": t.manual, "hints": list(t.hints)}
            for t in exercise.tasks
        ],
    }
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def course_id(course: Path) -> str:
    """Return the name by which nbgrader knows the course: that of its folder."""
    return course.resolve().name


def _config(course: Path) -> str:
    return (
        "# Read by nbgrader's own commands: formgrader, export, generate_feedback.\n"
        "c = get_config()  # noqa: F821\n"
        f"c.CourseDirectory.course_id = {json.dumps(course_id(course))}\n"
        "# Only `grader grade` can mark these exercises: nbgrader's autograde is refused.\n"
        'c.Autograde.exporter_class = "grader.book.autograde.Exporter"\n'
    )
