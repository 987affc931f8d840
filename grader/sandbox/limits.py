"""What a run may use, how it can end, and which walls there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from grader.wire.forms import Budget

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


# What the tests' process reads of answers in one test, and in all tests of a run, whatever each of
# them may hold. Beside it the most that right solutions of the course use in a test, and in a run.
TEST_MESSAGES = 4  # times the bytes of the largest message: 256 MB, of which 6 MB (and 34 MB)
RUN_TESTS = 10  # a run may use so many times what a test may
_TEST = {
    "messages": 100_000,  # answers, and calls of the test's functions; 1,083 (and 4,733)
    "values": 2_000_000,  # of some 100 bytes each; 120,000 (and 250,000)
    "texts": 5_000_000,  # of tables' columns; 180,009 (and 710,814)
    "compared": 10_000_000,  # keys of one hash, a second's work; none
}


def budget_of_run(limits: Limits) -> Budget:
    """Return what may be read of a submission's run, restarts included."""
    bytes_mb = RUN_TESTS * TEST_MESSAGES * limits.message_mb
    whole = {kind: RUN_TESTS * count for kind, count in _TEST.items()}
    return Budget(bytes=bytes_mb * 2**20, **whole, whole=None)


def budget_of_test(limits: Limits, run: Budget) -> Budget:
    """Return what may be read in one test, which is a part of what its run may use."""
    return Budget(bytes=TEST_MESSAGES * limits.message_mb * 2**20, **_TEST, whole=run)


class RunEnded(Exception):
    """Tell that a submission's run is over, and how; it has been killed."""

    def __init__(self, ending: Ending, note: str) -> None:
        super().__init__(note)
        self.ending = ending
        self.note = note
