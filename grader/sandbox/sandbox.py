"""The wall: bubblewrap around a warm interpreter, seen from the trusted side.

How it works. A `Sandbox` starts `worker.main` in bubblewrap with a read-only view of the
interpreter, its packages and the named data sets, no network and no way to gain privileges.
`open` gives a `Run`: one submission behind a second wall of namespaces of its own (see `worker`),
reached by a socket of its own. Where the kernel refuses nested user namespaces, each submission
gets a bubblewrap of its own instead ("cold": slower, the same wall).

Trusted: this process, bwrap, and the warm interpreter, which never runs learner code. Not
trusted: all that arrives on a run's sockets. Time and memory are judged out here; whoever passes
a limit, or sends what is no message, is killed.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from grader.errors import SandboxError
from grader.sandbox import bubblewrap as wall
from grader.sandbox import processes, seccomp
from grader.sandbox.channel import Channel
from grader.sandbox.inside import interpreter as worker
from grader.sandbox.limits import END_SECONDS, Isolation, Limits, RunEnded
from grader.sandbox.run import Run
from grader.stages import spend

START_SECONDS = 120.0


@dataclass(slots=True)
class Sandbox:
    """A warm interpreter behind the wall; opens one run at a time. A context manager."""

    data: Mapping[str, Path] = field(default_factory=dict)
    isolation: Isolation = "bubblewrap"
    covered: Path | None = None
    extra_arguments: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()  # what the warm interpreter imports beside the usual
    lost: bool = False  # whether it was ever found dead at the end of a run
    _process: subprocess.Popen[bytes] | None = None
    _control: Channel | None = None
    _trusted: frozenset[int] = frozenset()
    _ready: bool = False  # it has said hello
    _scratch: tempfile.TemporaryDirectory[str] | None = None
    _errors: Any = None

    def __enter__(self) -> Self:
        self._start(self.data)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the warm interpreter, and with it all that is inside; `open` would start another."""
        self._stop()

    def begin(self) -> None:
        """Start the warm interpreter and do not wait for it; the first `open` does."""
        if self.isolation != "bubblewrap-cold":
            self._launch(self.data)

    def open(self, limits: Limits, data: Iterable[str] = ()) -> Run:
        """Start a submission's own walls; raise SandboxError when they cannot be built."""
        names = {Path(self.data[name]).name: self.data[name] for name in data}
        if self.isolation == "bubblewrap-cold":
            self._restart(dict(zip(data, names.values(), strict=True)))
        elif self._process is None or self._process.poll() is not None:
            self._restart(self.data)
        elif not self._ready:
            self._await_hello()
        ours, theirs = socket.socketpair()
        failed = self._open(theirs, limits, sorted(names))
        theirs.close()
        if (
            failed
            and self.isolation == "bubblewrap"
            and failed.startswith(("[Errno 1]", "[Errno 28]"))
        ):
            # This kernel refuses user namespaces within ours: one bubblewrap a submission instead.
            ours.close()
            self.isolation = "bubblewrap-cold"
            return self.open(limits, data)
        if failed:
            raise SandboxError(f"the sandbox could not be set up: {failed}")
        control = Channel(ours, worker.CONTROL_BYTES)
        control.used, control.queued = self.processor_seconds, self.queued_seconds
        run = Run(self, control, limits)
        run.control.watch = run.watch
        return run

    def _open(self, theirs: socket.socket, limits: Limits, names: list[str]) -> str:
        spec = {
            **{name: getattr(limits, name) for name in limits.__slots__},
            "data": names,
            "nested": self.isolation == "bubblewrap",
            "walled": self.isolation != "none",
            "seccomp": seccomp.system_call_filter() if self.isolation != "none" else b"",
        }
        control = self._control
        assert control is not None  # noqa: S101 - set by _start
        control.within(START_SECONDS)
        try:
            socket.send_fds(control.sock, [b"o"], [theirs.fileno()])
            control.send(spec)
            said = control.receive()
            for name, seconds in said["seconds"].items():
                spend(name, seconds)
            return str(said["failed"])
        except (RunEnded, OSError) as error:
            raise SandboxError(f"the sandbox ended by itself: {self._last_words(error)}") from None

    def end_run(self) -> float:
        """Kill the submission's processes; return the largest one's peak memory in MB."""
        control = self._control
        if control is None:
            return 0.0
        control.within(10)
        try:
            control.sock.sendall(b"c")
            return float(control.receive()["memory_mb"])
        except (RunEnded, OSError):
            self._stop()  # the next `open` starts anew
            self.lost = True
            return 0.0

    def processor_seconds(self) -> float:
        """Return what the submission's processes have used, those included that ended."""
        return sum(processes.used_ticks(pid) for pid in self.submission()) / os.sysconf(
            "SC_CLK_TCK"
        )

    def queued_seconds(self) -> float:
        """Return how long the submission's processes, and this one, were kept from a processor."""
        return sum(map(processes.queued_seconds, [os.getpid(), *self.submission()]))

    def memory_mb(self, limit_mb: float = 0) -> float:
        """Return what the submission's processes hold together, shared pages counted once.

        To count shared pages is slow. It is not done where all together are not above the limit
        even when such pages count for each process.
        """
        inside = self.submission()
        most_mb = sum(map(processes.resident_kb, inside)) / 1024
        return most_mb if most_mb <= limit_mb else sum(map(processes.memory_kb, inside)) / 1024

    def submission(self) -> set[int]:
        """List the submission's processes."""
        if self._process is None:
            return set()
        # Below bwrap and not below the warm interpreter: without a pid namespace of its own
        # ("cold"), what a submission leaves behind becomes bwrap's.
        return set(processes.below(self._process.pid)) - self._trusted

    def _restart(self, data: Mapping[str, Path]) -> None:
        self._stop()
        self._start(data)

    def _start(self, data: Mapping[str, Path]) -> None:
        self._launch(data)
        self._await_hello()

    def _launch(self, data: Mapping[str, Path]) -> None:
        ours, theirs = socket.socketpair()
        self._control = Channel(ours, worker.CONTROL_BYTES)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in _stop
        try:
            self._process = subprocess.Popen(  # noqa: S603
                self._command(theirs.fileno(), data),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                env=wall.ENVIRONMENT | {"PATH": os.defpath},
            )
            self._control.within(START_SECONDS)
            self._control.send({"imports": list(self.imports)})
        except RunEnded as error:
            raise self._not_started(error) from None
        except BaseException:
            self._stop()
            raise
        finally:
            theirs.close()

    def _await_hello(self) -> None:
        assert self._control is not None and self._process is not None  # noqa: S101 - see _launch
        try:
            self._control.within(START_SECONDS)
            self._control.receive()
        except RunEnded as error:
            raise self._not_started(error) from None
        except BaseException:
            self._stop()
            raise
        self._trusted = frozenset(processes.below(self._process.pid))
        self._ready = True

    def _not_started(self, error: RunEnded) -> SandboxError:
        words = self._last_words(error)
        self._stop()
        return SandboxError(f"the sandbox did not start: {words}")

    def _stop(self) -> None:
        patience = END_SECONDS if self._ready else 0.0
        self._trusted, self._ready = frozenset(), False
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            # Hung up on, the interpreter ends by itself: only then is what its forks used added to
            # what this process used, where `time` and our benchmark look for it.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()  # takes all inside along: --die-with-parent
            self._process.wait()
            self._process = None
        if self._errors is not None:
            self._errors.close()
            self._errors = None
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    def _last_words(self, error: Exception) -> str:
        if self._errors is None:
            return str(error)
        self._errors.seek(0)
        lines = self._errors.read()[-10_000:].decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else str(error)

    def _command(self, descriptor: int, data: Mapping[str, Path]) -> list[str]:
        if self.isolation == "none":
            self._scratch = tempfile.TemporaryDirectory(prefix="grader-")
            work = Path(self._scratch.name)
            (work / "data").mkdir()
            (work / ".tmp").mkdir()
            for path in data.values():
                (work / "data" / path.name).symlink_to(path.resolve())
            return wall.bare_command(descriptor, work)
        cold = self.isolation == "bubblewrap-cold"
        extra = self.extra_arguments
        return wall.command(descriptor, data, cold=cold, covered=self.covered, extra=extra)
