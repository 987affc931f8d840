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
    title: str = ""

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
    known: list[Place] = []
    for folder in _upward(start):
        every = list(places(folder))
        known += every
        here_are = [place for place in every if exercise in (None, place.exercise)]
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
    raise ExerciseError(_not_found(task, known, exercise))


def suggested(name: str, start: Path | None = None) -> str | None:
    """Return the exercise that a name is meant for: its own, one of its tasks', or its title.

    None where nothing from `start` (else the current folder) upward is named like it.
    """
    known = {place.exercise: place for folder in _upward(start) for place in places(folder)}
    names = {name: place.exercise for place in known.values() for name in _names(place)}
    return _nearest(name, names)


def _upward(start: Path | None) -> tuple[Path, ...]:
    here = (start or Path.cwd()).absolute()
    return (here, *here.parents)


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
        yield Place(exercise.slug, spec.parent / VISIBLE, exercise.tasks, exercise.title)


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
        title = str(told.get("title", ""))
        return Place(str(told["exercise"]), spec.parent / VISIBLE, tasks, title)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _not_found(task: str, known: list[Place], exercise: str | None) -> str:
    if not known:
        return (
            f"No exercise was found for {task}: keep the notebook in the folder that you got it "
            "in, beside checks/, or below the course's folder."
        )
    if exercise and exercise not in {place.exercise for place in known}:
        near = _nearest(exercise, {p.exercise: p.exercise for p in known})
        return f"No exercise here is called {exercise}" + (
            f": did you mean {near}?" if near else "."
        )
    asked = [place for place in known if exercise in (None, place.exercise)]
    said = f"No exercise here has a task {task}"
    own = {t.name: t.name for place in asked for t in place.tasks}
    if near := _nearest(task, own):
        return f"{said}: did you mean {near}?"
    if near := _nearest(task, {name: p.exercise for p in asked for name in _names(p)}):
        tasks = dict.fromkeys(t.name for p in asked if p.exercise == near for t in p.tasks)
        which = f"one of {near}'s, " if len(tasks) > 1 else ""
        return f"{said}: did you mean {which}{', '.join(tasks)}?"
    return f"{said}; there is: {', '.join(sorted(own))}."


def _names(place: Place) -> Iterator[str]:
    yield from (task.name for task in place.tasks)
    yield from (place.title, place.exercise)


def _nearest(name: str, meant: dict[str, str]) -> str | None:
    """Find what a name is meant for among those that mean something, however it is written."""
    plain = {_plain(each): what for each, what in meant.items()}
    near = get_close_matches(_plain(name), plain, n=1, cutoff=0.7)
    return plain[near[0]] if near else None


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
