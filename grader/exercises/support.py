"""What an exercise's tests use besides their own two files: modules and files of the author.

A file counts that lies in the exercise's folder, and a module that tests import from there, from
the folder of the exercise's assignment, or from `exercises/`: an edit of it is a new version, and
it goes along to other machines. Nothing is run to find out.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

SPEC, NOTEBOOK = "exercise.toml", "notebook.py"
# What the certificate explains; it decides no outcome.
SURVIVORS, DEGENERATE = "survivors.toml", "degenerate.toml"
VISIBLE, HIDDEN = "test_visible.py", "test_hidden.py"
CHECKS, RELEASED = "checks", "exercise.json"  # beside released notebooks: a folder each, its spec
TESTS = (VISIBLE, HIDDEN)
VARIANTS = ("wrong", "right")
_PASSED_OVER = {SPEC, NOTEBOOK, SURVIVORS, DEGENERATE, *TESTS, *VARIANTS, "__pycache__"}


def homes(folder: Path) -> tuple[Path, ...]:
    """Return the folders that the tests of an exercise's folder import from, the nearest first."""
    return (folder, folder.parent, folder.parent.parent)


def files(folder: Path) -> tuple[Path, ...]:
    """List the files that count besides the exercise's own four, in a fixed order."""
    found = set(_beside(folder))
    pending = [path for name in TESTS if (path := folder / name).is_file()]
    pending += [path for path in found if path.suffix == ".py"]
    while pending:
        for path in _imported(pending.pop(), folder):
            if path not in found and path.parent != folder:
                found.add(path)
                pending.append(path)
    return tuple(sorted(found))


def _beside(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _PASSED_OVER or path.name.startswith(".") or path.name.endswith("~"):
            continue
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (p for p in inside if p.is_file() and "__pycache__" not in p.parts)


def _imported(path: Path, folder: Path) -> Iterator[Path]:
    """Find the author's files for what a file imports anywhere in it, packages as a whole."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):  # said, with its line, when it is loaded
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names, places = [alias.name for alias in node.names], homes(folder)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{alias.name}".strip(".") for alias in node.names]
            places = (path.parents[node.level - 1],) if node.level else homes(folder)
        else:
            continue
        for name in names:
            yield from _module(name, places)


def _module(name: str, places: tuple[Path, ...]) -> Iterator[Path]:
    # `from exercises.shared import x` is found, too, where a test puts the course on sys.path.
    parts = name.removeprefix("exercises.").split(".")
    for place in places:
        package = place / parts[0]
        if package.with_suffix(".py").is_file():
            yield package.with_suffix(".py")
        # A folder of another exercise is no package, whatever its name is.
        elif parts[0] and package.is_dir() and not _holds_exercises(package):
            yield from (p for p in package.rglob("*") if p.is_file() and p.suffix == ".py")
        else:
            continue
        return


def _holds_exercises(folder: Path) -> bool:
    return (folder / SPEC).exists() or any(folder.glob(f"*/{SPEC}"))


class Imports:
    """The modules of one suite's author: found in `homes`, and met by no other suite.

    Two exercises may each have a `cases.py`, and an edited one must not be met as it was.
    """

    def __init__(self, tests: Iterable[Path], folder: Path | None) -> None:
        self._tests = {str(path) for path in tests}
        self._homes = [str(home.resolve()) for home in homes(folder)] if folder else []
        self._path: list[str] = []
        self._modules: dict[str, ModuleType] = {}
        self._others: set[str] = set()  # modules that are known to be none of theirs
        for name in self._theirs():  # of an earlier suite of the same files
            del sys.modules[name]
        self._known = set(sys.modules)

    @contextmanager
    def here(self) -> Iterator[None]:
        """Import as this suite does; afterwards all is as before, also what tests did to it."""
        before, written = list(sys.path), sys.dont_write_bytecode
        # Behind the rest: an author's module never takes the place of a library.
        sys.path[:] = self._path or [*before, *self._homes]
        sys.dont_write_bytecode = True  # a file changed within a second would look the same
        sys.modules.update(self._modules)
        try:
            yield
        finally:
            self._path, sys.path[:], sys.dont_write_bytecode = list(sys.path), before, written
            self._modules = {name: sys.modules.pop(name) for name in self._theirs()}

    def uncounted(self, counted: Iterable[Path]) -> list[str]:
        """List the author's modules that tests have imported in a way of their own."""
        added = tuple(f"{Path(p).resolve()}/" for p in self._path if p not in sys.path)
        new = {_file(sys.modules[name]) for name in sys.modules.keys() - self._known}
        strange = {f for f in new if f.startswith(added) and not f.startswith(sys.prefix)}
        theirs = {_file(module) for module in self._modules.values()}
        return sorted((strange | theirs) - self._tests - {str(p.resolve()) for p in counted})

    def _theirs(self) -> list[str]:
        roots = tuple(f"{home}/" for home in self._homes)
        new = {name: _file(sys.modules[name]) for name in sys.modules.keys() - self._others}
        theirs = [n for n, f in new.items() if f in self._tests or f.startswith(roots)]
        self._others.update(new.keys() - theirs)
        return theirs


def _file(module: ModuleType) -> str:
    # Not by getattr: a lazy module would be imported by it.
    return str(getattr(module, "__dict__", {}).get("__file__") or "")
