"""What both sides of the wall agree on: requests, steps, places and numbers."""

from __future__ import annotations

from enum import Enum, StrEnum
from pathlib import Path

WORK = Path("/submission")
DATA = Path("/submission-data")
TEMPORARY = Path("/tmp")  # noqa: S108 - the sandbox's own
NOBODY = 65534
CONTROL_BYTES = 64 * 2**20


class Interpreter(bytes, Enum):
    """What the warm interpreter is asked for, in one byte; another one ends it."""

    OPEN = b"o"  # a submission, by the socket that comes along, and what it may use
    END = b"c"


class Checkpoint(bytes, Enum):
    """What a checkpoint is asked for, in one byte; another one ends it."""

    FILES = b"f"  # for the working folder, before any cells
    CELLS = b"r"
    TEST = b"t"  # by the socket that comes along
    END_TEST = b"k"


class Step(StrEnum):
    """What can fail when a submission's own walls are put up."""

    FORK = "fork"
    NAMESPACES = "namespaces"
    MOUNTS = "mounts"
    LIMITS = "limits"
    PRIVILEGES = "privileges"
    PLACES = "places"
