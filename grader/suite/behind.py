"""The stand-in for a notebook across the wall.

`Submission` sends every question into the sandbox and returns plain data, or a `Handle` for what
has no inert form.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from grader.errors import LearnerError
from grader.sandbox.channel import Channel
from grader.sandbox.limits import STOPS, Ending, RunEnded
from grader.suite.standin import Call, Stopped, mark_learners, mark_stopped, undefined
from grader.wire import raised, texts
from grader.wire.encode import WireError

# Of our own processor, for what one test does with the answers; waiting for them costs nothing.
OWN_SECONDS = 10.0


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
        self._ended = ended  # read by standin.ended

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        answer = self._ask("get", name)
        if "missing" in answer:
            raise undefined(name)
        return answer["value"]

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Call:
        """Call a name or a handle and tell what that did to the arguments and the world."""
        target = getattr(self, function) if isinstance(function, str) else function
        answer = self._ask("inspect", target, list(args), kwargs)
        return _call_from(answer)

    def library(self, name: str) -> Any:
        """Import a library inside, beside the learner's objects; returns a handle to it."""
        return self._ask("library", name)["value"]

    @contextlib.contextmanager
    def _limited(self) -> Iterator[None]:
        """Stop a test whose answers were made to be worked on for hours; see standin.limited."""
        if threading.current_thread() is not threading.main_thread():
            yield  # signals are the main thread's alone
            return
        before = signal.signal(signal.SIGVTALRM, self._stop_test)
        signal.setitimer(signal.ITIMER_VIRTUAL, OWN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    def _stop_test(self, *_: object) -> None:
        note = f"its answers kept a test busy for more than {OWN_SECONDS:.3g} seconds"
        self._ended = RunEnded(Ending.TIMEOUT, note)
        raise Stopped(self._ended)

    def _ask(self, do: str, *arguments: Any) -> dict[str, Any]:
        if self._ended is not None:
            raise Stopped(self._ended)
        self._count += 1
        id = self._count  # a callback may ask in between
        try:
            self._channel.send({"id": id, "do": do, "with": list(arguments)}, self._keep)
            return self._answer(id)
        except RunEnded as ended:
            self._ended = ended
            raise Stopped(ended) from None

    def _answer(self, id: int) -> dict[str, Any]:
        while True:
            answer = self._channel.receive(self._found)
            if not isinstance(answer, dict):
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            if "callback" in answer:
                self._channel.send(self._call_back(answer), self._keep)
            elif not is_same(answer.get("id"), id):
                raise RunEnded(Ending.CRASHED, "it answered out of turn")
            elif "error" in answer:
                raise _learner_error(answer["error"], answer.get("stop"))
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
        return Handle(self._ask, name["id"], texts.text(name.get("type"), texts.NAME))


def _call_from(answer: dict[str, Any]) -> Call:
    args, kwargs = answer.get("args"), answer.get("kwargs")
    said, stdout, seconds = answer.get("warnings"), answer.get("stdout"), answer.get("seconds")
    if not isinstance(args, list) or not isinstance(kwargs, dict) or not isinstance(said, list):
        raise LearnerError("TypeError", "the call's report is malformed")
    whole = seconds if isinstance(seconds, float) else 0.0
    lines = [texts.text(line, texts.WARNING) for line in said[: texts.WARNINGS]]
    return Call(answer["value"], args, kwargs, lines, str(stdout), whole)


def is_same(said: Any, expected: int | str | bool) -> bool:
    """Compare with what came from inside: an array or a table there has no truth value."""
    return type(said) is type(expected) and said == expected


def _learner_error(description: Any, stop: Any) -> Exception:
    """Turn what was told of an exception into one that counts as the known classes among its."""
    message, names = raised.read(description)
    own = names[0][1] if names else "Exception"
    error = mark_learners(raised.again(message, names) or LearnerError(own, message))
    return mark_stopped(error, STOPS.get(texts.text(stop, texts.NAME), ""))
