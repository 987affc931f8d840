"""The questions of one test, answered inside the wall, beside the learner's objects.

This runs in a fork of the checkpoint, so learner code may have patched any of it: what it answers
is data for who asked to doubt, never a verdict.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
import time
import warnings
from collections.abc import Iterator
from socket import socket
from typing import Any

from grader.sandbox.inside.output import Capped
from grader.wire import message as wire
from grader.wire import raised, texts
from grader.wire.encode import WireError


class Answers:
    """Serve the requests of one test: get, call, attribute, item, length, iterate, library."""

    def __init__(self, sock: socket, space: dict[str, Any], spec: dict[str, Any]) -> None:
        self.sock = sock
        self.space = space
        self.max_bytes = spec["message_mb"] * 2**20
        self.output_bytes = spec["output_kb"] * 1024
        self.objects: list[Any] = []
        self.places: dict[int, int] = {}
        self.lock = threading.RLock()

    def serve(self) -> None:
        while True:
            try:
                request = wire.receive(self.sock, self.max_bytes, self.found)
            except (EOFError, OSError):
                os._exit(0)
            self.reply(request)

    def reply(self, request: dict[str, Any]) -> None:
        printed = Capped(self.output_bytes)
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                answer = getattr(self, "do_" + request["do"])(*request["with"])
                if request["do"] == "inspect":
                    answer["stdout"] = printed.getvalue()
                message = self.framed({"id": request["id"], **answer}, "answer")
        except BaseException as error:  # noqa: BLE001 - the learner's code may raise anything
            told = {"id": request["id"], "error": raised.told(error), "stop": _stop_of(error)}
            message = wire.frame(told)
        self.sock.sendall(message)

    def framed(self, value: dict[str, Any], what: str) -> bytes:
        message = wire.frame(value, self.keep)
        if len(message) > self.max_bytes:
            raise WireError(f"the {what} is larger than the exercise allows")
        return message

    def do_get(self, name: str) -> dict[str, Any]:
        if name.startswith("_") or name not in self.space:
            return {"missing": name}
        return {"value": self.space[name]}

    def do_call(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        return {"value": function(*args, **kwargs)}

    def do_inspect(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            begin = time.perf_counter()
            value = function(*args, **kwargs)
            seconds = time.perf_counter() - begin
        lines = (f"{w.category.__name__}: {w.message}" for w in caught[: texts.WARNINGS])
        said = [line[: texts.WARNING] for line in lines]
        after = {"args": args, "kwargs": kwargs, "warnings": said, "seconds": seconds}
        return {"value": value, **after}

    def do_attribute(self, thing: Any, name: str) -> dict[str, Any]:
        return {"value": getattr(thing, name)}

    def do_item(self, thing: Any, key: Any) -> dict[str, Any]:
        return {"value": thing[key]}

    def do_length(self, thing: Any) -> dict[str, Any]:
        return {"value": len(thing)}

    def do_iterate(self, thing: Any) -> dict[str, Any]:
        return {"value": _Iterator(iter(thing))}

    def do_next(self, iterator: Any) -> dict[str, Any]:
        for value in iterator.inner:
            return {"value": value}
        return {"stop": True}

    def do_library(self, name: str) -> dict[str, Any]:
        return {"value": importlib.import_module(name)}

    def keep(self, value: Any) -> dict[str, Any]:
        """Name an object by its place in `objects`; the same object keeps its name."""
        index = self.places.setdefault(id(value), len(self.objects))
        if index == len(self.objects):
            self.objects.append(value)  # kept alive, so its id stays its own
        return {"id": index, "type": texts.text(type(value).__qualname__, texts.NAME)}

    def found(self, name: dict[str, Any]) -> Any:
        if "callback" in name:
            return lambda *args, **kwargs: self.call_back(name["callback"], args, kwargs)
        return self.objects[name["id"]]

    def call_back(self, index: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        with self.lock:
            question = {"callback": index, "args": list(args), "kwargs": kwargs}
            self.sock.sendall(self.framed(question, "question"))
            while "do" in (reply := wire.receive(self.sock, self.max_bytes, self.found)):
                self.reply(reply)  # the callback asks an object that it was given
        if "error" in reply:
            message, names = raised.read(reply["error"])
            raise raised.again(message, names) or RuntimeError(message)
        return reply["value"]


def _stop_of(error: BaseException) -> str:
    """Name what stopped the call, where that was a limit: a key of `sandbox.limits.STOPS`."""
    try:
        return texts.text(BaseException.__getattribute__(error, "stop"), texts.NAME)
    except BaseException:  # noqa: BLE001 - a hostile property
        return ""


class _Iterator:
    """Keep an iterator apart from what it yields: it crosses as a handle, never as a list."""

    def __init__(self, inner: Iterator[Any]) -> None:
        self.inner = inner
