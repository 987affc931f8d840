"""Code cells as other places write them, read as Jupyter reads its own.

Pasted prompts and a whole cell's indent are what IPython takes out before it runs a cell; here they
are taken out before names are looked for, and that is no repair. Lines by which Databricks,
Zeppelin or Spark say a cell's language are unknown to Jupyter: they are left out, and that is said.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from grader import lean
from grader.exercises import cells

# IPython has a %%python of its own, which runs the cell in a process of its own: it stays.
_MARK = re.compile(
    r"(?P<above>(?:[ \t]*(?:#[^\n]*)?\n)*)"
    r"[ \t]*(?P<mark>%(?:(?:spark\.)?pyspark|python3?(?:\.ipython)?|md|markdown)"
    r"|%%(?:pyspark|local))"
    r"(?:[ \t]+|(?=\n)|$)(?P<below>(?s:.*))"
)
_MARKS_OF_TEXT = ("%md", "%markdown")
_SEPARATOR = re.compile(r"(?m)\A(?:# Databricks notebook source|# COMMAND -+)[ \t]*(?:\n|\Z)")
_DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
# No other cell is looked at any closer.
_ODD = re.compile(r"(?m)\A(?:[ \t]*\n)*[ \t]+\S|^[ \t]*(?:>>>|\.{3,}:|In \[|\[(?:nav|ins)\])")

# To Python this says of which type the item of a list will be.
_ANNOTATION = re.compile(r"\s*In \[\d+\]: ")


def translate(read: list[dict[str, Any]]) -> Iterator[str]:
    """Rewrite code cells in place; yield sentences for the learner."""
    marks: Counter[str] = Counter()
    before = ""  # the cell above, where it is code that stands at the margin
    for cell in read:
        if cell["cell_type"] == "code":
            if mark := _without_mark(cell):
                marks[mark] += 1
            text = cell["source"]
            cell["source"] = _as_ipython(text, before) if cell["cell_type"] == "code" else text
            before = "" if cell["source"] != text else text
        else:
            before = ""
    for mark, count in marks.items():
        where = "a cell" if count == 1 else f"{count} cells"
        yield f"The line {mark} at the top of {where} was left out: Jupyter does not know it."


def _without_mark(cell: dict[str, Any]) -> str:
    """Take out the line that names the language; return its mark, or nothing."""
    cell["source"] = _SEPARATOR.sub("", cell["source"])
    found = _MARK.match(cell["source"])
    if found is None:
        return ""
    cell["source"] = found["above"] + found["below"].removeprefix("\n")
    if found["mark"] in _MARKS_OF_TEXT:
        cell["cell_type"] = "markdown"
        del cell["execution_count"], cell["outputs"]
    return found["mark"]


def _as_ipython(source: str, before: str) -> str:
    """Take out what IPython takes out, where the text is no Python with it."""
    if not _ODD.search(source):
        return source
    if cells.parse(source) is not None and not _ANNOTATION.match(source):
        return source
    lines = source.splitlines(keepends=True)
    ipython = lean.module("IPython.core.inputtransformer2")
    for transform in (ipython.classic_prompt, ipython.ipython_prompt):
        lines = transform(lines)
    unprompted = "".join(lines)
    text = "".join(ipython.leading_indent(ipython.leading_empty_lines(lines)))
    return source if unprompted == source and _is_half(text, source, before) else text


def _is_half(text: str, indented: str, before: str) -> bool:
    """Tell whether an indented cell goes on with the one above: it was split in the middle."""
    tree, above = cells.parse(text), cells.parse(before)
    if tree is None or _returns(tree):
        return True
    if not before or cells.parse(f"{before}\n{indented}") is None:
        return False
    if above is None:  # it needs what comes now
        return True
    # A class may go on with a method. Who defines anything elsewhere means it for the margin.
    in_class = bool(above.body) and isinstance(above.body[-1], ast.ClassDef)
    return in_class or not any(isinstance(node, _DEFINITION) for node in tree.body)


def _returns(tree: ast.Module) -> bool:
    """Tell whether code returns or yields and is in no function: it is the end of one."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, _DEFINITION | ast.Lambda):
            pending += ast.iter_child_nodes(node)
    return False
