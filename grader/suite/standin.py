"""What every stand-in for a notebook answers, wherever the notebook is, and whose an exception is.

A stand-in's attributes are the notebook's names, all but `call`, `cell` and `library`, which no
exercise may define (`exercises.source`). What runs a test asks for the rest by `ended` and
`limited`: these read attributes that begin with an underscore, and under such names a notebook is
never asked.

Behind the wall and in the learner's own kernel every question and every answer goes through the
same writer and reader (`grader.wire`), so that a test gets the same there and here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

from grader.errors import ExerciseError, LearnerError
from grader.sandbox.limits import STOPS, RunEnded
from grader.suite import handle
from grader.suite.handle import Handle, Kept
from grader.wire import forms, location, raised
from grader.wire.forms import WireError
from grader.wire.kinds import KINDS
from grader.wire.location import Location

# Questions whose answer is the learner's, by the name that it was asked for: a call has none.
_NAMED: dict[str, Callable[[Sequence[Any]], str]] = {
    "get": lambda arguments: str(arguments[0]),
    "attribute": lambda arguments: str(arguments[1]),
    "call": lambda _: "",
    "inspect": lambda _: "",
}


class Stopped(BaseException):
    """End a test whose run was killed; no `except Exception` or `pytest.raises` can swallow it."""

    def __init__(self, ended: RunEnded) -> None:
        super().__init__(ended.note)
        self.ended = ended


@dataclass(frozen=True, slots=True)
class Call:
    """What one call did: its value, the arguments as they are afterwards, what it printed.

    Behind the wall `seconds` are what the system tells of the submission's processes: processor
    time, of handing over question and answer too, and none of waiting. The learner's code can work
    before it is called, and not hide work that the call needs. In a learner's own kernel they are
    by the clock, around the call alone. All the rest is reported beside the learner's code and is
    its word: an honest mistake shows in it, a lie does not.
    """

    value: Any
    args: list[Any]
    kwargs: dict[str, Any]
    warnings: list[str]
    stdout: str
    seconds: float


# Gives the code of a task's answer, and a KeyError where no task of that name has code.
SourceOf = Callable[[str], str]


def no_task(task: str) -> str:
    """Know of no task, where a notebook belongs to no exercise."""
    raise KeyError(task)


class StandIn:
    """Stand for the learner's notebook; attributes are its top-level names.

    What has an inert form comes as plain data, anything else as a `Handle`.
    """

    def __init__(self, source_of: SourceOf) -> None:
        self._source_of = source_of
        self._callbacks: list[Callable[..., Any]] = []
        self._handles: WeakValueDictionary[Any, Handle] = WeakValueDictionary()
        self._got: tuple[str, Any] | None = None  # read by `answer`
        self._changed = False  # read by `is_changed`

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        answer = self._ask("get", name)
        if "missing" in answer:
            raise undefined(name)
        return handle.named(answer["value"]) if name[0].isupper() else answer["value"]

    def call(
        self, function: Any, /, *args: Any, stdin: str | Iterable[str] = "", **kwargs: Any
    ) -> Call:
        """Call a name or a handle and tell what that did to the arguments and the world.

        `input()` and `sys.stdin` read `stdin`: a text, or lines.
        """
        target = getattr(self, function) if type(function) is str else function
        begin = self._worked()
        call = _call_from(self._ask("inspect", target, list(args), kwargs, _typed(stdin)))
        if begin is not None:
            call = replace(call, seconds=max((self._worked() or 0.0) - begin, 0.0))
        return replace(call, value=handle.made_of(target, call.value))

    def cell(self, task: str, /, *, stdin: str | Iterable[str] = "") -> Call:
        """Run the answer to a task once more, after the whole notebook, and tell what it printed.

        Until the test is over its names are defined as it leaves them.
        """
        try:
            source = self._source_of(task)
        except KeyError:
            said = "no task of this exercise with that name is answered in code"
            raise ExerciseError(f"submission.cell({task!r}): {said}") from None
        self._changed = True
        return _call_from(self._ask("cell", source, _typed(stdin)))

    def library(self, name: str) -> Any:
        """Import a library beside the learner's objects; returns a handle to it."""
        return self._ask("library", name)["value"]

    def _worked(self) -> float | None:
        """Tell how long the learner's code has worked so far, where that is known from outside."""
        return None

    def _ask(self, do: str, *arguments: Any) -> dict[str, Any]:
        """Put a question, and return its answer or raise what the learner's code raised."""
        answer = self._reply(do, *arguments)
        if "error" in answer:
            raise _learner_error(answer)
        if do in _NAMED and "value" in answer:
            self._got = (_NAMED[do](arguments), answer["value"])
        return answer

    def _reply(self, do: str, *arguments: Any) -> dict[str, Any]:
        """Put a question, and return what is told of it."""
        raise NotImplementedError

    def _call_back(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            function = self._callbacks[question["callback"]]
            return {"value": function(*question["args"], **question["kwargs"])}
        except Exception as error:  # noqa: BLE001 - the test's own function, called with anything
            return {"error": raised.told(error)}

    def _keep(self, value: Any) -> dict[str, Any] | None:
        if isinstance(value, Handle):
            return {"id": handle.of(value).id}
        if callable(value):
            self._callbacks.append(value)
            return {"callback": len(self._callbacks) - 1}
        return None

    def _found(self, name: Any, kind: str = "", plain: Any = None) -> Handle:
        if not isinstance(name, dict) or type(name.get("id")) is not int:
            raise WireError("a handle without a name")
        said = forms.text(name.get("type"), forms.NAME)
        kept = Kept(self._ask, name["id"], said, KINDS[kind] if kind else None, plain)
        if plain is not None and type(plain) not in (int, str):
            return handle.handle(kept)
        # The same object is the same handle, so that `is` works for members of enumerations. Kept
        # by a text, as the hash of a number can be chosen.
        place = repr((name["id"], said, kind, plain))
        return self._handles.setdefault(place, handle.handle(kept))


def _typed(stdin: str | Iterable[str]) -> str:
    return stdin if isinstance(stdin, str) else "".join(f"{line}\n" for line in stdin)


def _learner_error(answer: dict[str, Any]) -> Exception:
    """Turn what was told of an exception into one that counts as the known classes among its."""
    message, names = raised.read(answer["error"])
    own = names[0][1] if names else "Exception"
    error = raised.again(message, names) or LearnerError(own, message)
    mark_stopped(error, STOPS.get(forms.text(answer.get("stopped"), forms.NAME), ""))
    return mark_learners(error, location.read(answer.get("location")))


def _call_from(answer: dict[str, Any]) -> Call:
    parts = ("args", "kwargs", "warnings", "stdout", "seconds")
    args, kwargs, said, stdout, seconds = map(answer.get, parts)
    # By exact class: the inside may answer with an object that claims to be one of these.
    if type(args) is not list or type(kwargs) is not dict or type(said) is not list:
        raise LearnerError("TypeError", "the call's report is malformed")
    whole = seconds if type(seconds) is float else 0.0
    printed = stdout if type(stdout) is str else ""
    lines = [forms.text(line, forms.WARNING) for line in said[: forms.WARNINGS]]
    return Call(answer["value"], args, kwargs, lines, printed, whole)


def ended(submission: Any) -> RunEnded | None:
    """Tell how the run behind a stand-in ended; in the learner's own kernel it never does."""
    said: RunEnded | None = getattr(submission, "_ended", None)
    return said


def is_used(submission: Any) -> bool:
    """Tell whether what answers has answered an earlier test, and may remember it."""
    return bool(getattr(submission, "_used", False))


def is_changed(submission: Any) -> bool:
    """Tell whether a test had a cell run again, which defines the notebook's names anew."""
    return bool(getattr(submission, "_changed", False))


def close(submission: Any) -> None:
    """Note that a stand-in's test is over: nobody is there to answer any more."""
    getattr(submission, "_close", lambda: None)()


def limited(submission: Any) -> AbstractContextManager[None]:
    """Limit how long a test works on answers; in a learner's own kernel it is their own time."""
    limit: AbstractContextManager[None] = getattr(submission, "_limited", nullcontext)()
    return limit


def undefined(name: str) -> LearnerError:
    """Make the exception for a name that the notebook lacks."""
    return LearnerError("NameError", f"the notebook does not define {name}")


def mark_learners(error: Exception, where: Location | None = None) -> Exception:
    """Note on an exception that the learner's code raised it, and where; return it."""
    error.from_learner, error.location = True, where  # type: ignore[attr-defined]
    return error


def is_learners(error: BaseException) -> bool:
    """Tell whether the learner's code raised an exception, and no test."""
    return bool(getattr(error, "from_learner", False))


def location_of(error: BaseException) -> Location | None:
    """Tell the line of the learner's in which an exception was raised, if it was in one."""
    where = getattr(error, "location", None)
    return where if isinstance(where, Location) else None


def answer(submission: Any) -> tuple[str, Any] | None:
    """Return what a test got last, and the name that it asked for: "" is what a call returned."""
    got: tuple[str, Any] | None = getattr(submission, "_got", None)
    return got


def mark_stopped(error: Exception, why: str) -> Exception:
    """Note on an exception which limit stopped the call; return it."""
    error.stopped_because = why  # type: ignore[attr-defined]
    return error


def stopped_because(error: BaseException) -> str:
    """Tell which limit stopped the call that an exception comes from; "" where none did."""
    return str(getattr(error, "stopped_because", ""))
