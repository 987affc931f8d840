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
import select
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from grader.errors import SandboxError
from grader.exercises.folder import Limits
from grader.sandbox import bubblewrap as wall
from grader.sandbox import processes
from grader.sandbox.bubblewrap import Isolation
from grader.sandbox.inside import interpreter as worker
from grader.score.attempt import Ending
from grader.stages import spend, stage
from grader.wire import message as wire
from grader.wire.encode import WireError

START_SECONDS = 120.0
END_SECONDS = 2.5
POLL_SECONDS = 0.1
# Limits are processor seconds: on a busy machine the clock runs on while code waits for its turn.
# Who waits for something else, and uses no processor, has this many times as long by the clock.
CLOCK_FACTOR = 4
# And this many times as long again while the kernel says that it was kept from a processor.
QUEUE_FACTOR = 3


class RunEnded(Exception):
    """Tell that a submission's run is over, and how; it has been killed."""

    def __init__(self, ending: Ending, note: str) -> None:
        super().__init__(note)
        self.ending = ending
        self.note = note


@dataclass(slots=True)
class Channel:
    """One socket into a run, with a deadline; every fault on it ends in `RunEnded`.

    With `used`, which tells the processor seconds that the run has used, these are limited, too;
    with `queued`, the seconds in which it was kept from a processor are added to its time.
    """

    sock: socket.socket
    max_bytes: int
    watch: Callable[[], None] = lambda: None
    used: Callable[[], float] | None = None
    queued: Callable[[], float] = lambda: 0.0
    seconds: float = 0.0
    deadline: float = 0.0
    used_before: float = 0.0
    queued_before: float = 0.0
    looked: float = 0.0

    def within(self, seconds: float) -> None:
        """Set the limit of all that follows."""
        self.seconds = seconds
        self.looked = time.monotonic()
        self.deadline = self.looked + seconds * (CLOCK_FACTOR if self.used else 1)
        self.used_before = self.used() if self.used else 0.0
        self.queued_before = self.queued()

    def send(self, value: Any, keep: Callable[[Any], Any] | None = None) -> None:
        """Send one message; a reader that does not read is late like one that does not answer."""
        self.sock.settimeout(max(self.deadline - time.monotonic(), 0.001))
        with stage("codec"):
            message = wire.frame(value, keep)
        try:
            self.sock.sendall(message)
        except TimeoutError:
            raise self._late() from None
        except OSError:
            raise RunEnded(Ending.CRASHED, "its process ended") from None

    def receive(self, found: Callable[[Any], Any] | None = None) -> Any:
        """Receive one message before the deadline."""
        try:
            parts = wire.read_parts(self._read, self.max_bytes)
            with stage("codec"):
                return wire.decode_parts(*parts, found)
        except WireError:
            # Not which fault it was: the learner reads this, and its code could choose between them
            # by what it saw of a hidden test (tests/attacks/smuggled_inputs/wire_faults.py).
            raise RunEnded(Ending.CRASHED, "it sent what is no message") from None
        except OSError:
            raise RunEnded(Ending.CRASHED, "its process ended") from None

    def _read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            self._wait()
            part = self.sock.recv(min(count - len(data), 2**20))
            if not part:
                raise RunEnded(Ending.CRASHED, "its process ended")
            data += part
        return bytes(data)

    def _wait(self) -> None:
        waiting = select.poll()
        waiting.register(self.sock, select.POLLIN)
        while True:
            left = self._left()
            if left <= 0:
                raise self._late()
            self._look()
            # Also when there is something to read, or who never stops sending would not be
            # watched (tests/attacks/exhaustion/flood_hides_growth.py).
            self.watch()
            if waiting.poll(1000 * min(left, POLL_SECONDS)):
                return

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left > 0:
            return left
        most = QUEUE_FACTOR * CLOCK_FACTOR * max(self.seconds, 0.0)
        return left + min(self.queued() - self.queued_before, most)

    def _look(self) -> None:
        now = time.monotonic()
        if self.used and now - self.looked > POLL_SECONDS:
            self.looked = now
            if self.used() - self.used_before > self.seconds:
                raise self._late()

    def _late(self) -> RunEnded:
        return RunEnded(Ending.TIMEOUT, f"it took longer than {max(self.seconds, 0):.3g} seconds")

    def close(self) -> None:
        """Hang up."""
        self.sock.close()


@dataclass(slots=True)
class Run:
    """One submission behind the wall: run cells, then open a channel per test."""

    sandbox: Sandbox
    control: Channel
    limits: Limits
    peak_mb: float = 0.0
    watched: float = field(default_factory=time.monotonic)
    began: float = 0.0
    used_before: float = 0.0
    standing: frozenset[int] = frozenset()  # its processes when the test began

    def start_cells(self, cells: list[tuple[int, str]]) -> None:
        """Send the cells; what they did comes message by message from `control`."""
        self.control.within(self.limits.notebook_seconds)
        self.began, self.used_before = self.control.looked, self.control.used_before
        self.control.sock.sendall(b"r")
        self.control.send([list(cell) for cell in cells])

    def next_cell(self) -> None:
        """Set the limit of one cell, or what is left of the notebook's, if that is less."""
        by_the_clock = (time.monotonic() - self.began) / CLOCK_FACTOR
        spent = max(self.sandbox.processor_seconds() - self.used_before, by_the_clock)
        left = self.limits.notebook_seconds - spent
        self.control.within(min(self.limits.cell_seconds, left))

    def open_test(self, seconds: float) -> Channel:
        """Fork a test from the state after the notebook; its clock starts now."""
        ours, theirs = socket.socketpair()
        self.standing = frozenset(self.sandbox.submission())
        try:
            socket.send_fds(self.control.sock, [b"t"], [theirs.fileno()])
        except OSError:
            ours.close()
            raise RunEnded(Ending.CRASHED, "its process ended") from None
        finally:
            theirs.close()
        used = self.sandbox.processor_seconds
        queued = self.sandbox.queued_seconds
        channel = Channel(ours, self.limits.message_mb * 2**20, self.watch, used, queued)
        channel.within(seconds)
        return channel

    def end_test(self, channel: Channel) -> None:
        """Kill the test's fork and what it started, which would use up what the next test may.

        A run in which that does not work in time is ended as a whole.
        """
        channel.close()
        self.control.within(END_SECONDS)
        try:
            if not processes.end(lambda: self.sandbox.submission() - self.standing, END_SECONDS):
                raise RunEnded(Ending.CRASHED, "its processes could not be ended")
            self.control.sock.sendall(b"k")
        except OSError:
            raise RunEnded(Ending.CRASHED, "its process ended") from None
        said = self.control.receive()
        if not isinstance(said, dict) or said.get("ended") is not True:
            raise RunEnded(Ending.CRASHED, "it answered out of turn")

    def watch(self) -> None:
        """End the run when its processes together hold more memory than allowed.

        To be called often: it looks ten times a second.
        """
        if time.monotonic() - self.watched < POLL_SECONDS:
            return
        self.watched = time.monotonic()
        held_mb = self.sandbox.memory_mb(self.limits.memory_mb)
        if held_mb > self.limits.memory_mb:
            self.peak_mb = max(self.peak_mb, held_mb)
            raise RunEnded(Ending.MEMORY, f"it used more than {self.limits.memory_mb} MB of memory")

    def close(self) -> None:
        """Kill whatever is left of the submission."""
        self.control.close()
        self.peak_mb = max(self.peak_mb, self.sandbox.end_run())


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
            "seccomp": wall.system_call_filter() if self.isolation != "none" else b"",
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
