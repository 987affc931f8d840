"""What a run may use, how it can end, and which walls there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

# Limits are processor seconds: on a busy machine the clock runs on while code waits for its turn.
# Who waits for something else, and uses no processor, has this many times as long by the clock.
CLOCK_FACTOR = 4
# And this many times as long again while the kernel says that it was kept from a processor.
QUEUE_FACTOR = 3
# For what has been killed, or hung up on, to be gone.
END_SECONDS = 2.5

# What can stop one call and no more, by the name that the inside has for it.
STOPS = {
    "output": "it printed more than allowed",
    "input": "it asked for input",
    "breakpoint": "it waited at a breakpoint()",
}

Isolation = Literal["bubblewrap", "bubblewrap-cold", "none"]


class Ending(StrEnum):
    """How the run of a whole submission ended; where the sandbox fails there is no attempt."""

    OK = "ok"
    CRASHED = "crashed"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    UNREADABLE = "unreadable"


# Of a run, or of one cell, that had to be stopped: the limit that it passed.
LIMIT_PASSED: dict[str, str] = {
    Ending.TIMEOUT: "time",
    Ending.MEMORY: "memory",
    Ending.OUTPUT: "output",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may use. Seconds are of the processor, and four times that by the clock."""

    cell_seconds: float = 15.0
    notebook_seconds: float = 60.0
    test_seconds: float = 5.0
    memory_mb: int = 1024
    processes: int = 32
    disk_mb: int = 64
    output_kb: int = 256
    message_mb: int = 64


class RunEnded(Exception):
    """Tell that a submission's run is over, and how; it has been killed."""

    def __init__(self, ending: Ending, note: str) -> None:
        super().__init__(note)
        self.ending = ending
        self.note = note
