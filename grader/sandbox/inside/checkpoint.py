"""A notebook's cells, and a fork of their end state for each test: all of it may be hostile."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
from pathlib import Path
from typing import Any

from grader.sandbox.inside import kernel, marks
from grader.sandbox.inside.answers import Answers
from grader.sandbox.inside.marks import Checkpoint
from grader.sandbox.inside.output import Printed
from grader.sandbox.inside.walls import never_return
from grader.wire import forms, raised
from grader.wire import message as wire


def serve(control: socket.socket, spec: dict[str, Any], shell: Any) -> None:
    """Run cells and fork tests as asked, until the other side hangs up."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)  # learners' unseeded draws repeat from run to run
    notebook, test = Notebook(shell, spec["output_kb"] * 1024), 0
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
            notebook.run(control, cells)
        elif request is Checkpoint.TEST:
            test = os.fork()
            if test == 0:
                control.close()
                notebook.printed.begin()
                answering = socket.socket(fileno=descriptors[0])
                never_return(Answers(answering, shell.user_ns, spec, notebook.name_of).serve)
            os.close(descriptors[0])
        else:
            _kill_test(test)
            wire.send(control, {"ended": True})


class Notebook:
    """The cells of one submission; its streams and its event loop are the same for all of them."""

    def __init__(self, shell: Any, output_bytes: int) -> None:
        self.shell = shell
        self.printed = Printed(output_bytes)
        self.left = output_bytes  # of what reports may say that cells printed
        self.loop = kernel.open_notebook(shell, self.printed)
        self.places: dict[
            str, int
        ] = {}  # in the notebook, by the prompt of a cell, counting from 1

    def run(self, control: socket.socket, cells: list[Any]) -> None:
        for index, source in cells:
            wire.send(control, {"start": index})
            self.printed.begin()
            self.places[f"In[{self.shell.execution_count}]"] = index + 1
            error = kernel.run_cell(self.shell, self.loop, source)
            wire.send(control, self.report(index, raised.line_of(error) if error else ""))
        wire.send(control, {"done": True})

    def name_of(self, file: str) -> str:
        """Name a cell by its place, from what its code is said to be the file of."""
        _, prompt = self.shell.compile.format_code_name(file) or ("", "")
        place = self.places.get(prompt)
        return f"cell {place}" if place else Path(file).name

    def report(self, index: int, error: str) -> dict[str, Any]:
        status = "output" if self.printed.full else ("error" if error else "ok")
        stdout = self.printed.text[: min(forms.STDOUT, self.left)]
        self.left -= len(stdout)
        return {"cell": index, "status": status, "error": error, "stdout": stdout}


def _kill_test(pid: int) -> None:
    # `Run.end_test` has killed it from outside, unless it looked before the fork was made.
    with contextlib.suppress(OSError):
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    with contextlib.suppress(ChildProcessError):  # orphans of the test are ours now: pid 1
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
