"""One socket to the inside, with a deadline for each answer."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from grader.sandbox.limits import CLOCK_FACTOR, QUEUE_FACTOR, Ending, RunEnded
from grader.wire import message as wire
from grader.wire.forms import Budget, Spent, WireError

POLL_SECONDS = 0.1
Spend = Callable[[str, float], None]


def forget(stage: str, seconds: float) -> None:
    """Keep no account of where seconds go."""


@dataclass(slots=True)
class Channel:
    """One socket into a run, with a deadline; every fault on it ends in `RunEnded`.

    With `used`, which tells the processor seconds that the run has used, these are limited, too;
    with `queued`, the seconds in which it was kept from a processor are added to its time. To ask
    for either takes as long as a quick answer does: they count from the first look, which comes
    POLL_SECONDS after the limit was set. `spend` is told what encoding and decoding took. What is
    read is taken of a `budget`. `worked` tells the same as `used`, more precisely.
    """

    sock: socket.socket
    max_bytes: int
    watch: Callable[[], None] = lambda: None
    used: Callable[[], float] | None = None
    queued: Callable[[], float] = lambda: 0.0
    spend: Spend = forget
    budget: Budget | None = None
    worked: Callable[[], float] = lambda: 0.0
    seconds: float = 0.0
    deadline: float = 0.0
    looked: float = 0.0
    used_before: float | None = None
    queued_before: float = 0.0

    def within(self, seconds: float) -> None:
        """Set the limit of all that follows."""
        self.seconds = seconds
        self.looked = time.monotonic()
        self.deadline = self.looked + seconds * (CLOCK_FACTOR if self.used else 1)
        self.used_before = None

    def ask(self, request: bytes, *passed: socket.socket) -> None:
        """Send a request's one byte, with sockets that go along."""
        try:
            socket.send_fds(self.sock, [request], [each.fileno() for each in passed])
        except OSError:
            raise RunEnded(Ending.CRASHED, "its process ended") from None

    def send(self, value: Any, keep: Callable[[Any], Any] | None = None) -> None:
        """Send one message; a reader that does not read is late like one that does not answer."""
        self.sock.settimeout(max(self.deadline - time.monotonic(), 0.001))
        with self._timed():
            message = wire.crossing(value, keep, self.max_bytes) if keep else wire.frame(value)
        try:
            self.sock.sendall(message)
        except TimeoutError:
            raise self._late() from None
        except OSError:
            raise RunEnded(Ending.CRASHED, "its process ended") from None

    def receive(self, found: Callable[[Any], Any] | None = None) -> Any:
        """Receive one message before the deadline."""
        try:
            parts = wire.read_parts(self._read, self.max_bytes, self.budget)
            with self._timed():
                return wire.decode_parts(*parts, found, self.budget)
        except Spent:
            # Nor which part of the budget it was.
            raise RunEnded(Ending.CRASHED, "it answered with more than may be read") from None
        except WireError:
            # Not which fault it was: the learner reads this, and its code could choose between them
            # by what it saw of a hidden test (tests/attacks/smuggled_inputs/wire_faults.py).
            raise RunEnded(Ending.CRASHED, "it sent what is no message") from None
        except OSError:
            raise RunEnded(Ending.CRASHED, "its process ended") from None

    @contextmanager
    def _timed(self) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.spend("codec", time.perf_counter() - begin)

    def _read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            self._wait()
            part = self.sock.recv(min(count - len(data), 2**20))
            if not part:
                raise RunEnded(Ending.CRASHED, "its process ended")
            data += part
        return bytes(data)

    def _wait(self) -> None:
        waiting = select.poll()
        waiting.register(self.sock, select.POLLIN)
        while True:
            left = self._left()
            if left <= 0:
                raise self._late()
            self._look()
            # Also when there is something to read, or who never stops sending would not be
            # watched (tests/attacks/exhaustion/flood_hides_growth.py).
            self.watch()
            if waiting.poll(1000 * min(left, POLL_SECONDS)):
                return

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left > 0 or self.used_before is None:
            return left
        most = QUEUE_FACTOR * CLOCK_FACTOR * max(self.seconds, 0.0)
        return left + min(self.queued() - self.queued_before, most)

    def _look(self) -> None:
        now = time.monotonic()
        if not self.used or now - self.looked < POLL_SECONDS:
            return
        self.looked = now
        if self.used_before is None:
            self.used_before, self.queued_before = self.used(), self.queued()
        elif self.used() - self.used_before > self.seconds:
            raise self._late()

    def _late(self) -> RunEnded:
        return RunEnded(Ending.TIMEOUT, f"it took longer than {max(self.seconds, 0):.3g} seconds")

    def close(self) -> None:
        """Hang up."""
        self.sock.close()
