"""The questions of one test, over its socket.

This runs in a fork of the checkpoint, so learner code may have patched any of it.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Callable
from pathlib import Path
from socket import socket
from typing import Any

from grader.wire import message as wire
from grader.wire.questions import Capped, Questions, fed


class Answers(Questions):
    """Serve the requests of one test."""

    def __init__(
        self, sock: socket, space: dict[str, Any], spec: dict[str, Any], name: Callable[[str], str]
    ) -> None:
        super().__init__(space, spec["message_mb"] * 2**20, spec["output_kb"] * 1024, name)
        self.sock = sock
        import numpy as np

        self.numpy = np.random
        self.folder = Path.cwd()
        self.draws = random.getstate(), self.numpy.get_state()

    def serve(self) -> None:
        while True:
            try:
                request = wire.receive(self.sock, self.max_bytes, self.found)
            except (EOFError, OSError):
                os._exit(0)
            self.reply(request)

    def do_begin(self) -> dict[str, Any]:
        """Begin another test: nothing of the last one's is kept, and its draws repeat."""
        self.objects.clear()
        self.places.clear()
        os.chdir(self.folder)
        random.setstate(self.draws[0])
        self.numpy.set_state(self.draws[1])
        return {"value": None}

    def reply(self, request: dict[str, Any]) -> None:
        printed = Capped(self.output_bytes)
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), fed(""):
            message = self.answer(request)
        self.sock.sendall(message)

    def asked_back(self, question: bytes) -> dict[str, Any]:
        self.sock.sendall(question)
        while "do" in (reply := wire.receive(self.sock, self.max_bytes, self.found)):
            self.reply(reply)  # the callback asks an object that it was given
        return dict(reply)
