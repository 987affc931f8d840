"""Where the time of grading goes: seconds by stage, summed up in each thread.

`with stage("notebook"): …` adds to what this thread has spent since the last `take`. Stages may
contain each other: "tests" contains "codec".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# In the order that a submission passes them; what is indented is a part of the one above it.
NAMES = {
    "read": "reading and repairing",
    "fork": "fork",
    "namespaces": "namespaces and limits",
    "notebook": "the notebook's cells",
    "tests": "tests",
    "codec": "  of which codec",
    "feedback": "feedback pages",
    "records": "records and gradebook",
}


class _Spent(threading.local):
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}


_spent = _Spent()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Add the seconds of the block to a stage."""
    begin = time.perf_counter()
    try:
        yield
    finally:
        spend(name, time.perf_counter() - begin)


def spend(name: str, seconds: float) -> None:
    """Add seconds to a stage."""
    _spent.seconds[name] = _spent.seconds.get(name, 0.0) + seconds


def take() -> dict[str, float]:
    """Return the seconds by stage since the last call."""
    taken, _spent.seconds = _spent.seconds, {}
    return taken
