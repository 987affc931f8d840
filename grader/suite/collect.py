"""From test files to tests, by pytest: every test that the files hold, or an ExerciseError.

A suite that lacks a file, or a test, gives wrong marks to a whole class. So whatever is not read to
its end, skipped, or defined in a way that pytest does not see is a fault, told with file and line.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import inspect
import os
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# pytest 9 (9.2 when this was written) has no public way to collect in the caller's own process and
# to run a test again. All private names of its that we use are in this module: these two,
# `Config._do_configure`, and `reprcrash` of a report's `longrepr`. tests/test_suite.py names each.
from _pytest.config import _prepareconfig
from _pytest.runner import runtestprotocol

from grader.errors import ExerciseError
from grader.exercises.support import VISIBLE
from grader.score.attempt import Outcome, TestResult

# A suite is the same wherever it is run: no configuration, conftest or plugin of the course, of the
# learner or of this machine. Nor do pytest's own plugins print, write a cache, or take hold of
# output, logging, warnings or signals: they belong to the learner's kernel, or to grading.
OPTIONS = (
    "-c", os.devnull, "--noconftest", "--import-mode=importlib", "-s",
    "--disable-plugin-autoload",
    *(f"-pno:{name}" for name in ("cacheprovider", "logging", "junitxml", "pastebin", "doctest")),
    *(f"-pno:{name}" for name in ("faulthandler", "unraisableexception", "threadexception")),
    *(f"-pno:{name}" for name in ("terminal", "warnings", "debugging")),
)  # fmt: skip

_SKIPPED = "a test that is not run takes its points from everybody"


def session(paths: Sequence[Path], plugin: object) -> pytest.Session:
    """Collect the tests of some files; raise ExerciseError with file and line where it fails."""
    reader = _Reader({str(path) for path in paths})
    arguments = [*OPTIONS, "--rootdir=/", *map(str, paths)]
    with _no_wishes_of_this_machine():
        config = _prepareconfig(arguments, [plugin, reader])
    config.option.tbstyle = "native"  # nobody reads the source around a failure: see `message_of`
    config._do_configure()
    made = pytest.Session.from_config(config)
    config.hook.pytest_sessionstart(session=made)
    try:
        made.perform_collect()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a file may also say sys.exit()
        reader.faults.append(reader.sentence(error))
    if reader.faults:
        raise ExerciseError(reader.faults[0])
    for path in paths:  # pytest says nothing of a test that it does not see
        for fault in _lost(path, {name_of(item) for item in made.items if item.path == path}):
            raise ExerciseError(f"{path}:{fault}")
    return made


@contextlib.contextmanager
def _no_wishes_of_this_machine() -> Iterator[None]:
    """Hide PYTEST_ADDOPTS and its like: a `-k` there would take tests, and points, from a class."""
    wishes = [name for name in os.environ if name.startswith("PYTEST_")]
    kept = {name: os.environ.pop(name) for name in wishes}
    try:
        yield
    finally:
        os.environ.update(kept)


def run(item: pytest.Item) -> None:
    """Run a collected test once more, with fixtures of its own; a plugin hears what happens."""
    # Not by the hook `pytest_runtest_protocol`: around it pytest explains failed comparisons with
    # differences of both values, and one of them may have been made for that to take long.
    # Without a next item no fixture outlives its test.
    runtestprotocol(item, nextitem=None, log=False)


def starts_clean(item: pytest.Item) -> bool:
    """Tell whether a test asks for a fork of its own: `@task(…, fresh=True)`."""
    return bool(getattr(getattr(item, "function", None), "grader_fresh", False))


def message_of(report: pytest.TestReport) -> str:
    """Return what a failed report says last, without the traceback."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr)


@dataclass(slots=True)
class _Reader:
    """A plugin that keeps why a file could not be read."""

    files: set[str]
    faults: list[str] = field(default_factory=list)

    def pytest_exception_interact(
        self, call: pytest.CallInfo[Any], report: pytest.CollectReport | pytest.TestReport
    ) -> None:
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            self.faults.append(self.sentence(call.excinfo.value))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.faults.append(f"/{report.nodeid}: the whole file is skipped; {_SKIPPED}")

    def sentence(self, error: BaseException) -> str:
        """Say what went wrong, and in which line of the author's."""
        if isinstance(error, pytest.Collector.CollectError) and error.__cause__ is not None:
            error = error.__cause__  # the import's own, which pytest has wrapped
        said = str(error).strip().partition("\n")[0]
        what = f"{type(error).__name__}: {said}" if said else type(error).__name__
        return f"{self._place(error)}: the tests cannot be read: {what}"

    def _place(self, error: BaseException) -> str:
        if isinstance(error, SyntaxError) and error.filename:
            return f"{error.filename}:{error.lineno}"
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.filename}:{frame.lineno}" for frame in frames
                  if frame.filename in self.files]  # fmt: skip
        return places[-1] if places else ", ".join(sorted(self.files))


def _lost(path: Path, collected: set[str]) -> Iterator[str]:
    """Find tests that are written down and would not be run; yield line and sentence."""
    seen: dict[str, int] = {}
    for function in _functions(ast.parse(path.read_bytes())):
        name, line = function.name, function.lineno
        if not name.startswith("test") and not any(map(_is_task, function.decorator_list)):
            continue
        if isinstance(function, ast.AsyncFunctionDef):
            yield f"{line}: {name} is async, and pytest would not run it; call it in a test"
        elif name in seen:
            yield f"{line}: {name} is also in line {seen[name]}, and one of the two would be lost"
        elif name not in collected:
            yield f"{line}: {name} is not found by pytest; are its name and its class a test's?"
        seen[name] = line


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions of a file and of its classes; those within functions are no tests."""
    pending: list[ast.stmt] = list(reversed(tree.body))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            pending += reversed(node.body)


def _is_task(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and "id='task'" in ast.dump(decorator.func)


def planned(items: Sequence[pytest.Item], used: Iterable[Path] = ()) -> tuple[TestResult, ...]:
    """Make of collected tests the results that nobody has reported yet.

    `used` are the files that they depend on besides their own: a test's hash is of these, too.
    """
    planned: dict[str, TestResult] = {}
    homes: dict[str, Path] = {}
    also = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in used)
    hashes = {path: _Hashes(path, also) for path in {item.path for item in items}}
    for item in items:
        name, function = name_of(item), getattr(item, "function", None)
        belongs = getattr(function, "grader_task", None)
        if belongs is None:
            raise ExerciseError(f'{item.path}: {name} needs @task("…")')
        if not (function and function.__doc__):
            raise ExerciseError(f"{item.path}: {name} needs a docstring: what its failure tells")
        if homes.setdefault(name, item.path) != item.path:
            raise ExerciseError(f"{item.path}: {name} is also a test of {homes[name].name}")
        for mark in ("skip", "skipif", "xfail"):
            if item.get_closest_marker(mark):
                raise ExerciseError(f"{item.path}: {name} is marked {mark}; {_SKIPPED}")
        # The first paragraph, in one line: what follows it is for the author.
        behaviour = " ".join(inspect.cleandoc(function.__doc__).split("\n\n")[0].split())
        hidden = item.path.name != VISIBLE  # what is not known to be shown is kept secret
        sha256 = hashes[item.path].of(name)
        planned[name] = TestResult(
            name, belongs[0], Outcome.NOT_RUN, weight=belongs[1], behaviour=behaviour,
            hidden=hidden, sha256=sha256,
        )  # fmt: skip
    return tuple(planned.values())


class _Hashes:
    """Hashes of a file's tests, each with all of the file that is no test.

    A docstring, a comment or a weight does not decide an outcome, so none of them counts.
    """

    def __init__(self, path: Path, also: bytes) -> None:
        self._tests: dict[str, str] = {}
        rest = []
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                self._tests[node.name] = _dumped(node)
            else:
                rest.append(ast.dump(node))
        self._rest = "\n".join([*rest, also.hex()] if also else rest)

    def of(self, name: str) -> str:
        # A test in a class is a part of the rest.
        text = f"{name}\n{self._tests.get(name, '')}\n{self._rest}"
        return hashlib.sha256(text.encode()).hexdigest()


def _dumped(function: ast.FunctionDef) -> str:
    decorators = [d for d in function.decorator_list if "id='task'" not in ast.dump(d)]
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    parts = [function.args, *decorators, *body]
    return "\n".join(ast.dump(part) for part in parts)


def name_of(item: pytest.Item) -> str:
    """Return the name of the test that an item is of: parametrized ones are one test."""
    return str(getattr(item, "originalname", None) or item.name)
