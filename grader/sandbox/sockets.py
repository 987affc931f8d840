"""What a submission's sockets hold, from outside of it.

What was sent and not yet read is the kernel's, in no process: it stays when the sender closes, and
when nobody ever accepts the connection. The kernel counts the sockets of a network, those included
that are closed and whose data have not been read, and each submission has a network of its own. So
the sockets are counted, and each with all that it could hold.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable
from pathlib import Path

_NO_QUEUES = ("st", "0A")  # the heading, and who listens: there it is the connections that wait
_BYTE_KB = 2.25  # what a byte can take that was sent by itself


def most_kb(inside: Iterable[int]) -> float:
    """Return what the sockets of processes, which share a network, can hold at most."""
    text = _of_the_network(inside, "sockstat", "sockstat6")
    connections = _sum(r"TCP6?: inuse (\d+)", text)
    return _full_kb() * _used(text) + min(_everybodys_kb(text), connections * sum(_largest_kb()))


def held_kb(inside: Iterable[int]) -> float:
    """Return the same; count connections with what waits in them. This is slow."""
    inside = list(inside)
    text = _of_the_network(inside, "sockstat")
    rows = _of_the_network(inside, "tcp", "tcp6").splitlines()
    return _full_kb() * _used(text) + min(_everybodys_kb(text), sum(map(_waiting_kb, rows)))


def told(pid: int, name: str) -> str:
    """Read what the system tells of a process; nothing where it has ended."""
    # Plain `open`: while a submission runs, this is asked many times a second.
    try:
        with open(f"/proc/{pid}/{name}") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return ""


def _used(text: str) -> int:
    return _sum(r"sockets: used (\d+)", text)


def _everybodys_kb(text: str) -> int:
    """Return what all connections by TCP of this machine hold: no submission's hold more."""
    return _sum(r"TCP: .* mem (\d+)", text) * os.sysconf("SC_PAGE_SIZE") // 1024


def _sum(pattern: str, text: str) -> int:
    return sum(map(int, re.findall(pattern, text)))


def _of_the_network(inside: Iterable[int], *names: str) -> str:
    for pid in inside:
        text = "".join(told(pid, f"net/{name}") for name in names)
        if text and not _shares_ours(pid):
            return text
    return ""


def _shares_ours(pid: int) -> bool:
    """Tell if a process has no network of its own, as without a wall, or has ended."""
    try:
        return Path(f"/proc/{pid}/ns/net").readlink() == Path("/proc/self/ns/net").readlink()
    except PermissionError:
        return False
    except OSError:
        return True


def _waiting_kb(row: str) -> float:
    _, _, _, state, queues, *_ = row.split()
    if state in _NO_QUEUES:
        return 0
    waiting = (int(queue, 16) * _BYTE_KB for queue in queues.split(":"))
    return sum(map(min, waiting, _largest_kb()))


@functools.cache
def _full_kb() -> int:
    """Return what one socket can hold.

    That is what may be sent from it before somebody reads, half as much again, which the kernel
    lets be above it, and the socket itself. Larger buffers cannot be had (`seccomp`). Measured:
    at most 165 KB for each of the two of a filled connection, where this is 320 KB.
    """
    return int(Path("/proc/sys/net/core/wmem_default").read_text()) * 3 // 2 // 1024 + 8


@functools.cache
def _largest_kb() -> tuple[int, int]:
    """Return up to where the kernel lets the buffers grow of a connection by TCP: out and in."""
    sizes = (Path(f"/proc/sys/net/ipv4/tcp_{name}mem").read_text().split()[2] for name in "wr")
    out, back = (int(size) // 1024 for size in sizes)
    return out, back
