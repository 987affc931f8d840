"""Where the learner's own code was when it raised: a line of a cell, or of a file beside it.

Own is what belongs to the notebook's namespace, and a module in the folder that it runs in. What
crosses the wall are texts for people to read.
"""

from __future__ import annotations

import contextlib
import linecache
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from types import FrameType, TracebackType
from typing import Any

from grader.wire.forms import NAME, text

SOURCE = 160  # characters of the line itself


@dataclass(frozen=True, slots=True)
class Location:
    """A line of the learner's: `where` names its cell or its file."""

    where: str
    line: int
    source: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.where}, line {self.line}", self.source)))


def by_prompt(file: str) -> str:
    """Name a cell as IPython's tracebacks do: by the number in the notebook's margin."""
    known = shell()
    named = known.compile.format_code_name(file) if known else None
    return " ".join(named) if named else Path(file).name


def shell() -> Any:
    """Return IPython's shell in a kernel, and None anywhere else."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def of(
    traceback: TracebackType | None,
    namespace: dict[str, Any],
    name: Callable[[str], str] = by_prompt,
) -> Location | None:
    """Find the last of the learner's own lines in a traceback, if one is there."""
    own = [(frame, line) for frame, line in walk_tb(traceback) if _is_own(frame, namespace)]
    if not own:
        return None
    frame, line = own[-1]
    file = frame.f_code.co_filename
    return Location(name(file), line, linecache.getline(file, line).strip()[:SOURCE])


def _is_own(frame: FrameType, namespace: dict[str, Any]) -> bool:
    if frame.f_globals is namespace:
        return True
    file = Path(frame.f_code.co_filename)
    with contextlib.suppress(OSError):  # the folder may be gone
        return file.parent == Path.cwd() and not file.name.startswith("test_")
    return False


def told(
    error: BaseException, namespace: dict[str, Any], name: Callable[[str], str]
) -> list[Any] | None:
    """Describe in plain texts where an exception was raised; None where the learner hides it."""
    with contextlib.suppress(Exception):  # a hostile `__traceback__`
        if found := of(error.__traceback__, namespace, name):
            return [found.where, found.line, found.source]
    return None


def read(description: Any) -> Location | None:
    """Take a place from a description that may hold anything."""
    if not isinstance(description, list) or len(description) != 3:
        return None
    where, line, source = description
    if type(line) is not int or not 0 < line < 1_000_000:
        return None
    return Location(_first(text(where, NAME)), line, _first(text(source, SOURCE)))


def _first(said: str) -> str:
    return said.partition("\n")[0]
