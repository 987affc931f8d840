"""What code prints, kept up to a limit; who passes it by far is stopped.

A notebook's streams stay the same from cell to cell, as a kernel's do: a logger holds on to them.
"""

from __future__ import annotations

import io

from grader.wire.questions import OutputLimit

# A cell that prints more than allowed goes on, and what it prints is dropped: what it defines is
# needed by the next ones. One that prints so many times as much would print for ever.
FLOOD = 64


class Printed:
    """What one cell prints and displays; `begin` is for the next one."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.begin()

    def begin(self) -> None:
        self.characters = 0
        self._kept: list[str] = []

    def add(self, text: str) -> None:
        left = self.limit - self.characters
        if left > 0:
            self._kept.append(text[:left])
        self.characters += len(text)
        if self.characters > FLOOD * self.limit:
            raise OutputLimit("printed more than the exercise allows")

    @property
    def full(self) -> bool:
        """Tell if it was more than allowed, whether or not it was stopped for that."""
        return self.characters > self.limit

    @property
    def text(self) -> str:
        return "".join(self._kept)


class Stream(io.TextIOBase):
    """A kernel's `sys.stdout` or `sys.stderr`: what is written to it is added to what is printed.

    It has the descriptor of what it stands for, which subprocesses are given.
    """

    encoding = "UTF-8"

    def __init__(self, printed: Printed, descriptor: int, name: str) -> None:
        self._printed = printed
        self._descriptor = descriptor
        self.name = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._printed.add(text)
        return len(text)

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True
