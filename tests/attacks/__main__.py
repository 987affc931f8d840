"""The full matrix: `make attacks`. Every mode of grading, as root and as a user.

The modes may be named, to run these alone: `python -m tests.attacks cold cluster`. Only root can
be both; a user tries the modes as a user.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MODES = ("warm", "cold", "cluster")
ROOT = Path(__file__).resolve().parent.parent.parent
BATCHES = ("tests/test_attacks.py", "tests/test_shared_corpus.py")
USER = 61_000  # nobody's number


def main(chosen: list[str]) -> int:
    """Run the batches in each mode and say how many tests passed and failed."""
    people = ("root", "user") if os.getuid() == 0 else ("user",)
    failed = 0
    for mode in chosen or MODES:
        for who in people:
            begin = time.monotonic()
            code, told = _run(mode, who)
            print(f"{mode:8} {who:5} {time.monotonic() - begin:6.0f} s  {told}", flush=True)
            failed += code != 0
    return failed > 0


def _run(mode: str, who: str) -> tuple[int, str]:
    with tempfile.TemporaryDirectory(prefix="attacks-", dir="/var/tmp") as home:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["--attack-mode", mode, "--basetemp", f"{home}/tests", *BATCHES]
        if who == "user" and os.getuid() == 0:
            os.chown(home, USER, USER)
            command = _as_user(command)
        ended = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "HOME": home}, stdout=subprocess.PIPE, text=True
        )
    lines = ended.stdout.strip().splitlines() or ["nothing was said"]
    if ended.returncode:
        print(*(line for line in lines if re.match("FAILED|ERROR|E  ", line)), sep="\n")
    return ended.returncode, lines[-1].strip("= ")


def _as_user(command: list[str]) -> list[str]:
    """Run a command as a user who may read this checkout and its Python, wherever they lie.

    Closed folders above them are covered by open ones, in a mount namespace of the command's own.
    """
    script = ["set -e"]
    for path in {str(ROOT), sys.prefix, sys.base_prefix}:
        closed = [up for up in Path(path).parents if not up.stat().st_mode & 0o001]
        if closed:
            script += [
                "there=$(mktemp -d)",
                f"mount --bind '{path}' $there",
                f"mount -t tmpfs -o mode=0755 open '{closed[-1]}'",
                f"mkdir -p '{path}'",
                f"mount --move $there '{path}'",
            ]
    script.append(f'exec setpriv --reuid {USER} --regid {USER} --clear-groups --no-new-privs "$@"')
    return ["unshare", "--mount", "sh", "-c", "\n".join(script), "sh", *command]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
