"""What the system tells of processes, from outside of them.

A process that has ended meanwhile has no children, uses nothing and holds nothing.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def below(pid: int) -> list[int]:
    """List a process's children, their children, and so on."""
    found = []
    waiting = _children(pid)
    while waiting:
        child = waiting.pop()
        found.append(child)
        waiting += _children(child)
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    return found


def used_ticks(pid: int) -> int:
    """Return a process's user and system time in ticks, and that of its children that ended."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{pid}/stat").read_text()
        return sum(map(int, text.rpartition(")")[2].split()[11:15]))
    return 0


def resident_kb(pid: int) -> int:
    """Return what a process holds, pages that it shares included: told at once."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 1024
    return 0


def memory_kb(pid: int) -> int:
    """Return what a process holds; of pages that it shares, its part."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(text.split("Pss:", 1)[1].split(None, 1)[0])
    return 0
