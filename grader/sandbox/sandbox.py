"""The wall: bubblewrap around a warm interpreter, which opens a run for each submission."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from grader.errors import SandboxError
from grader.sandbox import bubblewrap, seccomp
from grader.sandbox.channel import Spend, forget
from grader.sandbox.inside.marks import Step
from grader.sandbox.limits import Isolation, Limits
from grader.sandbox.processes import Usage
from grader.sandbox.run import Run
from grader.sandbox.warm import Warm

# How a kernel refuses user namespaces within ours, or what they are good for.
REFUSED = (
    [Step.NAMESPACES, errno.EPERM],
    [Step.NAMESPACES, errno.ENOSPC],  # user.max_user_namespaces
    [Step.MOUNTS, errno.EPERM],
)


@dataclass(frozen=True, slots=True)
class _Wall:
    isolation: Isolation
    nested: bool = False  # submissions share it, and each has namespaces of its own within
    single: bool = False  # each submission has one of its own
    walled: bool = True


_COLD = _Wall("bubblewrap-cold", single=True)
_WALLS = {
    wall.isolation: wall
    for wall in (_Wall("bubblewrap", nested=True), _COLD, _Wall("none", walled=False))
}


class Sandbox:
    """A warm interpreter behind the wall; opens one run at a time. A context manager.

    `data` are the files that submissions may have, by name. The warm interpreter runs `prelude`
    and imports `imports` beside the usual, before any submission. Nobody inside sees the folders
    `covered`. `spend` is told how many seconds went into the stages of the work.
    """

    def __init__(
        self,
        data: Mapping[str, Path] | None = None,
        isolation: Isolation = "bubblewrap",
        *,
        prelude: str = "",
        imports: Iterable[str] = (),
        covered: Iterable[Path] = (),
        extra_arguments: tuple[str, ...] = (),
        spend: Spend = forget,
    ) -> None:
        self.data = dict(data or {})
        self._wall = _WALLS[isolation]
        self._prelude = prelude
        self._imports = list(imports)
        self._covered = frozenset(covered)
        self._extra = extra_arguments
        self._spend = spend
        self._warm: Warm | None = None

    @property
    def isolation(self) -> Isolation:
        """Name the wall: another one than was asked for where the kernel refuses that."""
        return self._wall.isolation

    @property
    def usage(self) -> Usage:
        """Tell what the submission uses that is open."""
        if self._warm is None:
            raise SandboxError("the sandbox has not been started")
        return self._warm.await_hello()

    def __enter__(self) -> Self:
        self._start(self.data).await_hello()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self) -> None:
        """Start the warm interpreter and do not wait for it; the first `open` does."""
        if not self._wall.single:
            self._start(self.data)

    def close(self) -> None:
        """End the warm interpreter, and with it all that is inside; `open` would start another."""
        if self._warm is not None:
            self._warm.stop()
            self._warm = None

    def open(self, limits: Limits, data: Iterable[str] = ()) -> Run:
        """Start a submission's own walls; raise SandboxError when they cannot be built."""
        chosen = {name: self.data[name] for name in data}
        warm = self._ready(chosen, limits.disk_mb)
        usage = warm.await_hello()
        ours, theirs = socket.socketpair()
        with theirs, ExitStack() as stack:
            stack.callback(ours.close)
            opened = warm.open(theirs, self._spec(limits, chosen))
            for stage, seconds in opened["seconds"].items():
                self._spend(stage, seconds)
            if not opened["failed"]:
                stack.pop_all()
                return Run(ours, limits, usage, warm.end, self._spend)
        step, number, words = opened["failed"]
        if not self._wall.nested or [step, number] not in REFUSED:
            raise SandboxError(f"the sandbox could not be set up: {step}: {words}")
        self._wall = _COLD
        return self.open(limits, chosen)

    def _ready(self, chosen: Mapping[str, Path], disk_mb: int) -> Warm:
        if self._wall.single:
            return self._start(chosen, disk_mb)
        if self._warm is None or not self._warm.is_running():
            return self._start(self.data)
        return self._warm

    def _start(self, data: Mapping[str, Path], disk_mb: int = 0) -> Warm:
        self.close()

        def command(descriptor: int, stack: ExitStack) -> list[str]:
            return self._command(descriptor, data, disk_mb, stack)

        self._warm = Warm.start(command, self._imports, self._spend, alone=self._wall.single)
        return self._warm

    def _command(
        self, descriptor: int, data: Mapping[str, Path], disk_mb: int, stack: ExitStack
    ) -> list[str]:
        if not self._wall.walled:
            work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-")))
            (work / "data").mkdir()
            (work / ".tmp").mkdir()
            for path in data.values():
                (work / "data" / path.name).symlink_to(path.resolve())
            return bubblewrap.bare_command(descriptor, work, self._prelude)
        seccomp.system_call_filters()  # or it is refused, before anything has been started
        return bubblewrap.command(
            descriptor,
            data,
            cold=self._wall.single,
            user=bubblewrap.user_of_its_own(os.fstat(descriptor).st_ino),
            prelude=self._prelude,
            covered=self._covered,
            disk_mb=disk_mb,
            extra=self._extra,
        )

    def _spec(self, limits: Limits, chosen: Mapping[str, Path]) -> dict[str, Any]:
        # Not started by root, bwrap's own process counts as one of the only submission's.
        counted = self._wall.single and os.geteuid() != 0
        return {
            **{name: getattr(limits, name) for name in limits.__slots__},
            "processes": limits.processes + counted,
            "data": sorted({path.name for path in chosen.values()}),
            "nested": self._wall.nested,
            "alone": self._wall.single,
            "walled": self._wall.walled,
            "filters": list(seccomp.system_call_filters()) if self._wall.walled else [],
        }
