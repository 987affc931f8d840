"""Processes of our own that end when they should."""

from __future__ import annotations

import contextlib
import ctypes
import json
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from grader import lean

CLOSE_SECONDS = 20.0
# What a process of ours may hold: 1.4 GB are reserved as soon as pandas and Arrow are imported, and
# a test whose answers are at their limits uses half of one more.
OWN_BYTES = 6 * 2**30
# With our own path, as the modules that it will be sent may be anywhere.
_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from grader.grading.processes import begin; begin(*map(int, sys.argv[2:]))"
)


class Helper:
    """A Python process of ours that runs one function, and a link to it.

    None of `multiprocessing`'s, of which a daemon may start none, as Dask's workers are. It ends
    with the thread that starts it.
    """

    def __init__(self, serve: Callable[..., None], *arguments: Any) -> None:
        ours, theirs = socket.socketpair()
        self.link: Connection[Any, Any] = Connection(ours.detach())
        with theirs, interrupts_blocked():
            numbers = (str(theirs.fileno()), str(os.getpid()))
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-c", _BEGIN, json.dumps(sys.path), *numbers],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self.send((serve, arguments))

    def send(self, task: Any) -> None:
        """Send what is to be done; that nobody is there any more is seen when it is listened to."""
        with contextlib.suppress(OSError):
            self.link.send(task)

    def close(self) -> int:
        """Hang up, and wait until it has ended; return its exit code, below zero for a signal."""
        self.link.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(CLOSE_SECONDS)
        return self.kill()

    def kill(self) -> int:
        """End it at once."""
        self.link.close()
        self._process.kill()
        return self._process.wait()


def begin(descriptor: int, parent: int) -> None:
    """Be a helper: run the function that comes first over the link."""
    end_with_parent(parent)
    lean.without_uri_grammar()  # a pool's processes import the command's file, which does so
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    # Not for good: what runs behind the wall has limits of its own.
    resource.setrlimit(resource.RLIMIT_DATA, (OWN_BYTES, most))
    with Connection(descriptor) as link:
        serve, arguments = link.recv()
        with contextlib.suppress(EOFError, ConnectionError):  # hung up on: nothing is left to do
            serve(link, *arguments)


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Start processes that a Ctrl-C does not reach: a terminal sends it to all, bwrap included.

    A sandbox that ended so would look like a submission that crashed.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent(parent: int = 0) -> None:
    """Have the kernel end this process with the one that started it; else one of a pool's.

    With that one killed, it would wait for work for ever.
    """
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    pool = multiprocessing.parent_process()
    if os.getppid() != (parent or (pool.pid if pool else None)):
        os._exit(1)  # it was killed before we asked


def allow(processor_seconds: float) -> None:
    """Have the kernel end this process when it has used so much more of a processor.

    Where an exception would wait until a call in C is over, which can be made to take hours.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, processor_seconds)


def allow_clock(seconds: float) -> None:
    """Have the kernel end this process after so long by the clock; 0: for as long as it likes."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
