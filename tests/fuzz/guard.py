"""A limit on the processor time of one item, in two steps.

A signal's handler stops Python code. What does not return to Python at all (a loop inside an
extension) is ended by the kernel, together with the process; the item is in a file then.
Processor time and not the clock's: a busy machine finds no faults.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ITEM_SECONDS = 10.0
ADDRESS_SPACE = 6 * 2**30  # protects the machine; what counts is the peak that is reported


class TooLong(BaseException):
    """Tell that an item took longer than any should; no `except Exception` swallows it."""


def start() -> None:
    """Limit this process."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, _stop)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)


@contextmanager
def item(data: bytes, running: Path, seconds: float = ITEM_SECONDS) -> Iterator[None]:
    """Limit what is done to one item; `running` holds it meanwhile, should the process end."""
    running.write_bytes(data)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_VIRTUAL, 3 * seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        running.unlink()


def peak_mb() -> float:
    """Return the most memory that this program has held.

    Not `ru_maxrss`: that counts what the process held before it became this program, which is what
    its parent held (getrusage(2): preserved across execve).
    """
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _stop(*_: Any) -> None:
    raise TooLong("the item took more processor time than any should")
