"""A warm interpreter: it imports what notebooks import, then opens and ends submissions.

It never runs learner code, and answers to nobody but the process that started it. Where a
submission has the sandbox to itself ("cold"), it becomes that submission: nobody trusted is left
inside, and what happens from then on is seen from outside alone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import selectors
import shutil
import signal
import socket
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from grader.sandbox.inside import checkpoint, kernel, walls
from grader.sandbox.inside.marks import CONTROL_BYTES, TEMPORARY, WORK, Interpreter
from grader.wire import message as wire

WARM_IMPORTS = (
    "numpy",
    "pandas",
    "pyarrow",
    "matplotlib.pyplot",  # its first import in a new home looks at every font: learners like plots
    "matplotlib.backends.backend_agg",
    "IPython.core.pylabtools",
    # What these import when they are first used, each submission would import for itself.
    "IPython.core.logger",
    "pandas.io.formats.string",
    "pyarrow.pandas_compat",
)


def main(descriptor: int, *, work: str = "") -> None:
    """Import what notebooks import, say hello, then open and end submissions until told to stop.

    The first message names what is to be imported beside the usual.
    """
    control = socket.socket(fileno=descriptor)
    shell = _warm_up(wire.receive(control, CONTROL_BYTES)["imports"])
    wire.send(control, {"hello": os.getpid()})
    _serve(control, shell, Path(work) if work else WORK)


def _warm_up(more: list[str]) -> Any:
    gc.disable()  # imports make much and drop little
    shell = kernel.make_shell()
    for name in WARM_IMPORTS:
        importlib.import_module(name)
    _import_more(more)
    _see_the_current_folder()
    gc.collect()
    gc.freeze()  # collections in the forks would touch, and so copy, every page
    gc.enable()
    return shell


def _import_more(names: list[str]) -> None:
    # skops imports all of scikit-learn, whose array adapters import dask where it is installed:
    # slow, and in want of a /proc, which "cold" does not have (dask 2026.8, psutil 7.2).
    sys.modules.setdefault("dask", None)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            with contextlib.suppress(Exception):  # a notebook that needs it will say so
                importlib.import_module(name)
        if preparing := sys.modules.get("sklearn.preprocessing"):
            with contextlib.suppress(Exception):
                _meet_a_table(preparing)
    if sys.modules["dask"] is None:
        del sys.modules["dask"]
    # Submissions have no /proc, but threadpoolctl (3.8) saw one when it was imported, and would
    # look there: KMeans failed.
    vars(importlib.import_module("threadpoolctl")).update(_HAS_PROCFS=False)
    # So do the workers of joblib's own pool of processes (1.6), and die of it: its work is done in
    # one process, as on a machine with one processor. Their imports would take seconds anyway.
    backends = importlib.import_module("joblib._parallel_backends")
    backends.LokyBackend.effective_n_jobs = _one_job
    # The filter of system calls knows no epoll: what is watched in it counts against the user.
    # `selectors` finds that out when it is imported, and has been.
    selectors.DefaultSelector = selectors.PollSelector  # type: ignore[misc,assignment]


def _meet_a_table(preparing: Any) -> None:
    """Let scikit-learn import what it does not before it first meets a table."""
    import pandas as pd

    preparing.FunctionTransformer().fit(pd.DataFrame({"a": [0]}))


def _one_job(_: Any, n_jobs: int | None) -> int:
    if n_jobs == 0:
        raise ValueError("n_jobs == 0 in Parallel has no meaning")
    return 1


def _see_the_current_folder() -> None:
    """Put the current folder onto the path where a kernel has it: behind the standard library."""
    sys.path.append(sys.path.pop(0))  # this package, which has been imported
    places = (n for n, path in enumerate(sys.path) if Path(path).name == "site-packages")
    sys.path.insert(next(places, 0), "")


def _serve(control: socket.socket, shell: Any, work: Path) -> None:
    pid = 0
    while True:
        mark, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not mark:
            os._exit(0)
        if Interpreter(mark) is Interpreter.OPEN:
            spec = wire.receive(control, CONTROL_BYTES)
            spec["ids"] = [os.getuid(), os.getgid()]
            if spec["alone"]:
                _become(control, descriptors[0], spec, shell, work)
            begin = time.monotonic()
            pid, forked, failed = _start(descriptors[0], spec, shell, work)
            os.close(descriptors[0])
            took = {"fork": forked - begin, "namespaces": time.monotonic() - forked}
            wire.send(control, {"failed": failed, "seconds": took})
        else:
            wire.send(control, {"memory_mb": _end(pid)})


def _become(
    control: socket.socket, descriptor: int, spec: dict[str, Any], shell: Any, work: Path
) -> None:
    """Be the submission from now on; `control` is told that it is, or what went wrong."""
    begin, failed = time.monotonic(), list[Any]()
    try:
        _empty(TEMPORARY)  # what imports left there would be in the room for its files
        walls.put_up(spec, work)
    except walls.Unready as unready:
        failed = list(unready.args)
    wire.send(control, {"failed": failed, "seconds": {"namespaces": time.monotonic() - begin}})
    control.close()
    walls.close_all_but(descriptor)
    if not failed:
        answering = socket.socket(fileno=descriptor)
        walls.never_return(lambda: checkpoint.serve(answering, spec, shell))
    os._exit(1)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _start(
    descriptor: int, spec: dict[str, Any], shell: Any, work: Path
) -> tuple[int, float, list[Any]]:
    """Fork the checkpoint; return its pid, when it ran, and what went wrong."""

    def within() -> None:
        checkpoint.serve(socket.socket(fileno=descriptor), spec, shell)

    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        try:
            pid = walls.fork(spec)
        except walls.Unready as unready:
            os.close(writing)
            return 0, time.monotonic(), list(unready.args)
        if pid == 0:
            walls.never_return(lambda: walls.inside(descriptor, writing, spec, work, within))
        forked = time.monotonic()
        os.close(writing)
        failed = walls.read_told(pipe.read())
    if failed:
        _end(pid)
    return pid, forked, failed


def _end(pid: int) -> float:
    """Kill a submission and all that it started; return the largest process's memory in MB."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, _, usage = os.wait4(pid, 0)
    return usage.ru_maxrss / 1024
