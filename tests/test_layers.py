"""The package reads in one direction, and what runs inside the wall needs nothing but Python."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.sandbox import bubblewrap
from tests.commands import run

PACKAGE = Path(grader.__file__).parent
# The map: "floor   name   what it is", the floor's name at its first line alone.
LINES = re.findall(r"^ {4}(\S.{11}|\s{12}) (\w+)  +\S", grader.__doc__ or "", re.MULTILINE)
PUBLIC = {"LearnerError", "check", "hint", "load", "task"}
MOST_MODULES, MOST_LINES = 10, 400


def floors() -> dict[str, int]:
    """Return on which floor each package and each module of the ground is."""
    found: dict[str, int] = {}
    floor = -1
    for title, name in LINES:
        floor += bool(title.strip())
        found[name] = floor
    return found


FLOORS = floors()


def modules() -> list[str]:
    """Name all modules, as `suite.run`."""
    paths = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    return sorted(".".join(path.with_suffix("").parts) for path in paths if path.stem != "__init__")


MODULES = modules()


def order(package: str) -> list[str]:
    """Read the map of a package: its modules, each of which imports only those before it."""
    text = PACKAGE.joinpath(*package.split("."), "__init__.py").read_text(encoding="utf-8")
    return re.findall(r"^(\w+)  +\S", ast.get_docstring(ast.parse(text)) or "", re.MULTILINE)


def tree(module: str) -> ast.Module:
    return ast.parse(PACKAGE.joinpath(*module.split(".")).with_suffix(".py").read_text("utf-8"))


def imported(module: str, *, top_only: bool) -> Iterator[str]:
    """Name what a module imports: `grader.x.y` for our own, else as it is written."""
    nodes = _at_top(tree(module)) if top_only else ast.walk(tree(module))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole.removeprefix("grader.") in MODULES else str(node.module)


def own(module: str, *, top_only: bool = False) -> set[str]:
    """Return our own modules that a module imports, as `suite.run`."""
    names = imported(module, top_only=top_only)
    return {n.removeprefix("grader.") for n in names if n.startswith("grader.")} & set(MODULES)


def _at_top(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) and not typing_only:
            yield from ast.walk(node)


def packages() -> list[str]:
    paths = (path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py"))
    return sorted(".".join(path.parts) for path in paths if path.parts)


def test_the_map_lists_every_package_and_module_of_the_ground_once() -> None:
    assert sorted(name for _, name in LINES) == sorted(FLOORS)
    assert sorted(FLOORS) == sorted({module.split(".")[0] for module in MODULES})


def test_the_house_is_small_at_its_entrance() -> None:
    entries = [path for path in PACKAGE.iterdir() if path.name != "__pycache__"]

    assert len(entries) <= 20
    assert len([path for path in entries if path.is_file()]) <= 7


@pytest.mark.parametrize("package", packages())
def test_a_package_lists_its_modules_and_imports_nothing(package: str) -> None:
    folder = PACKAGE.joinpath(*package.split("."))
    entries = {path.stem for path in folder.iterdir() if path.suffix == ".py"} - {"__init__"}
    inner = {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}

    assert sorted(order(package)) == sorted(entries | inner)
    assert len(entries) <= MOST_MODULES
    text = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    assert len(text.body) == 1 and ast.get_docstring(text)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_below(module: str) -> None:
    home, _, _ = module.rpartition(".")
    for name in own(module):
        there, _, _ = name.rpartition(".")
        if home.split(".")[0] == there.split(".")[0] and home:
            before = order(home.split(".")[0])
            inner = [part.split(".")[1] for part in (module, name)]
            if inner[0] == inner[1]:  # both in a package of that package
                before, inner = order(home), [part.split(".")[-1] for part in (module, name)]
            assert before.index(inner[1]) < before.index(inner[0]), name
        else:
            assert FLOORS[name.split(".")[0]] < FLOORS[module.split(".")[0]] or not home, name


@pytest.mark.parametrize("module", [m for m in MODULES if "." not in m])
def test_the_ground_stands_on_itself(module: str) -> None:
    ground = [name for name in FLOORS if FLOORS[name] == 0]

    assert {name.split(".")[0] for name in own(module, top_only=True)} <= {*ground}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_of_a_readable_size(module: str) -> None:
    path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")

    assert path.read_text(encoding="utf-8").count("\n") <= MOST_LINES


@pytest.mark.parametrize("module", MODULES)
def test_a_comment_names_files_that_exist(module: str) -> None:
    text = PACKAGE.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")

    for name in re.findall(r"\btests/[\w./-]+\.py\b", text):
        assert (PACKAGE.parent / name).exists()


def inside() -> list[str]:
    """Name the modules that the wall shows of us."""
    shown = [place.removesuffix(".py").replace("/", ".") for place in bubblewrap.SHOWN]
    return [m for m in MODULES if any(f"{m}.".startswith(f"{place}.") for place in shown)]


@pytest.mark.parametrize("module", inside())
def test_what_runs_inside_the_wall_imports_only_the_standard_library_at_top(module: str) -> None:
    tops = {name.split(".")[0] for name in imported(module, top_only=True)}

    assert tops <= {*sys.stdlib_module_names, "grader"}


@pytest.mark.parametrize("module", inside())
def test_what_runs_inside_the_wall_uses_only_what_runs_inside(module: str) -> None:
    assert own(module) <= {*inside()}


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("sandbox.")])
def test_the_sandbox_knows_nothing_of_grading(module: str) -> None:
    assert {name.split(".")[0] for name in own(module)} <= {"sandbox", "wire", "errors"}


@pytest.mark.parametrize("module", MODULES)
def test_nothing_unpickles_or_evaluates(module: str) -> None:
    names = {node.id for node in ast.walk(tree(module)) if isinstance(node, ast.Name)}
    used = {name.split(".")[0] for name in imported(module, top_only=False)}

    assert not names & {"eval", "exec", "__import__"}
    assert not used & {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}


def test_the_public_names_are_the_same_everywhere() -> None:
    assert set(grader.__all__) == set(grader._HOMES) == PUBLIC
    typed = {
        alias.name
        for node in ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.If)
        for each in node.body
        if isinstance(each, ast.ImportFrom)
        for alias in each.names
    }
    assert typed == PUBLIC
    assert all(getattr(grader, name).__module__.startswith("grader.") for name in PUBLIC)


def test_writing_marks_needs_neither_pytest_nor_the_sandbox() -> None:
    code = (
        "import sys, grader.exports.csv\n"
        "print([m for m in sys.modules if m == 'pytest' or m.startswith('grader.sandbox.')\n"
        "       and m not in ('grader.sandbox.limits',)])"
    )

    done = run("python", "-c", code)

    assert done.stdout.strip() == "[]", done.stderr


def test_a_process_that_grades_begins_without_what_it_does_not_use() -> None:
    """Each has to import all that it needs before the first submission."""
    code = (
        "from tests.test_layers import begun\nfrom grader.grading.processes import Helper\n"
        "helper = Helper(begun)\nprint(helper.link.recv(), helper.close())"
    )

    done = run("python", "-c", code)

    assert done.stdout.strip() == "[] 0", done.stderr


def begun(link: Any) -> None:
    importlib.import_module("grader.grading.pool")
    link.send(sorted({"sqlalchemy", "nbgrader", "lark"} & set(sys.modules)))
