"""A path through JSON that nobody vouches for."""

from __future__ import annotations

from typing import Any

from grader.text import encodable


def get(node: Any, *path: str) -> Any:
    """Return what stands at the end of a path of dict keys; None when there is no such thing."""
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def mapping(node: Any, *path: str) -> dict[str, Any]:
    """Return the dict at the end of a path; an empty one when there is none."""
    found = get(node, *path)
    return found if isinstance(found, dict) else {}


def items(node: Any, *path: str) -> list[Any]:
    """Return the list at the end of a path; an empty one when there is none."""
    found = get(node, *path)
    return found if isinstance(found, list) else []


def text(node: Any, *path: str) -> str:
    """Return the text at the end of a path; "" when there is none."""
    return text_or_none(node, *path) or ""


def text_or_none(node: Any, *path: str) -> str | None:
    """Return the text at the end of a path: a string, or a list of lines, with any line ends."""
    found = get(node, *path)
    if isinstance(found, list) and all(isinstance(line, str) for line in found):
        found = "".join(found)
    if not isinstance(found, str):
        return None
    return encodable(found.replace("\r\n", "\n").replace("\r", "\n"))
