"""An exercise: a folder of text files, read and checked.

exercise.toml     title, lesson, tasks with points and hints, limits, data sets
notebook.py       the learner's text, given code and the reference solution (jupytext percent)
test_visible.py   shipped to the learner
test_hidden.py    never shipped
wrong/  right/    named mistakes, and correct solutions written differently
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from grader import data as datasets
from grader.errors import ExerciseError
from grader.exercises import support
from grader.exercises.support import NOTEBOOK, SPEC, TESTS
from grader.sandbox.limits import Limits

FILES = (SPEC, NOTEBOOK, *TESTS)
NAME = re.compile(r"[a-z][a-z0-9_]*")

# Where a course keeps what learners may not see; each may be a link to another place.
PRIVATE = (
    *(".git", "autograded", "build", "exercises", "feedback", "release", "solution", "source"),
    "submitted",
)
_WHOLE = {f.name for f in fields(Limits) if f.type == "int"}

Name = tuple[str, str]  # of an exercise: assignment, slug


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to solve. `manual` answers are read by a person, the rest by tests."""

    name: str
    points: int
    hints: tuple[str, ...] = ()
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """Hashes of what an exercise was when a submission was graded.

    `suite_sha256` is of all that a score depends on, `run_sha256` only of what the state after the
    notebook depends on: the same in both versions where just tests, points or hints were edited.
    `tests_sha256` is of the tests with all that they use.
    """

    suite_sha256: str
    run_sha256: str
    tests_sha256: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """What `exercise.toml` says, and where its files are."""

    folder: Path
    title: str
    summary: str
    lesson: str
    difficulty: int
    minutes: int
    tasks: tuple[Task, ...]
    data: tuple[str, ...]
    limits: Limits

    @property
    def slug(self) -> str:
        """Return the exercise's name: that of its folder, and of nbgrader's notebook."""
        return self.folder.name

    @property
    def assignment(self) -> str:
        """Return the module that it belongs to: nbgrader's assignment."""
        return self.folder.parent.name

    @property
    def name(self) -> tuple[str, str]:
        """Return assignment and slug, which together are no other exercise's."""
        return (self.assignment, self.slug)

    @property
    def max_points(self) -> int:
        """Return the points of all tasks."""
        return sum(task.points for task in self.tasks)

    def task(self, name: str) -> Task:
        """Return the task of that name; raise ExerciseError when there is none."""
        for task in self.tasks:
            if task.name == name:
                return task
        raise ExerciseError(f"{self.slug} has no task {name!r}{_suggest(name, self.tasks)}")

    def version(self, data: Iterable[Path] = ()) -> Version:
        """Hash the exercise with its data sets' files."""
        limits = [getattr(self.limits, f.name) for f in fields(Limits)]
        tasks = [(task.name, task.manual) for task in self.tasks]
        run = hashlib.sha256(repr((limits, tasks, self.data)).encode())
        for path in (self.folder / NOTEBOOK, *data):
            run.update(hashlib.sha256(path.read_bytes()).digest())
        suite = run.copy()
        suite.update(hashlib.sha256(_read(self.folder / SPEC)).digest())
        tests = list(self._tests())
        for digest in tests:
            suite.update(digest)
        whole = hashlib.sha256(b"".join(tests)).hexdigest()
        return Version(suite.hexdigest(), run.hexdigest(), whole)

    def tests_sha256(self) -> str:
        """Hash the tests with all that they use, as `version` does."""
        return hashlib.sha256(b"".join(self._tests())).hexdigest()

    def support(self) -> dict[str, Path]:
        """Return the files that tests use besides their own, by place in the course."""
        folder = self.folder.absolute()
        root = support.homes(folder)[-1].parent
        return {path.relative_to(root).as_posix(): path for path in support.files(folder)}

    def _tests(self) -> Iterator[bytes]:
        for name in TESTS:
            yield hashlib.sha256(_read(self.folder / name)).digest()
        for name, path in self.support().items():
            yield hashlib.sha256(name.encode()).digest()
            yield hashlib.sha256(path.read_bytes()).digest()


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def find_all(course: Path) -> tuple[Exercise, ...]:
    """Load every exercise of a course folder, in the order of its folders."""
    found, faults = survey(course)
    for fault in faults.values():
        raise fault
    return found


# The exercises that can be read, and by assignment and slug why others cannot.
Survey = tuple[tuple["Exercise", ...], dict[Name, ExerciseError]]


def survey(course: Path) -> Survey:
    """Load every exercise that can be read, and by assignment and slug say why others cannot."""
    root = course / "exercises"
    if not root.is_dir():
        raise ExerciseError(f"{course}: no folder exercises/ here; name the course with --course")
    specs = sorted(root.glob(f"*/*/{SPEC}"))
    if not specs:
        raise ExerciseError(f"{root}: no MODULE/EXERCISE/{SPEC} found")
    found: list[Exercise] = []
    faults: dict[Name, ExerciseError] = {}
    for spec in specs:
        try:
            found.append(load(spec.parent))
        except ExerciseError as error:
            faults[spec.parent.parent.name, spec.parent.name] = error
    return tuple(found), faults


def find(course: Path, name: str) -> Exercise:
    """Load the exercise with that slug; raise ExerciseError with the nearest names otherwise."""
    exercises, faults = survey(course)
    for exercise in exercises:
        if name in (exercise.slug, f"{exercise.assignment}/{exercise.slug}"):
            return exercise
    for (assignment, slug), fault in faults.items():
        if name in (slug, f"{assignment}/{slug}"):
            raise fault
    raise ExerciseError(_unknown(course, name, exercises))


def _unknown(course: Path, name: str, there: Iterable[Exercise]) -> str:
    slugs = [exercise.slug for exercise in there]
    known = ", ".join(difflib.get_close_matches(name, slugs) or slugs)
    return f"no exercise {name!r} in {course / 'exercises'}; there is: {known}"


def load(folder: Path) -> Exercise:
    """Read one exercise's folder; raise ExerciseError that names the file and the field."""
    spec = folder / SPEC
    try:
        data = tomllib.loads(spec.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExerciseError(f"{spec}: missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{spec}: {error}") from None
    if not NAME.fullmatch(folder.name):
        raise ExerciseError(f"{folder}: an exercise's folder is named in lower_case, like a module")
    return _Reader(spec, data).exercise()


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: Path
    data: dict[str, Any]

    def exercise(self) -> Exercise:
        known = {"title", "summary", "lesson", "difficulty", "minutes", "tasks", "data", "limits"}
        self.only(self.data, known, "")
        tasks = tuple(self.task(task, n) for n, task in enumerate(self.field("tasks", list), 1))
        names = [task.name for task in tasks]
        if not tasks or len(set(names)) < len(names):
            raise self.fault("[[tasks]]: at least one is needed, and names must differ")
        return Exercise(
            folder=self.spec.parent,
            title=self.field("title", str),
            summary=self.field("summary", str),
            lesson=self.field("lesson", str, ""),
            difficulty=self.whole("difficulty", 1, 3),
            minutes=self.whole("minutes", 1, 600),
            tasks=tasks,
            data=self.names("data"),
            limits=self.limits(),
        )

    def task(self, data: dict[str, Any], number: int) -> Task:
        where = f"[[tasks]] {number}"
        self.only(data, {f.name for f in fields(Task)}, where)
        name, points = data.get("name"), data.get("points")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise self.fault(f"{where}: name is a lower_case word, not {name!r}")
        if not isinstance(points, int) or isinstance(points, bool) or points < 1:
            raise self.fault(f"{where} ({name}): points is a whole number from 1, not {points!r}")
        hints = data.get("hints", [])
        if not isinstance(hints, list) or not all(isinstance(hint, str) for hint in hints):
            raise self.fault(f"{where} ({name}): hints is a list of texts")
        manual = data.get("manual", False)
        if not isinstance(manual, bool):
            raise self.fault(f"{where} ({name}): manual is true or false, not {manual!r}")
        return Task(name, points, tuple(hints), manual)

    def limits(self) -> Limits:
        given = self.field("limits", dict, {})
        self.only(given, {f.name for f in fields(Limits)}, "[limits]")
        for key, value in given.items():
            if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
                raise self.fault(f"[limits] {key}: a number above 0, not {value!r}")
            if key in _WHOLE and not isinstance(value, int):
                raise self.fault(f"[limits] {key}: a whole number, not {value!r}")
        return Limits(**given)

    def names(self, key: str) -> tuple[str, ...]:
        found = self.field(key, list, [])
        if not all(isinstance(name, str) for name in found):
            raise self.fault(f"{key}: a list of names, not {found!r}")
        return tuple(found)

    def field(self, key: str, kind: type, default: Any = None) -> Any:
        value = self.data.get(key, default)
        empty = kind is str and default is None and not str(value).strip()
        if not isinstance(value, kind) or empty:
            raise self.fault(f"{key}: a {kind.__name__} is needed, not {value!r}")
        return value

    def whole(self, key: str, low: int, high: int) -> int:
        value = self.data.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.fault(f"{key}: a whole number from {low} to {high}, not {value!r}")
        return value

    def only(self, data: dict[str, Any], known: set[str], where: str) -> None:
        for key in data:
            if key not in known:
                near = difflib.get_close_matches(key, sorted(known), n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; known: {sorted(known)}"
                raise self.fault(f"{where} unknown key {key!r}{hint}".strip())

    def fault(self, message: str) -> ExerciseError:
        return ExerciseError(f"{self.spec}: {message}")


def _suggest(name: str, tasks: tuple[Task, ...]) -> str:
    near = difflib.get_close_matches(name, [task.name for task in tasks], n=1)
    return f"; did you mean {near[0]}?" if near else ""


def data_files(course: Path, chosen: Iterable[Exercise]) -> dict[str, Path]:
    """Find the data sets that exercises name; raise ExerciseError for one that is not there."""
    files: dict[str, Path] = {}
    for exercise in chosen:
        for name in exercise.data:
            try:
                files[name] = datasets.path(name, course)
            except (FileNotFoundError, ValueError) as error:
                raise ExerciseError(f"{exercise.folder / SPEC}: data: {error}") from None
    return files


def private_folders(course: Path) -> frozenset[Path]:
    """List the folders that no learner's code may see: the course, and those kept elsewhere.

    They are the course's by links, and in a course whose own folder is an environment of Python
    they may lie within what such a one has to show.
    """
    inner = {path.parent for path in course.glob(f"exercises/*/*/{SPEC}")}
    links = {path for path in course.glob("exercises/*") if path.is_symlink()}
    whole = {course / name for name in PRIVATE}
    history = {folder / ".git" for folder in course.resolve().parents}
    found = (path.resolve() for path in {course, *whole, *inner, *links, *history})
    return frozenset(path for path in found if path.is_dir())


def version(exercise: Exercise, course: Path) -> Version:
    """Hash an exercise with its data; raise ExerciseError for a data set that is not there."""
    return exercise.version(data_files(course, [exercise]).values())


def select(course: Path, only: str | None) -> tuple[Exercise, ...]:
    """Load the course's exercises: all, an assignment's, or one; none of them may be broken."""
    chosen, faults = choose(course, survey(course), only)
    for fault in faults.values():
        raise fault
    return chosen


def choose(course: Path, surveyed: Survey, only: str | None) -> Survey:
    """Keep what is asked for: all, an assignment's, or one; ExerciseError where there is none."""
    found, faults = surveyed

    def is_meant(name: Name) -> bool:
        return only in (None, *name, "/".join(name))

    chosen = tuple(exercise for exercise in found if is_meant(exercise.name))
    broken = {name: fault for name, fault in faults.items() if is_meant(name)}
    if chosen or broken:
        return chosen, broken
    assignments = ", ".join(dict.fromkeys(e.assignment for e in found))
    raise ExerciseError(f"{_unknown(course, str(only), found)}; assignments are: {assignments}")
