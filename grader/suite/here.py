"""The stand-in for a notebook in this very process: the learner's own kernel."""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import time
import warnings
from typing import Any

from grader.suite.standin import Call, mark_learners, undefined
from grader.wire import location


class InProcess:
    """Answer a test's questions from a namespace of this very process: the learner's kernel."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._got: tuple[str, Any] | None = None  # read by standin.answer

    def __getattr__(self, name: str) -> Any:
        value = self._defined(name)
        if not callable(value) or isinstance(value, type):
            self._got = (name, value)
            return value
        # Across the wall arguments are copies; a test must not see another behaviour here.
        return lambda *args, **kwargs: self._called(value, _copy(args), _copy(kwargs))

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Call:
        """Call a name or an object and tell what that did to the arguments and the world."""
        target = self._defined(function) if isinstance(function, str) else function
        args, kwargs = _copy(args), _copy(kwargs)
        printed = io.StringIO()
        with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
            warnings.simplefilter("always")
            begin = time.perf_counter()
            value = self._called(target, args, kwargs)
            seconds = time.perf_counter() - begin
        said = [f"{w.category.__name__}: {w.message}" for w in caught]
        return Call(value, list(args), kwargs, said, printed.getvalue(), seconds)

    def library(self, name: str) -> Any:
        """Return the library itself."""
        return importlib.import_module(name)

    def _called(self, function: Any, args: Any, kwargs: Any) -> Any:
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            mark_learners(error, self._location(error))
            raise
        self._got = ("", value)
        return value

    def _location(self, error: BaseException) -> location.Location | None:
        return location.of(error.__traceback__, self._namespace)

    def _defined(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._namespace:
            raise undefined(name)
        return self._namespace[name]


def _copy(values: Any) -> Any:
    try:
        return copy.deepcopy(values)
    except Exception:  # noqa: BLE001 - what cannot be copied is passed as it is
        return values
