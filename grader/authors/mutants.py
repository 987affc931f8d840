"""Small changes to a reference solution that a good suite notices.

Comparisons, arithmetic, boolean logic, constants, conditions and results are changed, one at a
time. Docstrings and annotations are never touched: no test could tell.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


def mutants(source: str, *, limit: int) -> Iterator[tuple[str, str]]:
    """Yield at most `limit` changed sources, each with what was changed, spread over the code."""
    tree = ast.parse(source)
    changes = [(node, change) for node in _walk(tree) for change in _changes(node)]
    step = max(1, -(-len(changes) // limit))
    for node, (what, change) in changes[::step]:
        place = list(ast.walk(tree)).index(node)
        mutated = copy.deepcopy(tree)
        change(list(ast.walk(mutated))[place])
        line = source.splitlines()[getattr(node, "lineno", 1) - 1].strip()
        yield f"{what} in `{line}`", ast.unparse(ast.fix_missing_locations(mutated))


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Walk the code, past docstrings, annotations and imports."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "names"):
            continue
        children = value if isinstance(value, list) else [value]
        for child in children:
            if isinstance(child, ast.AST) and not _is_text(child):
                yield from _walk(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


Change = Callable[[ast.AST], None]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        new = _COMPARE[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} to {new.__name__}", _setter("ops", [new()])
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        other = _ARITHMETIC[type(node.op)]
        yield f"{type(node.op).__name__} to {other.__name__}", _setter("op", other())
    elif isinstance(node, ast.BoolOp):
        swapped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} to {type(swapped).__name__}", _setter("op", swapped)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not left out", _double_not
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} to {not node.value}", _setter("value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield f"{node.value} to {node.value + 1}", _setter("value", node.value + 1)
    elif isinstance(node, ast.If):
        yield "condition always true", _setter("test", ast.Constant(True))
    elif isinstance(node, ast.Return) and not _is_none(node.value):
        yield "returns None", _setter("value", ast.Constant(None))


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _setter(name: str, value: object) -> Change:
    return lambda node: setattr(node, name, copy.deepcopy(value))


def _double_not(node: ast.AST) -> None:
    assert isinstance(node, ast.UnaryOp)  # noqa: S101 - chosen by _changes
    node.operand = ast.UnaryOp(ast.Not(), node.operand)
