"""A notebook in a Jupyter kernel of its own."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_event_loop

from grader.sandbox import bubblewrap
from tests.kernel import probe
from tests.kernel.normal import normal
from tests.kernel.notebooks import Notebook

START_SECONDS = 300
CELL_SECONDS = 60


def run(notebook: Notebook) -> dict[str, Any]:
    """Return what came of each cell, and what is defined after the last."""
    with tempfile.TemporaryDirectory(prefix="grader-kernel-") as folder:
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(cwd=folder, env=environment(folder))
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=START_SECONDS)
            return _Kernel(client, manager).notebook(notebook)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            ensure_event_loop().close()  # this thread's, which the client has left open


def environment(folder: str) -> dict[str, str]:
    """Return the sandbox's own variables, with a home and programs of this machine."""
    paths = {"PATH": f"{Path(sys.executable).parent}:{os.defpath}"}
    homes = dict.fromkeys(("HOME", "IPYTHONDIR", "MPLCONFIGDIR"), f"{folder}/.tmp")
    return {**bubblewrap.ENVIRONMENT, **paths, **homes}


class _Kernel:
    def __init__(self, client: Any, manager: Any) -> None:
        self.client = client
        self.manager = manager
        self.texts: list[str] = []

    def notebook(self, notebook: Notebook) -> dict[str, Any]:
        cells = []
        for source in notebook.cells:
            error, text = self.cell(source)
            cells.append([error, normal(text)])
        told: dict[str, Any] = {"cells": cells}
        told["names"] = self.asked("names") or {}
        if "answer" in told["names"]:
            told["answer"] = self.asked("answer")
        return told

    def asked(self, call: str) -> Any:
        _, text = self.cell(probe.source(call))
        return probe.told(normal(text, None))

    def cell(self, source: str) -> tuple[str, str]:
        self.texts = []
        if not self.manager.is_alive():
            return "<dead>", ""
        try:
            reply = self.client.execute_interactive(
                source, store_history=True, allow_stdin=False, stop_on_error=False,
                timeout=CELL_SECONDS, output_hook=self.output,
            )  # fmt: skip
        except (TimeoutError, RuntimeError):
            return "<dead>", ""
        return reply["content"].get("ename", ""), "".join(self.texts)

    def output(self, message: Any) -> None:
        content = message["content"]
        if message["msg_type"] == "stream":
            self.texts.append(content["text"])
        elif message["msg_type"] in ("execute_result", "display_data", "update_display_data"):
            text = content["data"].get("text/plain")
            self.texts.append("" if text is None else f"{text}\n")
