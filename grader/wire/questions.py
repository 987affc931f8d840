"""A test's questions, answered beside the learner's objects: behind the wall and in their kernel.

Behind the wall learner code may have patched any of it: what it answers is data for who asked to
doubt, never a verdict.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import copy
import importlib
import io
import operator
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FrameType, FunctionType
from typing import Any, NoReturn, cast

from grader.wire import forms, kinds, location, message, raised
from grader.wire.forms import WireError

_WAITED = {
    "input": "it asked for input, and nobody is there to answer",
    "breakpoint": "it waited at a breakpoint(), and nobody is there to go on",
}


class OutputLimit(Exception):
    """Stop code that prints more than the exercise allows."""

    stop = "output"


class Capped(io.StringIO):
    """Keep what is printed, up to a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def write(self, text: str) -> int:
        """Write, or raise OutputLimit."""
        if self.tell() + len(text) > self.limit:
            raise OutputLimit("printed more than the exercise allows")
        return super().write(text)


@contextlib.contextmanager
def fed(text: str) -> Iterator[None]:
    """Let `input` and `sys.stdin` read a text, and no keyboard; prompts are not printed.

    Nobody is there to go on from a breakpoint: it stops the call, in the learner's kernel, too.
    """

    def answer(prompt: object = "", /) -> str:
        str(prompt)
        if line := sys.stdin.readline():
            return line.removesuffix("\n")
        stop = _asked_at(sys._getframe(1))
        if text and stop == "input":
            raise EOFError("EOF when reading a line")
        raise _waited(stop)

    def pause(*_: Any, **__: Any) -> NoReturn:
        raise _waited("breakpoint")

    before = sys.stdin, builtins.input, sys.breakpointhook
    sys.stdin, builtins.input, sys.breakpointhook = io.StringIO(text), answer, pause
    try:
        yield
    finally:
        sys.stdin, builtins.input, sys.breakpointhook = before


def ask_nobody(*_: Any, **__: Any) -> NoReturn:
    """Stand for `input` in a cell, which nobody can answer."""
    raise _waited(_asked_at(sys._getframe(1)))


def _asked_at(frame: FrameType) -> str:
    # pdb's prompt is one of cmd's.
    return "breakpoint" if frame.f_globals.get("__name__") == "cmd" else "input"


def _waited(stop: str) -> Exception:
    """Make what a kernel raises where nobody can be asked; without IPython it is Python's own."""
    own = RuntimeError if stop == "breakpoint" else EOFError
    known = vars(sys.modules.get("IPython.core.error", builtins))
    error: Any = known.get("StdinNotImplementedError", own)(_WAITED[stop])
    error.stop = stop
    return cast(Exception, error)


def _stop_of(error: BaseException) -> str:
    """Name what stopped a call, where that was a limit: a key of `sandbox.limits.STOPS`."""
    try:
        return forms.text(BaseException.__getattribute__(error, "stop"), forms.NAME)
    except BaseException:  # noqa: BLE001 - a hostile property
        return ""


class Questions:
    """Answer what a test asks: each question is one of the methods `do_…`."""

    def __init__(
        self,
        space: dict[str, Any],
        max_bytes: int,
        output_bytes: int,
        cell_name: Callable[[str], str],
    ) -> None:
        self.space = space
        self.max_bytes = max_bytes
        self.output_bytes = output_bytes
        self.cell_name = cell_name
        self.lock = threading.RLock()  # the learner's threads may call a test's function
        self.objects: list[Any] = []
        self.places: dict[int, int] = {}

    def answer(self, request: dict[str, Any]) -> bytes:
        """Do what is asked; return the whole message, for an exception one that tells of it."""
        try:
            answer = getattr(self, "do_" + request["do"])(*request["with"])
            return message.crossing({"id": request["id"], **answer}, self.keep, self.max_bytes)
        except BaseException as error:  # noqa: BLE001 - the learner's code may raise anything
            return self.failed(request, error)

    def failed(self, request: dict[str, Any], error: BaseException) -> bytes:
        where = location.told(error, self.space, self.cell_name)
        told = {"error": raised.told(error), "location": where, "stopped": _stop_of(error)}
        return message.frame({"id": request["id"], **told})

    def do_get(self, name: str) -> dict[str, Any]:
        if name.startswith("_") or name not in self.space:
            return {"missing": name}
        return {"value": self.space[name]}

    def do_call(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        return {"value": function(*args, **kwargs)}

    def do_inspect(
        self, function: Any, args: list[Any], kwargs: dict[str, Any], stdin: str
    ) -> dict[str, Any]:
        printed = Capped(self.output_bytes)
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            fed(stdin),
        ):
            warnings.simplefilter("always")
            begin = time.perf_counter()
            value = function(*args, **kwargs)
            seconds = time.perf_counter() - begin
        lines = (f"{w.category.__name__}: {w.message}" for w in caught[: forms.WARNINGS])
        said = [line[: forms.WARNING] for line in lines]
        after = {"args": args, "kwargs": kwargs, "warnings": said, "seconds": seconds}
        return {"value": value, "stdout": printed.getvalue(), **after}

    def do_cell(self, source: str, stdin: str) -> dict[str, Any]:
        return self.do_inspect(lambda: _run_cell(source, self.space), [], {}, stdin)

    def do_attribute(self, thing: Any, name: str) -> dict[str, Any]:
        return {"value": getattr(thing, name)}

    def do_item(self, thing: Any, key: Any) -> dict[str, Any]:
        return {"value": thing[key]}

    def do_length(self, thing: Any) -> dict[str, Any]:
        return {"value": len(thing)}

    def do_iterate(self, thing: Any) -> dict[str, Any]:
        return {"value": _Iterator(iter(thing))}

    def do_next(self, iterator: Any) -> dict[str, Any]:
        inner = iterator.inner if isinstance(iterator, _Iterator) else iterator
        for value in inner:
            return {"value": value}
        return {"stop": True}

    def do_plain(self, thing: Any) -> dict[str, Any]:
        kind = kinds.kind_of(thing)
        return {"value": None if kind is None else kind.plain(thing)}

    def do_operate(self, name: str, *operands: Any) -> dict[str, Any]:
        return {"value": OPERATIONS[name](*operands)}

    def do_library(self, name: str) -> dict[str, Any]:
        return {"value": importlib.import_module(name)}

    def keep(self, value: Any) -> dict[str, Any]:
        """Name an object by its place in `objects`; the same object keeps its name."""
        if kinds.pretends(value):
            name = raised.name_of(type(value))
            raise WireError(f"a {name}, which says that it is plain, cannot cross")
        index = self.places.setdefault(id(value), len(self.objects))
        if index == len(self.objects):
            self.objects.append(value)  # kept alive, so its id stays its own
        return {"id": index, "type": raised.name_of(type(value))}

    def found(self, name: dict[str, Any]) -> Any:
        """Return the object of a name, or a function that asks the test's."""
        if "callback" in name:
            return lambda *args, **kwargs: self.call_back(name["callback"], args, kwargs)
        return self.objects[name["id"]]

    def call_back(self, index: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the test's."""
        question = {"callback": index, "args": list(args), "kwargs": kwargs}
        with self.lock:
            reply = self.asked_back(message.crossing(question, self.keep, self.max_bytes))
        if "error" in reply:
            said, names = raised.read(reply["error"])
            raise raised.again(said, names) or RuntimeError(said)
        return reply["value"]

    def asked_back(self, question: bytes) -> dict[str, Any]:
        """Send a question to the test, and return its answer."""
        raise NotImplementedError


def _run_cell(source: str, space: dict[str, Any]) -> None:
    """Run a cell's code at the top of the notebook; its last value is not displayed.

    Beside the kernel's own way to run cells, which shows results, tracebacks and figures.
    """
    text, name = source, "<cell>"
    if shell := location.shell():
        text = shell.transform_cell(source)
        name = shell.compile.cache(text, _number(shell, source), raw_code=source)
    code = compile(text, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    # No more than the notebook has done: it is the learner's own code, among its own names.
    awaited = FunctionType(code, space)()
    if awaited is not None:
        with ThreadPoolExecutor(1) as thread:  # in a kernel this one's loop is running already
            thread.submit(asyncio.run, awaited).result()


def _number(shell: Any, source: str) -> int:
    """Return the number that the notebook shows beside a cell: its lines are known by that."""
    ran = list(enumerate(shell.history_manager.input_hist_raw))
    same = (number for number, each in reversed(ran) if each == source.rstrip("\n"))
    return next(same, cast(int, shell.execution_count))


class _Iterator:
    """Keep an iterator apart from what it yields: it crosses as a handle, never as a list."""

    def __init__(self, inner: Iterator[Any]) -> None:
        self.inner = inner


def _enter(thing: Any) -> Any:
    return type(thing).__enter__(thing)


def _exit(thing: Any, description: Any) -> None:
    """Leave a `with`; an exception in it is told as names."""
    error = None
    if description is not None:
        said, names = raised.read(description)
        error = raised.again(said, names) or RuntimeError(said)
    type(thing).__exit__(thing, error and type(error), error, None)


def _truth(thing: Any) -> bool | None:
    """Tell an object's truth, and None where its class defines none: all of those are true."""
    kind = type(thing)
    defined = hasattr(kind, "__bool__") or hasattr(kind, "__len__")
    return bool(thing) if defined else None


OPERATIONS: dict[str, Callable[..., Any]] = {
    **{
        name: getattr(operator, name)
        for name in (
            *("eq", "ne", "lt", "le", "gt", "ge", "contains", "setitem", "delitem"),
            *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
            *("lshift", "rshift", "neg", "pos", "invert", "abs", "index"),
        )
    },
    **{"and": operator.and_, "or": operator.or_, "xor": operator.xor},
    **{each.__name__: each for each in (repr, str, format, hash, int, float, complex, round)},
    **{each.__name__: each for each in (reversed, isinstance, issubclass, setattr, delattr)},
    **{"copy": copy.copy, "deepcopy": copy.deepcopy},
    **{"enter": _enter, "exit": _exit, "bool": _truth},
}
