"""The course in its order: modules of `course/modules.toml`, their lessons, their exercises."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course.site import lesson as lesson_file
from course.site.fault import Fault, SiteError
from course.site.lesson import Lesson
from grader.errors import ExerciseError
from grader.exercises import folder as exercise_folder
from grader.exercises.folder import Exercise
from grader.exercises.support import SPEC

MODULES = "modules.toml"
LISTS = ("lessons", "able")


@dataclass(frozen=True, slots=True)
class Module:
    """One stop of the road. A module without lessons is planned, not open."""

    number: int
    title: str
    about: str
    folder: str = ""
    lessons: tuple[str, ...] = ()
    able: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that pages refer to. `root` is the folder that holds course/ and exercises/."""

    root: Path
    modules: tuple[Module, ...]
    lessons: dict[str, Lesson]
    exercises: dict[str, Exercise]

    def number(self, lesson: Lesson) -> str:
        """Return the lesson's number in the course, as in "4.2"."""
        module = next(module for module in self.modules if module.folder == lesson.module)
        return f"{module.number}.{module.lessons.index(lesson.slug) + 1}"

    def lessons_of(self, module: Module) -> tuple[Lesson, ...]:
        """Return a module's lessons in their order."""
        return tuple(self.lessons[f"{module.folder}/{slug}"] for slug in module.lessons)

    def exercises_of(self, module: Module) -> tuple[Exercise, ...]:
        """Return a module's exercises, in the order in which its lessons name them."""
        named = [slug for lesson in self.lessons_of(module) for slug in lesson.exercises]
        return tuple(self.exercises[slug] for slug in dict.fromkeys(named))

    def work(self, names: Iterable[str]) -> tuple[Lesson | Exercise, ...]:
        """Return the lessons and exercises that names stand for; raise KeyError for a stranger.

        A name is a module's folder, a lesson's name, an exercise's, or "course" for all of it.
        """
        return tuple(piece for name in names for piece in self._named(name))

    def _named(self, name: str) -> Iterator[Lesson | Exercise]:
        modules = [m for m in self.modules if name in (m.folder, "course") and m.lessons]
        for module in modules:
            yield from self.lessons_of(module)
            yield from self.exercises_of(module)
        if not modules:
            yield self.lessons[name] if name in self.lessons else self.exercises[name]


def read(root: Path) -> Outline:
    """Read all sources of the course; raise SiteError with everything that does not fit."""
    docs = root / "course"
    modules = _modules(docs / MODULES)
    lessons: dict[str, Lesson] = {}
    faults: list[Fault] = []
    for source in _sources(docs, modules):
        try:
            lesson = lesson_file.read(source, docs)
            lessons[lesson.name] = lesson
        except SiteError as error:
            faults += error.faults
    if faults:
        raise SiteError(faults)
    outline = Outline(root, modules, lessons, _exercises(root))
    if faults := [*_unlisted(outline), *_strangers(outline), *_loose_exercises(outline)]:
        raise SiteError(faults)
    return outline


def _modules(spec: Path) -> tuple[Module, ...]:
    try:
        data = tomllib.loads(spec.read_text(encoding="utf-8"))
        return tuple(
            Module(**{**module, **{key: tuple(module.get(key, ())) for key in LISTS}})
            for module in data["modules"]
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SiteError([Fault(spec, f"[[modules]] cannot be read: {error}")]) from None


def _sources(docs: Path, modules: tuple[Module, ...]) -> Iterator[Path]:
    for module in modules:
        if module.folder:
            yield from sorted((docs / module.folder).glob("*.py"))


def _exercises(root: Path) -> dict[str, Exercise]:
    if not any((root / "exercises").glob(f"*/*/{SPEC}")):
        return {}
    try:
        return {exercise.slug: exercise for exercise in exercise_folder.find_all(root)}
    except ExerciseError as error:
        raise SiteError([Fault(root / "exercises", str(error))]) from None


def _unlisted(outline: Outline) -> Iterator[Fault]:
    spec = outline.root / "course" / MODULES
    listed = {f"{m.folder}/{slug}" for m in outline.modules for slug in m.lessons}
    for name in sorted(listed - set(outline.lessons)):
        yield Fault(spec, f"lists {name}, but there is no course/{name}.py")
    for name in sorted(set(outline.lessons) - listed):
        yield Fault(spec, f"does not list {name}; add it to its module's lessons")


def _strangers(outline: Outline) -> Iterator[Fault]:
    for lesson in outline.lessons.values():
        for name in lesson.needs:
            if name not in outline.lessons:
                yield Fault(lesson.source, f"needs {name!r}, which is no lesson")
        for slug in lesson.exercises:
            if slug not in outline.exercises:
                yield Fault(lesson.source, f"exercises names {slug!r}, which is no exercise")


def _loose_exercises(outline: Outline) -> Iterator[Fault]:
    taught = {slug for lesson in outline.lessons.values() for slug in lesson.exercises}
    for slug, exercise in outline.exercises.items():
        if slug not in taught:
            yield Fault(exercise.folder, "no lesson names this exercise in its header")
        if exercise.lesson not in outline.lessons:
            yield Fault(exercise.folder, f"lesson = {exercise.lesson!r} is no lesson")
