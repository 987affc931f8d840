"""Look at a notebook after its last cell: this source is run in the kernel and behind the wall."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MARK = "told by the probe: "
LONGEST, TEXT = 300, 2_000  # characters of a value, of what a call prints
NO_NAMES = {"In", "Out", "get_ipython", "exit", "quit", "open"}


def plain(value: Any, depth: int = 4) -> Any:
    """Turn a value into what JSON has; of what is none, its type alone."""
    kind = type(value).__name__
    if value is None or isinstance(value, bool | int | float | str):
        return value if kind in ("NoneType", "bool") else f"{kind} {value!r}"[:LONGEST]
    if depth == 0:
        return f"<{kind}>"
    if isinstance(value, dict):
        return {"dict": [[plain(k, 1), plain(v, depth - 1)] for k, v in [*value.items()][:20]]}
    if isinstance(value, list | tuple):
        return {kind: [plain(each, depth - 1) for each in value[:20]], "length": len(value)}
    if isinstance(value, set | frozenset):
        return {kind: sorted(map(repr, value))[:20]}
    return f"<{kind}>"


def names(space: dict[str, Any]) -> str:
    """Tell the names that a notebook defines, with their values."""
    own = {n: v for n, v in space.items() if n[:1] != "_" and n not in NO_NAMES}
    return MARK + json.dumps({name: plain(value) for name, value in sorted(own.items())})


def source(call: str) -> str:
    """Return a cell that prints what a call of this module tells, and defines no name."""
    text = Path(__file__).read_text(encoding="utf-8")
    return f"""
_probe = {{"__name__": "probe"}}
exec({text!r}, _probe)
print(_probe[{call!r}](globals()))
"""


def told(text: str) -> Any:
    """Read what the probe printed, among what else was printed."""
    _, _, found = text.partition(MARK)
    return json.loads(found.splitlines()[0]) if found else None


def answer(space: dict[str, Any]) -> str:
    """Call the notebook's `answer` as `check` does in a kernel; tell value and printed text."""
    from grader.suite.here import InProcess

    try:
        called = InProcess(space).call("answer")
        return MARK + json.dumps([plain(called.value), called.stdout[:TEXT]])
    except BaseException as error:  # noqa: BLE001 - whatever the notebook raises
        return MARK + json.dumps([type(error).__name__, ""])
