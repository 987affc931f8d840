"""The package reads in one direction, and what runs inside the wall needs nothing but Python."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader

PACKAGE = Path(grader.__file__).parent
ORDER = re.findall(r"^    (\w+)  +\S", grader.__doc__ or "", re.MULTILINE)
INSIDE = ("encode", "decode", "wire", "raised", "answers", "worker", "data")


def modules() -> list[str]:
    return sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


def imported(module: str, *, top_only: bool) -> Iterator[str]:
    """Name what a module imports: `grader.x` for our own, else the top package."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    nodes = _at_top(tree) if top_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "grader":
            yield from (f"grader.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def _at_top(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) and not typing_only:
            yield from ast.walk(node)


def test_the_map_lists_every_module_once() -> None:
    assert sorted(ORDER) == modules()
    assert len(set(ORDER)) == len(ORDER)


@pytest.mark.parametrize("module", modules())
def test_a_comment_names_files_that_exist(module: str) -> None:
    text = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")

    for name in re.findall(r"\btests/[\w./-]+\.py\b", text):
        assert (PACKAGE.parent / name).exists()


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_modules_above_it(module: str) -> None:
    above = set(ORDER[: ORDER.index(module)])
    own = {name.removeprefix("grader.") for name in imported(module, top_only=False)
           if name.startswith("grader.")}  # fmt: skip

    assert {name.split(".")[0] for name in own} & set(ORDER) <= above


@pytest.mark.parametrize("module", INSIDE)
def test_what_runs_inside_the_wall_imports_only_the_standard_library_at_top(module: str) -> None:
    tops = {name.split(".")[0] for name in imported(module, top_only=True)}

    assert tops <= {*sys.stdlib_module_names, "grader"}


@pytest.mark.parametrize("module", INSIDE)
def test_what_runs_inside_the_wall_uses_only_what_runs_inside(module: str) -> None:
    own = {n.removeprefix("grader.") for n in imported(module, top_only=True) if "grader." in n}

    assert own <= set(INSIDE)


@pytest.mark.parametrize("module", modules())
def test_nothing_unpickles_or_evaluates(module: str) -> None:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    packages = {name.split(".")[0] for name in imported(module, top_only=False)}

    assert not names & {"eval", "exec", "__import__"}
    assert not packages & {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
