"""One submission behind the wall: its cells, and the tests' questions to what they left."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.sandbox import processes
from grader.sandbox.channel import POLL_SECONDS, Channel
from grader.sandbox.limits import CLOCK_FACTOR, END_SECONDS, Ending, Limits, RunEnded

if TYPE_CHECKING:
    from grader.sandbox.sandbox import Sandbox


@dataclass(slots=True)
class Run:
    """One submission behind the wall: run cells, then open a channel per test."""

    sandbox: Sandbox
    control: Channel
    limits: Limits
    peak_mb: float = 0.0
    watched: float = field(default_factory=time.monotonic)
    began: float = 0.0
    used_before: float = 0.0
    standing: frozenset[int] = frozenset()  # its processes when the test began

    def start_cells(self, cells: list[tuple[int, str]]) -> None:
        """Send the cells; what they did comes message by message from `control`."""
        self.control.within(self.limits.notebook_seconds)
        self.began, self.used_before = self.control.looked, self.control.used_before
        self.control.sock.sendall(b"r")
        self.control.send([list(cell) for cell in cells])

    def next_cell(self) -> None:
        """Set the limit of one cell, or what is left of the notebook's, if that is less."""
        by_the_clock = (time.monotonic() - self.began) / CLOCK_FACTOR
        spent = max(self.sandbox.processor_seconds() - self.used_before, by_the_clock)
        left = self.limits.notebook_seconds - spent
        self.control.within(min(self.limits.cell_seconds, left))

    def open_test(self, seconds: float) -> Channel:
        """Fork a test from the state after the notebook; its clock starts now."""
        ours, theirs = socket.socketpair()
        self.standing = frozenset(self.sandbox.submission())
        try:
            socket.send_fds(self.control.sock, [b"t"], [theirs.fileno()])
        except OSError:
            ours.close()
            raise RunEnded(Ending.CRASHED, "its process ended") from None
        finally:
            theirs.close()
        used = self.sandbox.processor_seconds
        queued = self.sandbox.queued_seconds
        channel = Channel(ours, self.limits.message_mb * 2**20, self.watch, used, queued)
        channel.within(seconds)
        return channel

    def end_test(self, channel: Channel) -> None:
        """Kill the test's fork and what it started, which would use up what the next test may.

        A run in which that does not work in time is ended as a whole.
        """
        channel.close()
        self.control.within(END_SECONDS)
        try:
            if not processes.end(lambda: self.sandbox.submission() - self.standing, END_SECONDS):
                raise RunEnded(Ending.CRASHED, "its processes could not be ended")
            self.control.sock.sendall(b"k")
        except OSError:
            raise RunEnded(Ending.CRASHED, "its process ended") from None
        said = self.control.receive()
        if not isinstance(said, dict) or said.get("ended") is not True:
            raise RunEnded(Ending.CRASHED, "it answered out of turn")

    def watch(self) -> None:
        """End the run when its processes together hold more memory than allowed.

        To be called often: it looks ten times a second.
        """
        if time.monotonic() - self.watched < POLL_SECONDS:
            return
        self.watched = time.monotonic()
        held_mb = self.sandbox.memory_mb(self.limits.memory_mb)
        if held_mb > self.limits.memory_mb:
            self.peak_mb = max(self.peak_mb, held_mb)
            raise RunEnded(Ending.MEMORY, f"it used more than {self.limits.memory_mb} MB of memory")

    def close(self) -> None:
        """Kill whatever is left of the submission."""
        self.control.close()
        self.peak_mb = max(self.peak_mb, self.sandbox.end_run())
