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

from grader.sandbox import sockets
from grader.sandbox.sockets import told


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
        """Return what the submission's processes and sockets hold, shared pages counted once.

        To count shared pages is slow, and so is to tell busy connections from others. It is not
        done where all together are not above the limit even when such pages count for each process
        and such connections are full.
        """
        inside = self.processes()
        most_kb = sum(map(resident_kb, inside)) + sockets.most_kb(inside)
        if most_kb <= limit_mb * 1024:
            return most_kb / 1024
        return (sum(map(memory_kb, inside)) + sockets.held_kb(inside)) / 1024


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
            if not all(_is_over(each, deadline - time.monotonic()) for each in opened.values()):
                return False
        finally:
            for descriptor in opened.values():
                os.close(descriptor)
        ended |= new
    return True


def has_ended(pid: int, seconds: float) -> bool:
    """Wait until a child has ended, which is not yet waited for; tell if that took in time."""
    descriptor = os.pidfd_open(pid)
    try:
        return _is_over(descriptor, seconds)
    finally:
        os.close(descriptor)


def _is_over(descriptor: int, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(1000 * max(seconds, 0)))


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
    return sum(map(int, told(pid, "stat").rpartition(")")[2].split()[11:15]))


def resident_kb(pid: int) -> int:
    """Return what a process holds, pages that it shares included: told at once."""
    pages = told(pid, "statm").split()[1:2]
    return sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE") // 1024


def memory_kb(pid: int) -> int:
    """Return what a process holds; of pages that it shares, its part where the system tells."""
    shared = told(pid, "smaps_rollup").partition("Pss:")[2].split(None, 1)[:1]
    return sum(map(int, shared)) if shared else resident_kb(pid)


def worked_seconds(pid: int) -> float:
    """Return what a process has used, and its children that ended: what ended in ticks alone."""
    each = [told(pid, f"task/{at}/schedstat").split()[:1] for at in _threads(pid)]
    living = sum(int(word) for words in each for word in words) / 1e9
    return max(living, used_ticks(pid) / os.sysconf("SC_CLK_TCK"))


def peak_kb(pid: int) -> int:
    """Return the most that a process ever held."""
    return sum(map(int, told(pid, "status").partition("VmHWM:")[2].split(None, 1)[:1]))


def queued_seconds(pid: int) -> float:
    """Return how long a process could have run and others did; 0 where the kernel counts none."""
    return sum(map(int, told(pid, "schedstat").split()[1:2])) / 1e9


def _children(pid: int) -> list[int]:
    return [int(word) for at in _threads(pid) for word in told(pid, f"task/{at}/children").split()]


def _threads(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/task")  # noqa: PTH208
    except OSError:
        return []
