"""Run the real commands, as people do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
HANG_SECONDS = 900


def run(
    program: str, *arguments: object, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment and return what it said."""
    return subprocess.run(
        [BIN / program, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )
