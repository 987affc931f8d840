"""One submission behind the wall: its cells, and the tests' questions to what they left."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from typing import Any

from grader.sandbox import processes
from grader.sandbox.channel import POLL_SECONDS, Channel, Spend, forget
from grader.sandbox.inside.marks import CONTROL_BYTES, Checkpoint
from grader.sandbox.limits import (
    CLOCK_FACTOR,
    END_SECONDS,
    Ending,
    Limits,
    RunEnded,
    budget_of_run,
    budget_of_test,
)
from grader.sandbox.processes import Usage
from grader.wire.forms import Budget


@dataclass(slots=True)
class Run:
    """One submission behind the wall: run cells, then open a channel per test.

    `end` kills it and returns its largest process's memory in MB, or None where the warm
    interpreter itself was found dead.
    """

    sock: InitVar[socket.socket]
    limits: Limits
    usage: Usage
    end: Callable[[], float | None]
    spend: Spend = forget
    peak_mb: float = field(default=0.0, init=False)
    _budget: Budget = field(init=False)
    _control: Channel = field(init=False)
    _watched: float = field(init=False)
    _standing: frozenset[int] = field(default=frozenset(), init=False)  # when the test began

    def __post_init__(self, sock: socket.socket) -> None:
        self._budget = budget_of_run(self.limits)
        self._control = self._channel(sock, CONTROL_BYTES, self._budget)
        self._watched = time.monotonic()

    def _channel(self, sock: socket.socket, max_bytes: int, budget: Budget) -> Channel:
        usage = self.usage
        used, queued, worked = usage.processor_seconds, usage.queued_seconds, usage.worked_seconds
        return Channel(sock, max_bytes, self._watch, used, queued, self.spend, budget, worked)

    def go_on_with(self, budget: Budget) -> None:
        """Read no more than what earlier runs of the submission have left."""
        self._budget = self._control.budget = budget

    def place(self, files: Mapping[str, bytes]) -> None:
        """Write files into the folder in which cells run, before any of them does.

        They go to the submission itself: the warm interpreter's memory is what the next one sees.
        """
        if not files:
            return
        self._control.within(self.limits.notebook_seconds)
        self._control.ask(Checkpoint.FILES)
        self._control.send(dict(files))
        report = self._control.receive()
        if not isinstance(report, dict) or report.get("placed") is not True:
            raise RunEnded(Ending.CRASHED, "it answered out of turn")

    def run_cells(self, cells: list[tuple[int, str]]) -> Iterator[dict[str, Any]]:
        """Run cells by their numbers and yield what comes of them, which nobody vouches for.

        That is `{"start": number}` before a cell, and behind it `{"cell": number}` with "status"
        (ok, error, output), "error" and "stdout".
        """
        self._control.within(self.limits.notebook_seconds)
        began = looked = time.monotonic()
        used_before, worked = self.usage.processor_seconds(), 0.0
        self._control.ask(Checkpoint.CELLS)
        self._control.send([list(cell) for cell in cells])
        while True:
            # The limit of one cell, or what is left of the notebook's, if that is less.
            now = time.monotonic()
            if now - looked > POLL_SECONDS:
                looked, worked = now, self.usage.processor_seconds() - used_before
            left = self.limits.notebook_seconds - max(worked, (now - began) / CLOCK_FACTOR)
            self._control.within(min(self.limits.cell_seconds, left))
            report = self._control.receive()
            if not isinstance(report, dict):
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            if report.get("done") is True:
                return
            yield report

    def open_test(self, seconds: float) -> Channel:
        """Fork a test from the state after the notebook; its clock starts now."""
        ours, theirs = socket.socketpair()
        self._standing = frozenset(self.usage.processes())
        try:
            self._control.ask(Checkpoint.TEST, theirs)
        except RunEnded:
            ours.close()
            raise
        finally:
            theirs.close()
        budget = budget_of_test(self.limits, self._budget)
        channel = self._channel(ours, self.limits.message_mb * 2**20, budget)
        channel.within(seconds)
        return channel

    def next_test(self, channel: Channel, seconds: float) -> None:
        """Go on with another test in the fork of the last one."""
        channel.budget = budget_of_test(self.limits, self._budget)
        channel.within(seconds)

    def end_test(self, channel: Channel) -> None:
        """Kill the test's fork and what it started, which would use up what the next test may.

        A run in which that does not work in time is ended as a whole.
        """
        channel.close()
        self._control.within(END_SECONDS)
        try:
            if not processes.end(lambda: self.usage.processes() - self._standing, END_SECONDS):
                raise RunEnded(Ending.CRASHED, "its processes could not be ended")
        except OSError:
            raise RunEnded(Ending.CRASHED, "its process ended") from None
        self._control.ask(Checkpoint.END_TEST)
        report = self._control.receive()
        if not isinstance(report, dict) or report.get("ended") is not True:
            raise RunEnded(Ending.CRASHED, "it answered out of turn")

    def _watch(self) -> None:
        """End the run when its processes together hold more memory than allowed.

        Called often, it looks ten times a second.
        """
        if time.monotonic() - self._watched < POLL_SECONDS:
            return
        self._watched = time.monotonic()
        held_mb = self.usage.memory_mb(self.limits.memory_mb)
        if held_mb > self.limits.memory_mb:
            self.peak_mb = max(self.peak_mb, held_mb)
            raise RunEnded(Ending.MEMORY, f"it used more than {self.limits.memory_mb} MB of memory")

    def close(self) -> bool:
        """Kill whatever is left of the submission; tell if the warm interpreter was found dead."""
        try:
            largest_mb = self.end()  # before it is hung up on: it would end by itself, unmeasured
        finally:
            self._control.close()
        self.peak_mb = max(self.peak_mb, largest_mb or 0.0)
        return largest_mb is None
