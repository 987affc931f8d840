"""`submission`: what a test holds in place of the learner's notebook.

`Submission` sends every question into the sandbox and returns plain data, or a `Handle` for what
has no inert form. `InProcess` answers the same questions from the learner's own kernel, so that
one test file serves both. `NotebookRun` runs the cells behind the wall and opens a `Submission`
per test; a cell or test that has to be killed costs itself, and the rest goes on from a new run
without it.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from grader.errors import LearnerError
from grader.exercises.folder import Limits
from grader.sandbox.sandbox import CLOCK_FACTOR, Channel, Run, RunEnded, Sandbox
from grader.score.attempt import CellReport, Ending
from grader.wire import raised
from grader.wire.encode import WireError

MAX_RESTARTS = 8
MAX_NOTEBOOKS = 2  # a submission's runs together: so many times the seconds of one
STATUS = {Ending.TIMEOUT: "timeout", Ending.MEMORY: "memory", Ending.CRASHED: "crashed"}


class Stopped(BaseException):
    """End a test whose run was killed; no `except Exception` or `pytest.raises` can swallow it."""

    def __init__(self, ended: RunEnded) -> None:
        super().__init__(ended.note)
        self.ended = ended


@dataclass(frozen=True, slots=True)
class Call:
    """What one call did: its value, the arguments as they are afterwards, what it printed."""

    value: Any
    args: list[Any]
    kwargs: dict[str, Any]
    warnings: list[str]
    stdout: str
    seconds: float


class Handle:
    """An object of the learner's that stays inside; questions to it are forwarded.

    It equals nothing and has no truth value: a comparison that cannot fail must not look like one.
    """

    __slots__ = ("_ask", "_name", "_type")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, ask: Callable[..., Any], name: int, type_name: str) -> None:
        self._ask = ask
        self._name = name
        self._type = type_name

    def __repr__(self) -> str:
        return f"<the learner's {self._type}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._ask("attribute", self, name)["value"]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", self, list(args), kwargs)["value"]

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", self, key)["value"]

    def __len__(self) -> int:
        length = self._ask("length", self)["value"]
        if not isinstance(length, int) or length < 0:
            raise LearnerError("TypeError", "len() of the learner's object is no number")
        return length

    def __iter__(self) -> Iterator[Any]:
        iterator = self._ask("iterate", self)["value"]
        while "stop" not in (answer := self._ask("next", iterator)):
            yield answer["value"]

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{self!r} has no truth value here; ask it something")

    def _not_comparable(self, other: object) -> NoReturn:
        raise TypeError(f"{self!r} cannot be compared here; ask it for plain data")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _not_comparable


class Submission:
    """Stand for the learner's notebook behind the wall; attributes are its top-level names."""

    def __init__(self, channel: Channel | None, ended: RunEnded | None = None) -> None:
        self._channel: Any = channel  # None where it has ended already
        self._count = 0
        self._callbacks: list[Callable[..., Any]] = []
        self.ended = ended

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        answer = self._ask("get", name)
        if "missing" in answer:
            raise LearnerError("NameError", f"the notebook does not define {name}")
        return answer["value"]

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Call:
        """Call a name or a handle and tell what that did to the arguments and the world."""
        target = getattr(self, function) if isinstance(function, str) else function
        answer = self._ask("inspect", target, list(args), kwargs)
        return _call_from(answer)

    def library(self, name: str) -> Any:
        """Import a library inside, beside the learner's objects; returns a handle to it."""
        return self._ask("library", name)["value"]

    def _ask(self, do: str, *arguments: Any) -> dict[str, Any]:
        if self.ended is not None:
            raise Stopped(self.ended)
        self._count += 1
        id = self._count  # a callback may ask in between
        try:
            self._channel.send({"id": id, "do": do, "with": list(arguments)}, self._keep)
            return self._answer(id)
        except RunEnded as ended:
            self.ended = ended
            raise Stopped(ended) from None

    def _answer(self, id: int) -> dict[str, Any]:
        while True:
            answer = self._channel.receive(self._found)
            if not isinstance(answer, dict):
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            if "callback" in answer:
                self._channel.send(self._call_back(answer), self._keep)
            elif not _is(answer.get("id"), id):
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            elif "error" in answer:
                raise _learner_error(answer["error"])
            elif not answer.keys() & {"value", "missing", "stop"}:
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            else:
                return answer

    def _call_back(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            function = self._callbacks[question["callback"]]
            return {"value": function(*question["args"], **question["kwargs"])}
        except Exception as error:  # noqa: BLE001 - the test's own function, called with anything
            return {"error": raised.told(error)}

    def _keep(self, value: Any) -> dict[str, Any]:
        if isinstance(value, Handle):
            return {"id": value._name}
        if callable(value):
            self._callbacks.append(value)
            return {"callback": len(self._callbacks) - 1}
        raise WireError(f"a {type(value).__name__} cannot be given to the learner's code")

    def _found(self, name: Any) -> Handle:
        if not isinstance(name, dict) or not isinstance(name.get("id"), int):
            raise WireError("a handle without a name")
        return Handle(self._ask, name["id"], str(name.get("type"))[:100])


def _call_from(answer: dict[str, Any]) -> Call:
    args, kwargs = answer.get("args"), answer.get("kwargs")
    said, stdout, seconds = answer.get("warnings"), answer.get("stdout"), answer.get("seconds")
    if not isinstance(args, list) or not isinstance(kwargs, dict) or not isinstance(said, list):
        raise LearnerError("TypeError", "the call's report is malformed")
    whole = seconds if isinstance(seconds, float) else 0.0
    return Call(answer["value"], args, kwargs, [str(w) for w in said], str(stdout), whole)


def _is(said: Any, expected: int | str | bool) -> bool:
    """Compare with what came from inside: an array or a table there has no truth value."""
    return type(said) is type(expected) and said == expected


def _text(said: Any, length: int) -> str:
    return said[:length] if isinstance(said, str) else ""


def _learner_error(description: Any) -> Exception:
    """Turn what was told of an exception into one that counts as the known classes among its."""
    message, names = raised.read(description)
    own = names[0][1] if names else "Exception"
    error = raised.again(message, names) or LearnerError(own, message)
    error.from_learner = True  # type: ignore[attr-defined]
    return error


class InProcess:
    """Answer a test's questions from a namespace of this very process: the learner's kernel."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._namespace:
            raise LearnerError("NameError", f"the notebook does not define {name}")
        value = self._namespace[name]
        if not callable(value) or isinstance(value, type):
            return value
        # Across the wall arguments are copies; a test must not see another behaviour here.
        return lambda *args, **kwargs: value(*_copy(args), **_copy(kwargs))

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Call:
        """Call a name or an object and tell what that did to the arguments and the world."""
        target = self._namespace[function] if isinstance(function, str) else function
        args, kwargs = _copy(args), _copy(kwargs)
        printed = io.StringIO()
        with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
            warnings.simplefilter("always")
            begin = time.perf_counter()
            value = target(*args, **kwargs)
            seconds = time.perf_counter() - begin
        said = [f"{w.category.__name__}: {w.message}" for w in caught]
        return Call(value, list(args), kwargs, said, printed.getvalue(), seconds)

    def library(self, name: str) -> Any:
        """Return the library itself."""
        return importlib.import_module(name)


def _copy(values: Any) -> Any:
    try:
        return copy.deepcopy(values)
    except Exception:  # noqa: BLE001 - what cannot be copied is passed as it is
        return values


@dataclass(slots=True)
class NotebookRun:
    """Run a notebook's cells behind the wall and open submissions for tests from its end state."""

    sandbox: Sandbox
    limits: Limits
    data: tuple[str, ...]
    cells: list[tuple[int, str]]
    reports: dict[int, CellReport] = field(default_factory=dict)
    ended: RunEnded | None = None
    peak_mb: float = 0.0
    _run: Run | None = None
    _killed: set[int] = field(default_factory=set)
    _restarts: int = 0
    _seconds: float = 0.0
    _timeouts: int = 0
    _tested: bool = False

    def execute(self) -> None:
        """Run all cells; one that has to be killed is reported and left out of the next run."""
        while not self._try_execute():
            self._restarts += 1
            if not self._may_run():
                return

    def _may_run(self) -> bool:
        patience = MAX_NOTEBOOKS * self.limits.notebook_seconds
        return self._restarts <= MAX_RESTARTS and self._seconds < patience

    def _try_execute(self) -> bool:
        self._run = self.sandbox.open(self.limits, self.data)
        cells = [cell for cell in self.cells if cell[0] not in self._killed]
        running = cells[0][0] if cells else -1
        begin, queued = time.monotonic(), self.sandbox.queued_seconds()
        try:
            self._run.start_cells(cells)
            for running in self._progress():  # noqa: B007 - read in the handler
                pass
        except RunEnded as ended:
            self._count_seconds(begin, queued)
            self._note_killed(running, ended)
            self.close()
            return False
        self._count_seconds(begin, queued)
        return True

    def _count_seconds(self, begin: float, queued: float) -> None:
        # On a busy machine one endless cell would else use up what is meant for the run without it.
        whole = time.monotonic() - begin
        waited = self.sandbox.queued_seconds() - queued
        self._seconds += min(whole, max(whole - waited, whole / CLOCK_FACTOR))

    def _progress(self) -> Iterator[int]:
        assert self._run is not None  # noqa: S101 - set by the caller
        known = {index for index, _ in self.cells} - self._killed
        while True:
            self._run.next_cell()
            said = self._run.control.receive()
            if not isinstance(said, dict):
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            if _is(said.get("done"), True):
                return
            index = said.get("start", said.get("cell"))
            if type(index) is not int or index not in known:
                continue
            if "start" in said:
                yield index
            else:
                self._publish(_report(index, said))

    def _note_killed(self, index: int, ended: RunEnded) -> None:
        self.ended = self.ended or ended
        self._killed.add(index)
        self._publish(CellReport(index, STATUS[ended.ending], ended.note))

    def _publish(self, report: CellReport) -> None:
        # What cells say in a run after the first test may be what the code saw of a hidden test,
        # and learners read it (tests/attacks/smuggled_inputs/time_of_a_crash.py).
        if not self._tested:
            self.reports[report.index] = report

    @contextlib.contextmanager
    def submission(self) -> Iterator[Submission]:
        """Open one test's submission; its end, good or bad, leaves the others untouched.

        Of a run that is over comes one that is stopped at the first question: pytest would not
        recover from a `Stopped` in a fixture, and fail every later submission's tests.
        """
        self._tested = True
        if self._run is None and self._may_run():
            self._restarts += 1
            self.execute()
        submission = self._open()
        try:
            yield submission
        finally:
            self._count_stop(submission.ended)
            self._close_test(submission._channel)

    def _open(self) -> Submission:
        if self._run is None:
            return Submission(None, self.ended or RunEnded(Ending.CRASHED, "its process ended"))
        try:
            return Submission(self._run.open_test(self._patience()))
        except RunEnded as ended:
            self.close()
            return Submission(None, ended)

    def _close_test(self, channel: Channel | None) -> None:
        if self._run is None or channel is None:
            return
        begin = time.monotonic()
        try:
            self._run.end_test(channel)
        except RunEnded:
            self._seconds += time.monotonic() - begin
            self.close()  # the next test gets a new run

    def _count_stop(self, ended: RunEnded | None) -> None:
        self.ended = self.ended or ended
        self._timeouts += ended is not None and ended.ending is Ending.TIMEOUT

    def _patience(self) -> float:
        """Return the seconds for the next test: fewer once two have run out of time.

        An endless loop then costs a batch less. Correct solutions need a fifth of the limit at
        most, which `grader verify` makes sure of.
        """
        seconds = self.limits.test_seconds
        return seconds if self._timeouts < 2 else seconds * 2 / 5

    def close(self) -> None:
        """Kill what is left of the run."""
        if self._run is not None:
            self._run.close()
            self.peak_mb = max(self.peak_mb, self._run.peak_mb)
            self._run = None


def _report(index: int, said: dict[str, Any]) -> CellReport:
    status = _text(said.get("status"), 10)
    known = status if status in ("ok", "error", "output") else "error"
    return CellReport(
        index, known, _text(said.get("error"), 2000), _text(said.get("stdout"), 20_000)
    )
