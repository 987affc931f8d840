"""check, hint and load where Python lacks what only Unix has: on Windows, in a browser."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from grader.learners import start
from tests import commands
from tests.builders import course

# Libraries are imported before: they know what to do without Unix. Of `signal` stays what Python
# documents for Windows. A file that is opened without naming its encoding is an error.
WITHOUT_UNIX = """
import json, os, signal, socket, sys, warnings
import asyncio, numpy, pandas, pytest

class Absent:
    names = {"resource", "fcntl", "pwd", "grp", "termios", "tty", "pty", "syslog"}
    def find_spec(self, name, path=None, target=None):
        if name in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}")

sys.meta_path.insert(0, Absent())
for name in Absent.names:
    sys.modules.pop(name, None)

of_os = '''fork forkpty openpty register_at_fork getuid geteuid getgid getegid getgroups setuid
    setgid getpgid getpgrp setpgid setsid getsid killpg nice getpriority setpriority sysconf uname
    chroot chown fchown lchown mkfifo mknod statvfs pread pwrite pipe2 sendfile memfd_create
    pidfd_open sched_getaffinity sched_yield wait wait3 wait4 waitid WNOHANG WIFSIGNALED WTERMSIG
    O_NOFOLLOW O_NONBLOCK O_CLOEXEC O_DIRECTORY'''.split()
of_socket = "AF_UNIX SCM_RIGHTS CMSG_LEN CMSG_SPACE MSG_DONTWAIT send_fds recv_fds".split()
on_windows = '''SIGABRT SIGFPE SIGILL SIGINT SIGSEGV SIGTERM SIG_DFL SIG_IGN NSIG Signals Handlers
    signal getsignal raise_signal strsignal valid_signals set_wakeup_fd default_int_handler'''
of_signal = {name for name in vars(signal) if not name.startswith("_")} - {*on_windows.split()}
for module, names in ((os, of_os), (socket, of_socket), (signal, of_signal)):
    for name in names:
        delattr(module, name)

warnings.filterwarnings("error", category=EncodingWarning, module="grader")
"""
LEARNER = """
from grader import check, hint, load, LearnerError

people = load("people")
def parse_height(text):
    return 180.34
def tallest(heights):
    raise NotImplementedError()

seen = {task: [r.outcome for r in check(task).results] for task in ("parse_height", "tallest")}
print(json.dumps({
    "checked": seen,
    "unwritten": repr(check("tallest")),
    "hint": repr(hint("tallest")),
    "columns": list(people.columns),
    "ours": [name for name in sys.modules if name.startswith("grader.")],
}))
"""
NOT_LEARNERS = ("book", "pages", "exports", "grading", "authors", "submissions", "cli")


@pytest.fixture(scope="module", params=["beside a release", "in a checkout"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    root = course(tmp_path_factory.mktemp("course"))
    folder = root
    if request.param == "beside a release":
        folder = start.start(root, "heights", tmp_path_factory.mktemp("mine")).parent
    done = run(folder, WITHOUT_UNIX + LEARNER)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def run(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    return commands.run("python", "-X", "warn_default_encoding", "-c", program, cwd=folder)


def test_a_check_runs_the_visible_tests(told: Any) -> None:
    assert told["checked"] == {"parse_height": ["passed"], "tallest": ["error"]}
    assert "This answer is not written yet." in told["unwritten"]


def test_hints_and_data_are_found(told: Any) -> None:
    assert told["hint"].startswith("Hint 1 of 3: Which helper do you have?")
    assert told["columns"] == ["name", "height"]


def test_a_learner_imports_no_sandbox_and_nothing_of_those_who_grade(told: Any) -> None:
    ours = {name.removeprefix("grader.") for name in told["ours"]}

    assert {n for n in ours if n.startswith("sandbox.")} == {"sandbox.limits"}
    assert not {name.split(".")[0] for name in ours} & {*NOT_LEARNERS}
    assert not ours & {"suite.behind", "suite.notebook_run"}


def test_what_is_around_a_submission_needs_unix(tmp_path: Path) -> None:
    done = run(tmp_path, WITHOUT_UNIX + "import grader.sandbox.inside.walls")

    assert done.returncode == 1
    assert re.search("No module named '(resource|fcntl)'", done.stderr)
