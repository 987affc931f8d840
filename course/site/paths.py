"""Paths of the machine that built the page: readers have another one. Pure text work.

A path counts when it lies where people and builds keep their files, inside an installed package,
or below this checkout, this interpreter or this home. What a manual tells readers to make
(/etc/systemd, /opt/grader) is theirs.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

OWN = sorted(
    re.escape(str(place))
    for place in (Path(__file__).resolve().parents[2], Path(sys.prefix), Path.home())
    if len(place.parts) > 1  # a home of / would be every path
)
PATH = re.compile(
    rf"(?<![\w.~:/-])(?:{'|'.join(OWN)})(?![\w-])[^\s`'\"<>)]*"
    r"|(?<![\w.~:/-])/(?:home|root|tmp|work|Users|private|var/folders)/[^\s`'\"<>)]+"
    r"|[A-Z]:\\\\?Users\\[^\s`'\"<>)]+"
    r"|[^\s`'\"<>(]*(?:site-packages|\.venv/lib)/[^\s`'\"<>)]*"
)
PREFIX = re.compile(
    r"^(?:\S+\.py|<\w+>):\d+: ", re.MULTILINE
)  # of a warning; differs from run to run


def find(text: str) -> str | None:
    """Return the first path of a machine in a text, if there is one."""
    match = PATH.search(text)
    return match[0] if match else None


def refuse(text: str) -> None:
    """Raise ValueError for a text that shows a path of a machine."""
    if found := find(text):
        raise ValueError(f"shows a path of this machine, {found}; say what the file is, not where")


def without_prefix(text: str) -> str:
    """Return warnings without the file and line that each begins with."""
    return PREFIX.sub("", text)
