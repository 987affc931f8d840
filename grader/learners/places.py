"""Where an exercise's visible tests and hints are: beside a release, or in a checkout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.errors import ExerciseError
from grader.exercises.folder import Task, load
from grader.exercises.support import CHECKS, RELEASED, SPEC, VISIBLE


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exercise's visible tests and hints are: beside a release, or in a checkout."""

    exercise: str
    tests: Path
    tasks: tuple[Task, ...]

    def task(self, name: str) -> Task | None:
        """Return the task of that name, if it is one of this exercise."""
        return next((task for task in self.tasks if task.name == name), None)


def find(
    task: str, exercise: str | None = None, *, notebook: str = "", start: Path | None = None
) -> Place:
    """Find the exercise that has a task, from `start` (else the current folder) upward.

    Where several have it, the one named like the notebook is meant. Raises ExerciseError with what
    to do when there is none, or still more than one.
    """
    known: dict[str, Place] = {}
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        here_are = [place for place in places(folder) if exercise in (None, place.exercise)]
        known |= {own.name: place for place in here_are for own in place.tasks}
        having = [place for place in here_are if place.task(task)]
        named = [place for place in having if place.exercise == notebook]
        if len(having) > 1 and not named:
            names = ", ".join(place.exercise for place in having)
            raise ExerciseError(
                f"{task} is a task of several exercises ({names}): "
                f'add the one you mean, as in check({task!r}, "{having[0].exercise}")'
            )
        if having:
            return (named or having)[0]
    raise ExerciseError(_not_found(task, sorted(known)))


def places(folder: Path) -> Iterator[Place]:
    """List the exercises of a release folder or a course."""
    for spec in _glob(folder, f"{CHECKS}/*/{RELEASED}"):
        place = _released(spec)
        if place is not None:
            yield place
    for spec in _glob(folder, f"exercises/*/*/{SPEC}"):
        try:
            exercise = load(spec.parent)
        except ExerciseError:  # the fault of another exercise is no reason not to check this one
            continue
        yield Place(exercise.slug, spec.parent / VISIBLE, exercise.tasks)


def _glob(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:  # a folder above that is not ours to read
        return []


def _released(spec: Path) -> Place | None:
    try:
        told = json.loads(spec.read_text(encoding="utf-8"))
        tasks = tuple(
            Task(str(t["name"]), int(t["points"]), tuple(map(str, t["hints"])), bool(t["manual"]))
            for t in told["tasks"]
        )
        return Place(str(told["exercise"]), spec.parent / VISIBLE, tasks)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _not_found(task: str, known: list[str]) -> str:
    if not known:
        return (
            f"No exercise was found for {task}: keep the notebook in the folder that you got it "
            "in, beside checks/, or below the course's folder."
        )
    near = get_close_matches(task, known, n=3) or known
    return f"No exercise here has a task {task}; there is: {', '.join(near)}."
