"""Run the real commands, as people do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
HANG_SECONDS = 900


def run(
    program: str, *arguments: object, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment, which sees further `variables`; return what it said."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [BIN / program, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PATH": path, "COLUMNS": "120", **variables},
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )


def nbgrader(course: Path, *arguments: object) -> str:
    """Run nbgrader in a course, as somebody with no settings of their own; return what it said."""
    ended = run("nbgrader", *arguments, cwd=course, HOME=str(course))
    assert ended.returncode == 0, ended.stderr
    return ended.stdout + ended.stderr


def listen_to_ctrl_c() -> None:
    """Undo what a shell does to the commands that it starts in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
