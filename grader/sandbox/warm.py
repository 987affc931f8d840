"""The warm interpreter, seen from outside: started, waited for, asked, ended."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any, Self

from grader.errors import SandboxError
from grader.sandbox import bubblewrap, processes
from grader.sandbox.channel import Channel, Spend
from grader.sandbox.inside.marks import CONTROL_BYTES, Interpreter
from grader.sandbox.limits import END_SECONDS, RunEnded
from grader.sandbox.processes import Usage

START_SECONDS = 120.0
CLOSE_SECONDS = 10.0


@dataclass(slots=True)
class Warm:
    """A warm interpreter that has been started: a process, a socket to it, and what it printed.

    What its submission uses is known once it has said hello; `held` is let go of when it ended.
    `alone`, it becomes the one submission that it opens.
    """

    process: subprocess.Popen[bytes]
    control: Channel
    printed: IO[bytes]
    held: ExitStack
    alone: bool
    usage: Usage | None = None

    @classmethod
    def start(
        cls,
        command: Callable[[int, ExitStack], list[str]],
        imports: list[str],
        spend: Spend,
        *,
        alone: bool,
    ) -> Self:
        """Start it and do not wait for it.

        `command` makes the command for a socket's number, and puts what it needs onto a stack.
        """
        ours, theirs = socket.socketpair()
        with ExitStack() as stack, theirs:
            stack.callback(ours.close)
            printed = stack.enter_context(tempfile.TemporaryFile())
            process = subprocess.Popen(  # noqa: S603
                command(theirs.fileno(), stack),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                env=bubblewrap.ENVIRONMENT | {"PATH": os.defpath},
            )
            held = stack.pop_all()
        warm = cls(process, Channel(ours, CONTROL_BYTES, spend=spend), printed, held, alone)
        with warm._starting():
            warm.control.send({"imports": imports})
        return warm

    def await_hello(self) -> Usage:
        """Wait until it has imported all; return what its submission uses."""
        if self.usage is None:
            with self._starting():
                self.control.receive()
            inside = processes.below(self.process.pid)
            # The first is bwrap's own: whatever loses its parent becomes its child.
            trusted = frozenset(inside[:1] if self.alone else inside)
            self.usage = Usage(self.process.pid, trusted)
        return self.usage

    @contextlib.contextmanager
    def _starting(self) -> Iterator[None]:
        self.control.within(START_SECONDS)
        try:
            yield
        except RunEnded as error:
            raise SandboxError(f"the sandbox did not start: {self._stop(error)}") from None
        except BaseException:
            self.stop()
            raise

    def is_running(self) -> bool:
        """Tell if it could open a submission."""
        return self.process.poll() is None

    def open(self, submission: socket.socket, spec: dict[str, Any]) -> dict[str, Any]:
        """Open a submission that holds its end of a socket; tell what failed, and its seconds."""
        self.control.within(START_SECONDS)
        try:
            self.control.ask(Interpreter.OPEN, submission)
            self.control.send(spec)
            answer: dict[str, Any] = self.control.receive()
        except RunEnded as error:
            raise SandboxError(f"the sandbox ended by itself: {self._stop(error)}") from None
        return answer

    def end(self) -> float | None:
        """End the submission; return its largest process's memory in MB, or None: it is dead."""
        if self.alone:
            return self._end_all()
        self.control.within(CLOSE_SECONDS)
        try:
            self.control.ask(Interpreter.END)
            return float(self.control.receive()["memory_mb"])
        except RunEnded:
            self.stop()
            return None

    def _end_all(self) -> float | None:
        """End a submission that has the sandbox to itself.

        Whatever it does, bwrap lives on until it is gone, and then ends by itself. Learners' code
        has no way to it: where it was killed that was done out here.
        """
        bwrap = self.process.pid
        self.control.close()
        if self.process.returncode is not None:
            return None
        largest_mb = max(map(processes.peak_kb, processes.below(bwrap)), default=0) / 1024
        processes.end(lambda: set(processes.below(bwrap)), CLOSE_SECONDS)
        ended = processes.has_ended(bwrap, CLOSE_SECONDS)
        if not ended:
            self.process.kill()
        lost = self.process.wait() < 0 and ended
        self.held.close()
        return None if lost else largest_mb

    def stop(self) -> None:
        """End it, and with it all that is inside."""
        self.control.close()
        # Hung up on, the interpreter ends by itself: only then is what its forks used added to
        # what this process used, where `time` and our benchmark look for it.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(END_SECONDS if self.usage else 0.0)
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()  # takes all inside along: --die-with-parent
        self.process.wait()
        self.held.close()

    def _stop(self, error: Exception) -> str:
        """End it; return its last words, else the error's."""
        self.printed.seek(0)
        lines = self.printed.read()[-10_000:].decode(errors="replace").strip().splitlines()
        self.stop()
        return lines[-1] if lines else str(error)
