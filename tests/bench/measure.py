"""What a command costs: seconds by the clock and of processors, and memory, all descendants told.

A sandbox is ended by killing it from outside, so its processes have nobody left who would wait for
them and add up what they used. This process becomes their reaper and waits for every one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_SET_CHILD_SUBREAPER = 36
LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, and the largest memory that all processes held together (MB, shared pages once)."""

    wall: float
    cpu: float
    memory_mb: float


def cost(command: list[str], cwd: Path, ok: tuple[int, ...] = (0,)) -> Cost:
    """Run a command to its end; RuntimeError tells what it said when it failed."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    ours = set(psutil.Process().children())  # multiprocessing has a helper that never ends
    before, begin = _used(), time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    memory = _Memory(process.pid)
    said, _ = process.communicate()
    wall = time.perf_counter() - begin
    memory.stop()
    if process.returncode not in ok:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said[-2000:]}")
    while orphans := set(psutil.Process().children()) - ours:
        for orphan in orphans:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(orphan.pid, 0)
    return Cost(wall, _used() - before, memory.peak_mb)


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _Memory(threading.Thread):
    """Watches what a process and its descendants hold."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root, self.peak_mb, self.over = psutil.Process(pid), 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(LOOK_SECONDS):
            self.peak_mb = max(self.peak_mb, self._held())

    def _held(self) -> float:
        held = 0
        with contextlib.suppress(psutil.Error):
            for process in [self.root, *self.root.children(recursive=True)]:
                with contextlib.suppress(psutil.Error, OSError):
                    held += process.memory_full_info().pss
        return held / 2**20

    def stop(self) -> None:
        self.over.set()
        self.join()
