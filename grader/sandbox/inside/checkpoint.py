"""A notebook's cells, and a fork of their end state for each test: all of it may be hostile."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
from pathlib import Path
from typing import Any

from grader.sandbox.inside import marks
from grader.sandbox.inside.answers import Answers
from grader.sandbox.inside.marks import Checkpoint
from grader.sandbox.inside.walls import never_return
from grader.wire import message as wire
from grader.wire import raised, texts
from grader.wire.questions import Capped


def serve(control: socket.socket, spec: dict[str, Any], shell: Any) -> None:
    """Run cells and fork tests as asked, until the other side hangs up."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)  # learners' unseeded draws repeat from run to run
    test = 0
    while True:
        mark, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not mark:
            os._exit(0)
        request = Checkpoint(mark)
        if request is Checkpoint.FILES:
            for name, data in wire.receive(control, marks.CONTROL_BYTES).items():
                Path(name).write_bytes(data)
            wire.send(control, {"placed": True})
        elif request is Checkpoint.CELLS:
            cells = wire.receive(control, marks.CONTROL_BYTES)
            _run_cells(control, shell, cells, spec["output_kb"] * 1024)
        elif request is Checkpoint.TEST:
            test = os.fork()
            if test == 0:
                control.close()
                answering = socket.socket(fileno=descriptors[0])
                never_return(Answers(answering, shell.user_ns, spec).serve)
            os.close(descriptors[0])
        else:
            _kill_test(test)
            wire.send(control, {"ended": True})


def _run_cells(control: socket.socket, shell: Any, cells: list[Any], output_bytes: int) -> None:
    printed = Capped(output_bytes)
    for index, source in cells:
        wire.send(control, {"start": index})
        _name_code(shell, index + 1)
        start = printed.tell()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            error = _run_cell(shell, source)
        status = "output" if printed.full else ("error" if error else "ok")
        stdout = printed.getvalue()[start:][: texts.STDOUT]
        wire.send(control, {"cell": index, "status": status, "error": error, "stdout": stdout})
    wire.send(control, {"done": True})


def _name_code(shell: Any, number: int) -> None:
    """Have tracebacks tell a cell by its place in the notebook: see `wire.location`."""
    from IPython.core.compilerop import code_name

    shell.compile.get_code_name = lambda _, code, __: code_name(code, number)


def _run_cell(shell: Any, source: str) -> str:
    try:
        result = shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
    except BaseException as escaped:  # noqa: BLE001 - the learner's code may raise anything
        error = escaped
    return raised.line_of(error) if error else ""


def _kill_test(pid: int) -> None:
    # `Run.end_test` has killed it from outside, unless it looked before the fork was made.
    with contextlib.suppress(OSError):
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    with contextlib.suppress(ChildProcessError):  # orphans of the test are ours now: pid 1
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
