"""JupyterLab as people start it, with a configuration of their own, until the test is over."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.commands import BIN

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 10
# A person's own settings.
OWN = {"allow_root": True, "open_browser": False, "port": 0, "ip": "127.0.0.1"}
TOKEN = "a-token-of-their-own"


@contextmanager
def running(home: Path, folder: Path, *command: str) -> Iterator[str]:
    """Run a command that starts JupyterLab in a folder; give the server's address."""
    settings = {"ServerApp": OWN, "IdentityProvider": {"token": TOKEN}}
    home.mkdir()
    (home / "jupyter_server_config.json").write_text(json.dumps(settings), encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }
    log = home / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [BIN / command[0], *command[1:]], cwd=folder, env=environment,
            stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
    try:
        yield _address(process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:  # Jupyter waits for ever for a kernel that was starting
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the server answers, which is a little after it has said where."""
    while process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", log.read_text(encoding="utf-8"))
        with suppress(ConnectionRefusedError):
            if found and socket.create_connection(("127.0.0.1", int(found[1]))).close() is None:
                return found[0]
        time.sleep(POLL_SECONDS)
    raise AssertionError(log.read_text(encoding="utf-8"))
