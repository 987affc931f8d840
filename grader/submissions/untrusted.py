"""A path through JSON that nobody vouches for."""

from __future__ import annotations

from typing import Any


def get(node: Any, *path: str) -> Any:
    """Return what stands at the end of a path of dict keys; None when there is no such thing."""
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def items(node: Any, *path: str) -> list[Any]:
    """Return the list at the end of a path; an empty one when there is none."""
    found = get(node, *path)
    return found if isinstance(found, list) else []


def text(node: Any, *path: str) -> str:
    """Return the text at the end of a path: a string, or a list of lines; else ""."""
    found = get(node, *path)
    if isinstance(found, list):
        found = "".join(part for part in found if isinstance(part, str))
    return found if isinstance(found, str) else ""
