"""What the code of a cell says: the names that it defines, its statements, magics or not.

Nothing is run. A cell may be hostile or broken: then it is text, and answers come all the same.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from itertools import pairwise

_PARSE_LIMIT = 50_000  # characters: the parser needs about 100 times the text's memory


def names(source: str, *, imports: bool = True) -> frozenset[str]:
    """Return the top-level names that a cell defines, also when it has magics or faults."""
    tree = parse(source)
    if tree is not None:
        return frozenset(_bound(tree, imports))
    pattern = r"(?m)^(?:async +def|def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)"
    return frozenset(one or other for one, other in re.findall(pattern, source))


def parse(source: str) -> ast.Module | None:
    """Parse a cell as IPython would read it; return None when it is not Python."""
    if len(source) > _PARSE_LIMIT:
        return None
    for text in (source, _without_magics(source)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an invalid escape is no fault of ours to report
                return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def imports(source: str) -> set[str]:
    """Return the modules that code imports, by their full names."""
    found: set[str] = set()
    for node in ast.walk(parse(source) or ast.Module([], [])):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def statements(text: str) -> list[str]:
    """Cut code after each top-level statement; code that is not Python is one chunk."""
    tree = parse(text)
    lines = text.split("\n")
    ends = sorted({node.end_lineno or 0 for node in tree.body} if tree else ())
    cuts = [0, *ends[:-1], len(lines)]
    return ["\n".join(lines[start:end]) for start, end in pairwise(cuts)]


def _bound(tree: ast.AST, imports: bool) -> Iterator[str]:
    """Yield the names bound in this scope. A stack, because nesting may be deeper than Python's."""
    inner = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    pending: list[ast.AST] = [tree]
    while pending:
        for node in ast.iter_child_nodes(pending.pop()):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name
            elif isinstance(node, ast.Import | ast.ImportFrom):
                bound = (alias.asname or alias.name.partition(".")[0] for alias in node.names)
                yield from bound if imports else ()
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif not isinstance(node, inner):
                pending.append(node)


def _without_magics(source: str) -> str:
    if re.match(r"\s*%%(?!(?:time|capture|prun)\b)", source):
        return ""  # another language's cell, or one whose names are not kept
    lines: list[str] = []
    goes_on = False
    for line in source.split("\n"):
        lines.append("" if goes_on else _plain(line))
        goes_on = line.endswith("\\") and (goes_on or lines[-1] != line)
    return "\n".join(lines)


def _plain(line: str) -> str:
    text = line.lstrip()
    indent = line[: len(line) - len(text)]
    if timed := re.match(r"%time +(?!-)(?=\S)", text):  # what it runs, it runs here
        return indent + _plain(text[timed.end() :])
    if text[:1] in ("!", "%", "?") or text.rstrip().endswith("?"):
        return indent + "pass"
    target, _, value = line.partition("=")
    return f"{target}= None" if value.lstrip()[:1] in ("!", "%") else line
