"""Texts that cross the wall, and how long each may be: the inside cuts, the outside cuts again.

The inside may be the learner's by then, so the reader believes no length.
"""

from __future__ import annotations

from typing import Any

NAME = 100  # characters of a class's or a module's name
MESSAGE = 2_000  # of an exception's message
LINE = NAME + len(": ") + MESSAGE  # of an exception in one line
STDOUT = 20_000  # of what a cell printed
WARNING = 500  # of one warning's line
WARNINGS = 100  # of a call


def text(said: Any, length: int) -> str:
    """Return the beginning of a text; "" for what is none."""
    return said[:length] if type(said) is str else ""
