"""What the system tells of processes, from outside of them.

A process that has ended meanwhile has no children, uses nothing and holds nothing.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What one submission uses: its processes are those below `root` that are not trusted."""

    root: int
    trusted: frozenset[int]

    def processes(self) -> set[int]:
        """List the submission's processes."""
        # Below bwrap and not below the warm interpreter: without a pid namespace of its own
        # ("cold"), what a submission leaves behind becomes bwrap's.
        return set(below(self.root)) - self.trusted

    def processor_seconds(self) -> float:
        """Return what the submission's processes have used, those included that ended."""
        return sum(map(used_ticks, self.processes())) / os.sysconf("SC_CLK_TCK")

    def worked_seconds(self) -> float:
        """Do the same to the nanosecond, where threads and processes have not ended."""
        return sum(map(worked_seconds, self.processes()))

    def queued_seconds(self) -> float:
        """Return how long the submission's processes, and this one, were kept from a processor."""
        return sum(map(queued_seconds, [os.getpid(), *self.processes()]))

    def memory_mb(self, limit_mb: float = 0) -> float:
        """Return what the submission's processes hold together, shared pages counted once.

        To count shared pages is slow. It is not done where all together are not above the limit
        even when such pages count for each process.
        """
        inside = self.processes()
        most_mb = sum(map(resident_kb, inside)) / 1024
        return most_mb if most_mb <= limit_mb else sum(map(memory_kb, inside)) / 1024


def end(listed: Callable[[], set[int]], seconds: float) -> bool:
    """Kill the processes that are listed until there are no new ones; tell if that took in time.

    They have let go of their memory then, and may still wait for their parents to look at them.
    """
    deadline = time.monotonic() + seconds
    ended: set[int] = set()
    while new := listed() - ended:
        if time.monotonic() > deadline:
            return False
        opened = {pid: descriptor for pid in new if (descriptor := _open(pid)) >= 0}
        try:
            for pid in opened.keys() & listed():  # and no stranger that got its number meanwhile
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(opened[pid], signal.SIGKILL)
            for descriptor in opened.values():
                waiting = select.poll()
                waiting.register(descriptor, select.POLLIN)
                if not waiting.poll(1000 * max(deadline - time.monotonic(), 0)):
                    return False
        finally:
            for descriptor in opened.values():
                os.close(descriptor)
        ended |= new
    return True


def _open(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return -1


def below(pid: int) -> list[int]:
    """List a process's children, their children, and so on."""
    found = []
    waiting = _children(pid)
    while waiting:
        child = waiting.pop()
        found.append(child)
        waiting += _children(child)
    return found


def used_ticks(pid: int) -> int:
    """Return a process's user and system time in ticks, and that of its children that ended."""
    return sum(map(int, _told(pid, "stat").rpartition(")")[2].split()[11:15]))


def resident_kb(pid: int) -> int:
    """Return what a process holds, pages that it shares included: told at once."""
    pages = _told(pid, "statm").split()[1:2]
    return sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE") // 1024


def memory_kb(pid: int) -> int:
    """Return what a process holds; of pages that it shares, its part."""
    shared = _told(pid, "smaps_rollup").partition("Pss:")[2].split(None, 1)[:1]
    return sum(map(int, shared))


def worked_seconds(pid: int) -> float:
    """Return what a process has used, and its children that ended: what ended in ticks alone."""
    told = [_told(pid, f"task/{at}/schedstat").split()[:1] for at in _threads(pid)]
    living = sum(int(word) for words in told for word in words) / 1e9
    return max(living, used_ticks(pid) / os.sysconf("SC_CLK_TCK"))


def peak_kb(pid: int) -> int:
    """Return the most that a process ever held."""
    return sum(map(int, _told(pid, "status").partition("VmHWM:")[2].split(None, 1)[:1]))


def queued_seconds(pid: int) -> float:
    """Return how long a process could have run and others did; 0 where the kernel counts none."""
    return sum(map(int, _told(pid, "schedstat").split()[1:2])) / 1e9


def _children(pid: int) -> list[int]:
    told = (_told(pid, f"task/{at}/children") for at in _threads(pid))
    return [int(word) for words in told for word in words.split()]


def _threads(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/task")  # noqa: PTH208
    except OSError:
        return []


def _told(pid: int, name: str) -> str:
    # Plain `open`: while a submission runs, this is asked many times a second.
    try:
        with open(f"/proc/{pid}/{name}") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return ""
