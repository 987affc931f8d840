"""The wall holds: what learner code can see, reach, use up and leave behind."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import signal
import struct
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import grader.sandbox
from grader.book import tables
from grader.errors import SandboxError
from grader.exercises.folder import find_all, private_folders
from grader.grading import desk
from grader.sandbox import processes, seccomp, sockets, view
from grader.sandbox.inside import walls
from grader.sandbox.inside.marks import NOBODY
from grader.sandbox.limits import Ending, Isolation, Limits, RunEnded
from grader.sandbox.sandbox import Sandbox
from grader.suite.notebook_run import PRELUDE, NotebookRun
from grader.suite.standin import Stopped
from grader.wire import forms
from tests import commands

pytestmark = pytest.mark.sandbox
LIMITS = Limits(memory_mb=600)
# For what is to pass a limit: code that is right may need more on a slow machine.
QUICK = Limits(cell_seconds=3, notebook_seconds=10, test_seconds=2, memory_mb=600)


@contextlib.contextmanager
def ran(sandbox: Sandbox, *cells: str, limits: Limits = LIMITS) -> Iterator[NotebookRun]:
    run = NotebookRun(sandbox, limits, tuple(sandbox.data), list(enumerate(cells)))
    run.execute()
    try:
        yield run
    finally:
        run.close()


def printed(sandbox: Sandbox, code: str, limits: Limits = LIMITS) -> str:
    with ran(sandbox, code, limits=limits) as run:
        report = run.reports[0]
        assert report.status == "ok", report
        return report.stdout.strip()


def value(sandbox: Sandbox, code: str, limits: Limits = LIMITS) -> Any:
    with ran(sandbox, code, limits=limits) as run:
        assert run.reports[0].status == "ok", run.reports
        with run.submission() as submission:
            return submission.result


def test_nothing_of_the_host_is_seen(sandbox: Sandbox, root: Path) -> None:
    code = f"""
import os, pathlib
def seen(path):
    try:
        return os.listdir(path)
    except OSError:
        return []
result = {{"root": seen("/"), "home": seen(os.path.expanduser("~root")), "etc": seen("/etc"),
          "proc": seen("/proc"), "exercises": seen({str(root / "exercises")!r}),
          "environment": dict(os.environ), "cwd": os.getcwd()}}
"""
    seen = value(sandbox, code)

    assert "home" not in seen["root"]
    assert set(seen["etc"]) <= {"ld.so.cache"}
    assert seen["proc"] == []
    assert seen["exercises"] == []
    paths = {name: said for name, said in seen["environment"].items() if "PATH" in name.upper()}
    assert paths.keys() == {"PATH"}  # a kernel has one: notebooks add to it
    assert paths["PATH"] in (
        f"/environment/bin:{os.defpath}",
        f"{sys.base_prefix}/bin:{os.defpath}",
    )
    assert os.environ.get("HOME") not in seen["environment"].values()


PURE = Path(sysconfig.get_path("purelib"))
ENVIRONMENT = Path(sys.prefix) if sys.prefix == sys.base_prefix else view.ENVIRONMENT_INSIDE
STANDARD = Path(os.__file__).parent
# Folders that Python can do without, and where they are seen inside.
WITHIN = {
    (
        shared := next(path for path in sorted(Path("/usr/share").iterdir()) if path.is_dir())
    ): shared,
    PURE / "nbgrader": ENVIRONMENT / PURE.relative_to(sys.prefix) / "nbgrader",
    STANDARD / "wsgiref": STANDARD / "wsgiref",
}


@pytest.mark.parametrize("isolation", ["bubblewrap", "bubblewrap-cold"])
def test_a_course_within_what_is_shown_is_covered(isolation: Isolation) -> None:
    code = f"""
import os
result = []
for place in {[str(inside) for inside in WITHIN.values()]!r}:
    result.append(len(os.listdir(place)))
    try:
        open(f"{{place}}/left", "w")
        result.append("written")
    except OSError:
        pass
"""
    with Sandbox(isolation=isolation) as shown:
        assert all(value(shown, code))
    with Sandbox(isolation=isolation, covered=WITHIN) as covered:
        assert value(covered, code) == [0, 0, 0]


@pytest.fixture
def beside_packages() -> Iterator[Path]:
    """Make a folder within what the sandbox shows."""
    with tempfile.TemporaryDirectory(dir=PURE, prefix="course-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


# What a learner finds in all that is shown: nothing of ours may be among it.
FIND = """
import os, sys
result = []
for place in ("/environment", sys.base_prefix, "/usr/local", "/usr/share", "/usr/src"):
    for folder, _, names in os.walk(place, followlinks=False):
        if "canary-5d0c" in " ".join([folder, *names]):
            result.append([folder, *names])
"""


def found(course: Path, *more: Path) -> Any:
    """Return what is seen of a course, of whose files each has a canary in its name or path."""
    with Sandbox(covered=private_folders(course).union(more)) as sandbox:
        return value(sandbox, FIND, replace(LIMITS, cell_seconds=60))


def exercise(folder: Path) -> Path:
    made = folder / "0-start" / "canary-5d0c"
    made.mkdir(parents=True)
    (made / "exercise.toml").touch()
    (made / "test_hidden.py").touch()
    return folder


def test_a_course_among_the_packages_is_covered(beside_packages: Path, tmp_path: Path) -> None:
    course = beside_packages / "course"
    for kept in ("submitted/ada", "build", ".git"):
        (course / kept).mkdir(parents=True)
        (course / kept / "canary-5d0c").touch()
    exercise(course / "exercises")
    (tmp_path / "link").symlink_to(course)

    with Sandbox() as sandbox:
        assert value(sandbox, FIND, replace(LIMITS, cell_seconds=60))  # it would be seen
    assert found(course) == []
    assert found(tmp_path / "link") == []


def test_folders_of_a_course_that_lie_elsewhere_are_covered(
    beside_packages: Path, tmp_path: Path
) -> None:
    for name in ("submitted", "grades", "module/.git"):
        (beside_packages / name).mkdir(parents=True)
        (beside_packages / name / "canary-5d0c").touch()
    course = beside_packages / "module" / "course"
    (course / "exercises").mkdir(parents=True)
    linked = tmp_path / "course"
    linked.mkdir()
    (linked / "exercises").symlink_to(exercise(beside_packages / "exercises"))
    (linked / "submitted").symlink_to(beside_packages / "submitted")
    url = f"sqlite:///{beside_packages / 'grades/gradebook.db'}"

    assert found(linked, *tables.folders(url), *private_folders(course)) == []


def test_a_course_whose_folder_is_the_environment_shows_packages_alone(tmp_path: Path) -> None:
    # `python -m venv .` in the course itself, as far as Python and the sandbox see it.
    for name in ("bin", "lib", "pyvenv.cfg"):
        (tmp_path / name).symlink_to(Path(sys.prefix, name))
    exercise(tmp_path / "exercises")
    (tmp_path / "gradebook-canary-5d0c.db").touch()
    code = f"""
import sys
from pathlib import Path
from tests.test_sandbox import found
assert sys.prefix == {str(tmp_path)!r}, sys.prefix
print(found(Path(sys.prefix)))
"""
    python = tmp_path / "bin" / Path(sys.executable).name
    done = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[1]
    )

    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_what_python_needs_cannot_be_covered() -> None:
    for folder in (PURE, PURE.parent, Path(os.__file__).parent, Path("/usr/share")):
        with pytest.raises(SandboxError, match="to a folder of its own"), Sandbox(covered=[folder]):
            pass


def user(pid: int) -> int:
    """Return who runs a process: its folder in /proc can be root's all the same."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("Uid:")[2].split()[0])


def test_neighbors_have_users_of_their_own() -> None:
    # Each may start as many processes as if it were alone: the kernel counts for each user.
    start = """
import os, time
result = 0
try:
    for _ in range(20):
        if os.fork() == 0:
            time.sleep(60)
        result += 1
except OSError:
    pass
print(result)
"""
    limits = replace(LIMITS, processes=16)
    with ExitStack() as stack:
        opened = [stack.enter_context(Sandbox(isolation="bubblewrap-cold")) for _ in range(2)]
        runs = [stack.enter_context(ran(each, start, limits=limits)) for each in opened]
        users = {user(pid) for each in opened for pid in each.usage.processes()}
        started = [int(run.reports[0].stdout) for run in runs]
    mapped = os.geteuid() == 0 and len(Path("/proc/self/uid_map").read_text().split()) == 3

    assert min(started) > limits.processes - 4
    assert not mapped or len(users - {NOBODY}) == 2


def test_only_its_own_small_places_are_writable(sandbox: Sandbox) -> None:
    code = """
import os, sys
result = []
for folder, inner, _ in os.walk("/"):
    if folder in ("/usr", "/proc", sys.prefix, sys.base_prefix):
        inner.clear()
    try:
        with open(os.path.join(folder, "probe"), "w") as file:
            file.write("x")
        result.append(folder)
    except OSError:
        pass
"""
    writable = value(sandbox, code)

    own = ("/submission", "/tmp", "/dev/shm")
    assert [folder for folder in writable if not folder.startswith(own)] == []


def test_there_is_no_network(sandbox: Sandbox) -> None:
    code = """
import socket
result = []
for family, address in ((socket.AF_INET, ("127.0.0.1", 9)), (socket.AF_INET, ("192.0.2.1", 80))):
    with socket.socket(family) as s:
        s.settimeout(1)
        try:
            s.connect(address)
        except OSError as error:
            result.append(error.errno)
"""
    import errno

    assert set(value(sandbox, code)) <= {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.ECONNREFUSED}


def test_it_is_nobody_without_rights(sandbox: Sandbox) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
result = {"uid": os.getuid(), "unshare": libc.unshare(0x10000000),
          "mount": libc.mount(b"none", b"/submission", b"tmpfs", 0, None),
          "ptrace": libc.ptrace(16, os.getppid() or 1, None, None),
          "no_new_privs": libc.prctl(39, 0, 0, 0, 0), "seccomp": libc.prctl(21, 0, 0, 0, 0)}
"""
    result = value(sandbox, code)

    assert result["uid"] == 65534
    assert result["unshare"] == result["mount"] == result["ptrace"] == -1
    assert (result["no_new_privs"], result["seccomp"]) == (1, 2)


def test_the_warm_interpreter_cannot_be_reached(sandbox: Sandbox) -> None:
    code = """
import os, signal
result = {"parent": os.getppid(), "kill": []}
for pid in range(2, 200):
    try:
        os.kill(pid, 0)
        result["kill"].append(pid)
    except OSError:
        pass
result["descriptors"] = []
for descriptor in range(3, 256):
    try:
        os.fstat(descriptor)
        result["descriptors"].append(descriptor)
    except OSError:
        pass
"""
    result = value(sandbox, code)

    assert result["parent"] == 0  # outside its own namespace there is nobody
    assert result["kill"] == []
    assert len(result["descriptors"]) == 1  # its own socket to the tests


def test_nothing_survives_into_the_next_submission(sandbox: Sandbox) -> None:
    poison = """
import os, sys, pathlib, subprocess
import pandas as pd
pd.DataFrame.sum = lambda *a, **k: "poisoned"
sys.modules["json"] = None
for folder in ("/submission", "/tmp", "/dev/shm"):
    pathlib.Path(folder, "left").write_text("x")
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
"""
    look = """
import json, os, pandas as pd
result = {"sum": int(pd.DataFrame({"a": [1, 2]}).sum().iloc[0]),
          "left": [f for f in ("/submission", "/tmp", "/dev/shm") if os.path.exists(f + "/left")]}
"""
    with ran(sandbox, poison) as run:
        assert run.reports[0].status == "ok"

    assert value(sandbox, look) == {"sum": 3, "left": []}
    assert sandbox.usage.memory_mb() == 0  # no process of any submission is left


def test_a_test_cannot_change_what_the_next_one_starts_from(sandbox: Sandbox) -> None:
    with ran(sandbox, "state = []\ndef add():\n    state.append(1)\n    return len(state)") as run:
        counts = []
        for _ in range(2):
            with run.submission() as submission:
                counts.append(submission.add())

    assert counts == [1, 1]


LOOP = "while True:\n    pass"
DEAF = """
import signal
for s in set(range(1, 32)) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(s, signal.SIG_IGN)
"""


@pytest.mark.parametrize("code", [LOOP, DEAF + LOOP, "import time\ntime.sleep(100)"])
def test_an_endless_cell_costs_only_itself(sandbox: Sandbox, code: str) -> None:
    with ran(sandbox, "before = 1", code, "after = 2", limits=QUICK) as run:
        statuses = [run.reports[n].status for n in range(3)]
        with run.submission() as submission:
            names = (submission.before, submission.after)

    assert statuses == ["ok", "timeout", "ok"]
    assert names == (1, 2)


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos._exit(0)",
        "import ctypes\nctypes.string_at(0)",
        "import os, signal\nos.abort()",
    ],
)
def test_a_cell_that_ends_the_interpreter_costs_only_itself(sandbox: Sandbox, code: str) -> None:
    with ran(sandbox, "before = 1", code, "after = 2") as run:
        assert [run.reports[n].status for n in range(3)] == ["ok", "crashed", "ok"]
        with run.submission() as submission:
            assert submission.after == 2


def test_endless_and_ending_calls_stop_their_own_test(sandbox: Sandbox) -> None:
    cell = """
import os
def loop():
    while True:
        pass
def end():
    os._exit(0)
fine = 1
"""
    with ran(sandbox, cell, limits=replace(QUICK, test_seconds=0.5)) as run:
        endings = []
        for name in ("loop", "end"):
            with pytest.raises(Stopped) as stopped, run.submission() as submission:
                getattr(submission, name)()
            endings.append(stopped.value.ended.ending)
        with run.submission() as submission:
            assert submission.fine == 1

    assert endings == [Ending.TIMEOUT, Ending.CRASHED]


def test_what_a_test_leaves_behind_ends_with_it(sandbox: Sandbox) -> None:
    cell = """
import os, time
def leave():
    for _ in range(5):
        if os.fork() == 0:
            os.setsid()
            block = bytearray(os.urandom(1)) * (50 * 2**20)
            time.sleep(60)
    return "left"
"""
    with ran(sandbox, cell) as run:
        before = sandbox.usage.processes()
        for _ in range(3):
            with run.submission() as submission:
                assert submission.leave() == "left"
            assert sum(map(processes.resident_kb, sandbox.usage.processes() - before)) == 0


def test_memory_in_one_process_ends_in_a_memory_error(sandbox: Sandbox) -> None:
    with ran(sandbox, "block = bytearray(2**31)", "after = 1") as run:
        assert run.reports[0].error.startswith("MemoryError")
        assert run.reports[1].status == "ok"


def test_memory_over_many_processes_is_ended_from_outside(sandbox: Sandbox) -> None:
    fork = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(os.urandom(1)) * (150 * 2**20)
        time.sleep(60)
time.sleep(60)
"""
    limits = replace(QUICK, cell_seconds=30, notebook_seconds=60)
    with ran(sandbox, fork, "after = 1", limits=limits) as run:
        assert [run.reports[n].status for n in range(2)] == ["memory", "ok"]


def test_processes_are_few(sandbox: Sandbox) -> None:
    fork = """
import os, time
result = 0
try:
    for _ in range(200):
        if os.fork() == 0:
            time.sleep(60)
        result += 1
except OSError:
    pass
"""
    assert int(printed(sandbox, fork + "print(result)", replace(LIMITS, processes=16))) < 16


def test_disk_is_small(sandbox: Sandbox) -> None:
    fill = """
result = 0
try:
    for n in range(100):
        with open(f"/tmp/{n}", "wb") as file:
            file.write(bytes(2**20)); result += 1
except OSError:
    pass
"""
    assert value(sandbox, fill, replace(LIMITS, disk_mb=8)) <= 8


def test_output_is_capped_and_costs_its_own_cell(sandbox: Sandbox) -> None:
    cells = ("while True:\n    print('x' * 1000)", "print('said')\nafter = 1")
    with ran(sandbox, *cells) as run:
        assert [run.reports[n].status for n in range(2)] == ["output", "ok"]
        assert len(run.reports[0].stdout) <= forms.STDOUT
        assert run.reports[1].stdout == "said\n"
        with run.submission() as submission:
            assert submission.after == 1


def test_data_sets_are_there_and_cannot_be_changed(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name\nA\n")
    code = """
from grader import load
result = load("people")["name"].tolist()
try:
    open("data/people.csv", "w")
except OSError:
    result.append("read-only")
"""
    with Sandbox({"people": file}) as sandbox:
        assert value(sandbox, code) == ["A", "read-only"]
    assert file.read_text() == "name\nA\n"


def test_of_this_package_only_what_runs_inside_is_seen(sandbox: Sandbox) -> None:
    code = """
import os, grader
result = sorted(os.path.relpath(os.path.join(folder, name), os.path.dirname(grader.__file__))
                for folder, _, names in os.walk(os.path.dirname(grader.__file__))
                for name in names if name.endswith(".py"))
"""
    seen = value(sandbox, code)

    assert {"data.py", "wire/message.py", "sandbox/inside/answers.py"} <= set(seen)
    homes = ("__init__.py", "errors.py", "data.py", "wire/", "sandbox/__init__.py",
             "sandbox/inside/", "suite/__init__.py", "suite/task.py")  # fmt: skip
    assert [name for name in seen if not name.startswith(homes)] == []


def test_a_prelude_comes_before_every_submission_and_seconds_are_told() -> None:
    look = """
from grader import *
result = [check("a_task"), hint("a_task", 1), load.__module__, LearnerError.__module__,
          task.__module__, __name__, os.getuid()]
"""
    code = "import os\nassert 'grader' not in globals()\n" + look
    told = []
    with Sandbox(prelude=PRELUDE, spend=lambda stage, _: told.append(stage)) as sandbox:
        seen = value(sandbox, code)

    assert set(told) == {"codec", "fork", "namespaces"}
    assert seen == [None, None, "grader.data", "grader.errors", "grader.suite.task", "__main__",
                    65534]  # fmt: skip


def test_the_example_of_the_package_does_what_it_says() -> None:
    _, _, text = (grader.sandbox.__doc__ or "").partition("It needs no exercise:\n")
    example, _, _ = text.partition("\nlimits ")
    ours = "import sys; print(sorted(m for m in sys.modules if m.startswith('grader.')))"

    done = commands.run("python", "-c", f"{textwrap.dedent(example)}\n{ours}")

    assert done.returncode == 0, done.stderr
    *reports, answer, modules = map(ast.literal_eval, done.stdout.splitlines())
    assert reports == [
        {"start": 0}, {"cell": 0, "status": "ok", "error": "", "stdout": ""},
    ]  # fmt: skip
    assert answer == {"id": 1, "value": [0, 1, 4, 9]}
    known = ("grader.errors", "grader.wire", "grader.sandbox")
    assert [name for name in modules if not name.startswith(known)] == []


def test_a_request_that_is_none_ends_who_is_asked(sandbox: Sandbox) -> None:
    run = sandbox.open(LIMITS)
    run._control.within(10)
    run._control.ask(b"x")
    with pytest.raises(RunEnded, match="its process ended"):
        run._control.receive()
    assert run.close() is False  # the warm interpreter goes on

    with Sandbox() as other:
        run = other.open(LIMITS)
        assert other._warm is not None
        other._warm.control.ask(b"x")
        os.waitid(os.P_PID, other.usage.root, os.WEXITED | os.WNOWAIT)
        assert run.close() is True
        assert value(other, "result = 1") == 1


def test_without_bubblewrap_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(SandboxError, match=r"bubblewrap .* is not installed"), Sandbox():
        pass


def test_without_a_filter_of_system_calls_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    seccomp.system_call_filters.cache_clear()
    monkeypatch.setattr(seccomp, "LIBRARY", "libseccomp.so.none")
    monkeypatch.setattr("ctypes.util.find_library", lambda _: None)

    with pytest.raises(SandboxError, match=r"libseccomp is not installed"), Sandbox():
        pass
    with (
        pytest.raises(SandboxError, match=r"libseccomp is not installed"),
        Sandbox(isolation="bubblewrap-cold"),
    ):
        pass

    with pytest.raises(SandboxError, match=r"this machine is riscv64, .* x86_64 and aarch64"):
        seccomp.system_call_filters("riscv64")


@pytest.mark.parametrize("machine", [*seccomp.MACHINES])
def test_the_filters_are_made_for_each_machine(machine: str) -> None:
    library = seccomp._library()
    names = {name for names in seccomp.ALLOWED_CALLS.values() for name in names.split()}
    lacking = {
        name
        for name in names
        if library.seccomp_syscall_resolve_name_arch(seccomp.MACHINES[machine], name.encode()) < 0
    }

    filters = seccomp.system_call_filters(machine)

    # BPF's first two instructions load the architecture and compare it.
    told = [struct.unpack_from("<HBBIHBBI", each) for each in filters]
    assert {(code, where) for code, _, _, where, *_ in told} == {(0x20, 4)}
    assert {compared for *_, compared in told} == {seccomp.MACHINES[machine]}
    assert lacking <= {*LEFT_OUT_OF_ARM.split()}
    assert not lacking or machine == "aarch64"


# What a younger architecture does by the calls that came later: openat for open.
LEFT_OUT_OF_ARM = """
    access alarm arch_prctl chmod chown creat dup2 eventfd fork futimesat getdents getpgrp lchown
    link lstat mkdir mknod open pause pipe poll readlink rename rmdir select signalfd stat symlink
    time unlink utime utimes vfork
"""


CALLED = """
import ctypes, errno, os, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
def answer(name, *arguments):
    ctypes.set_errno(0)
    done = getattr(libc, name)(*arguments)
    return errno.errorcode.get(ctypes.get_errno(), done)
"""


def test_what_is_not_listed_does_not_exist(sandbox: Sandbox) -> None:
    code = (
        CALLED
        + """
result = [answer("inotify_init1", 0), answer("fanotify_init", 0, 0), answer("epoll_create1", 0),
          answer("splice", 0, None, 1, None, 1, 0), answer("sendfile", 1, 0, None, 1)]
result += [answer("syscall", number) for number in (457, 458, 425, 444, 999, 100_000)]
"""
    )
    # 457, 458: statmount, listmount; 425: io_uring_setup, which asks for rights.
    answers = value(sandbox, code)

    assert answers == ["ENOSYS"] * 7 + ["EPERM"] + ["ENOSYS"] * 3


def test_arguments_are_looked_at(sandbox: Sandbox) -> None:
    code = (
        CALLED
        + """
import fcntl, pty, socket
master, slave = pty.openpty()
refused = {
    "typed into a terminal": answer("ioctl", slave, 0x5412, b"x"),
    "with the upper half set": answer("ioctl", slave, ctypes.c_long(0x100005412), b"x"),
    "larger pipe": answer("fcntl", os.pipe()[0], 1031, 2**20),
    "lock of an open file": answer("fcntl", 0, 37, b"x" * 64),
    "another filter": answer("prctl", 22, 2, None),
    "memory named": answer("prctl", 0x53564D41, 0, 0, 0, None),
    "priority of the user": answer("setpriority", 2, 0, 5),
    "netlink": answer("socket", 16, 3, 0),
    "multipath": answer("socket", 2, 1, 262),
    "attribute": answer("setxattr", b".", b"user.a", b"b", 1, 0),
}
with socket.socket() as one:
    before = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
    grown = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) - before
result = [refused, grown]
"""
    )
    refused, grown = value(sandbox, code)

    assert refused == {
        "typed into a terminal": "EPERM",
        "with the upper half set": "EPERM",
        "larger pipe": "EPERM",
        "lock of an open file": "EINVAL",
        "another filter": "EPERM",
        "memory named": "ENOSYS",
        "priority of the user": "EPERM",
        "netlink": "EPERM",
        "multipath": "EPROTONOSUPPORT",
        "attribute": "ENOTSUP",
    }
    assert grown == 0


def test_what_people_call_is_there(sandbox: Sandbox) -> None:
    code = """
import asyncio, concurrent.futures, fcntl, multiprocessing, os, pty, shutil, signal, sqlite3
import subprocess, sys, threading
from multiprocessing import shared_memory
from joblib import Parallel, delayed
result = {}
async def served():
    async def upper(reader, writer):
        writer.write((await reader.readline()).upper())
        writer.close()
    server = await asyncio.start_server(upper, "127.0.0.1")
    async def asked():
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"a\\n")
        return await reader.read()
    said = await asyncio.gather(*(asked() for _ in range(30)))
    child = await asyncio.create_subprocess_exec("echo", "hi", stdout=subprocess.PIPE)
    return len(said), said[0], await child.stdout.read()
def served_in_a_thread():
    result["asyncio"] = asyncio.run(served())
thread = threading.Thread(target=served_in_a_thread)
thread.start()
thread.join()
for backend in ("loky", "threading", "multiprocessing"):
    result[backend] = Parallel(2, backend=backend)(delayed(abs)(n) for n in (-1, -2))
with multiprocessing.Manager() as manager:
    result["manager"] = dict(manager.dict(a=1))
with multiprocessing.get_context("fork").Pool(2) as pool:
    result["pool"] = pool.map(abs, [-1, -2])
block = shared_memory.SharedMemory(create=True, size=10)
block.close()
block.unlink()
with multiprocessing.Lock(), sqlite3.connect("a.db") as database:
    database.execute("create table t (a)")
shutil.copy2("a.db", "b.db")
shutil.copytree("/usr/share/doc/libc6", "copied")
with open("b.db", "rb+") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    fcntl.flock(file, fcntl.LOCK_EX)
result["ended"] = [
    subprocess.run(command, shell=True, capture_output=True).returncode
    for command in ("ls -l | sort | wc", "cp -a a.db c.db; mv c.db d; rm d", "tar cz a.db | wc",
                    "find . | xargs stat", "mkfifo f; (echo > f &) ; cat f", "nice nproc; date")
]
result["python"] = subprocess.run(
    [sys.executable, "-c", "import asyncio; asyncio.run(asyncio.sleep(0))"]).returncode
os.eventfd(0), os.pidfd_open(os.getpid()), pty.openpty(), os.sched_getaffinity(0), os.nice(1)
signal.setitimer(signal.ITIMER_REAL, 0)
"""
    found = value(sandbox, code)

    assert found == {
        "asyncio": (30, b"A\n", b"hi\n"),
        "loky": [1, 2],
        "threading": [1, 2],
        "multiprocessing": [1, 2],
        "manager": {"a": 1},
        "pool": [1, 2],
        "ended": [0] * 6,
        "python": 0,
    }


def test_what_sockets_hold_counts(sandbox: Sandbox) -> None:
    code = """
import contextlib, socket
def fill(one):
    one.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            one.send(bytes(2**16))
listening = socket.socket(socket.AF_UNIX)
listening.bind("\\0here")
listening.listen(100)
for _ in range(100):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\\0here")
        fill(one)
"""
    with ran(sandbox, "pass") as run:
        assert run.reports[0].status == "ok"
        before = sandbox.usage.memory_mb()
    with ran(sandbox, code) as run:
        assert run.reports[0].status == "ok"
        # 100 that were closed and 100 that were never accepted, with 21 MB sent in between.
        assert sandbox.usage.memory_mb() - before > 21
        assert sockets.held_kb(sandbox.usage.processes()) / 201 < 400


def test_counters_of_the_user_are_left_to_neighbors(sandbox: Sandbox) -> None:
    code = """
import ctypes, os, pty
libc = ctypes.CDLL(None, use_errno=True)
def most(make):
    count = 0
    try:
        while count < 1000 and make() >= 0:
            count += 1
    except OSError:
        pass
    return count
result = {
    "pseudoterminals": most(lambda: os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY)),
    "timers": most(lambda: libc.timer_create(1, None, ctypes.byref(ctypes.c_void_p()))),
    "inotify": most(lambda: libc.inotify_init1(0)),
    "epoll": most(lambda: libc.epoll_create1(0)),
    "namespaces": most(lambda: libc.unshare(0x10000000)),
    "asynchronous": most(lambda: libc.syscall(206, 8, ctypes.byref(ctypes.c_void_p()))),
}
"""
    taken = value(sandbox, code)

    assert taken.pop("pseudoterminals") == walls.PSEUDOTERMINALS
    assert 0 < taken.pop("timers") <= walls.PENDING_SIGNALS
    assert set(taken.values()) == {0}


def test_refused_nested_namespaces_give_one_wall_a_submission() -> None:
    # bubblewrap itself refuses further user namespaces: the kernel's answer, not a pretence.
    refuse = ("--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534")
    with Sandbox(extra_arguments=refuse) as sandbox:
        first = value(sandbox, "open('/tmp/left', 'w').close()\nresult = 1")
        second = value(sandbox, "import os\nresult = os.path.exists('/tmp/left')")

        assert (first, second) == (1, False)
        assert sandbox.isolation == "bubblewrap-cold"


# Whatever a submission does to what it can see, none of it is ours.
ENDS = {
    "kills": "for pid in range(1, 400):\n    pid == os.getpid() or tried(os.kill, pid, 9)",
    "limits": "for pid in range(1, 400):\n    tried(resource.prlimit, pid, 0, (0, 0))\n"
    "while True:\n    pass",
    "kills itself": "os.kill(os.getpid(), 9)",
}


@pytest.mark.parametrize("code", ENDS.values(), ids=ENDS)
def test_cold_a_submission_cannot_look_like_a_fault_of_ours(code: str) -> None:
    tried = "import os, resource\ndef tried(call, *with_):\n    try: call(*with_)\n"
    tried += "    except OSError: pass"
    with Sandbox(isolation="bubblewrap-cold") as sandbox:
        with ran(sandbox, tried, code, "after = 1", limits=QUICK) as run:
            statuses = [run.reports[n].status for n in range(3)]
        assert run.lost is False
        assert statuses in (["ok", "ok", "ok"], ["ok", "crashed", "ok"])
        assert value(sandbox, "result = 1") == 1


def test_cold_a_sandbox_that_is_killed_from_outside_is_a_fault_of_ours() -> None:
    with Sandbox(isolation="bubblewrap-cold") as sandbox, ran(sandbox, "before = 1") as run:
        os.kill(sandbox.usage.root, signal.SIGKILL)
        run.close()
        assert run.lost is True
        assert value(sandbox, "result = 2") == 2


def test_cold_files_are_few_and_small_as_ever() -> None:
    fill = """
import os
result = [0, 0]
try:
    for number in range(20_000):
        os.symlink("x", f"/dev/shm/{number}")
        result[0] += 1
except OSError:
    pass
for number in range(result[0]):
    os.unlink(f"/dev/shm/{number}")
try:
    for place in ("/tmp", "/submission", "/dev/shm") * 9:
        with open(f"{place}/{result[1]}", "wb") as file:
            file.write(bytes(2**20)); result[1] += 1
except OSError:
    pass
"""
    with Sandbox(isolation="bubblewrap-cold") as sandbox:
        links, megabytes = value(sandbox, fill, replace(LIMITS, disk_mb=8))

    assert 16_000 < links < 16_384
    assert megabytes in (7, 8)


def test_cold_nothing_outlives_who_grades() -> None:
    # The learner's code has asked the kernel not to end it with its parent.
    code = """
import os
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
sandbox = Sandbox(isolation="bubblewrap-cold")
run = sandbox.open(Limits())
deaf = "import ctypes, time\\nctypes.CDLL(None).prctl(1, 0)\\nprint(1)"
for report in run.run_cells([(0, deaf)]):
    pass
print(*sandbox.usage.processes(), flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    [pid] = map(int, re.findall(r"\d+", done.stdout))
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{pid}").exists():
        os.sched_yield()
    assert not Path(f"/proc/{pid}").exists()


def test_a_full_disk_is_no_refused_namespace(tmp_path: Path) -> None:
    # More files than a submission's place has room for: the kernel's answer to that is the one to
    # too many namespaces.
    for number in range(17_000):
        (tmp_path / f"{number}.csv").touch()
    tmp_path.chmod(0o755)
    shown = ("--ro-bind", str(tmp_path), "/submission-data")
    with Sandbox(extra_arguments=shown) as sandbox:
        sandbox.data = {path.stem: path for path in tmp_path.iterdir()}
        with pytest.raises(SandboxError, match=r"set up: mounts: .*No space left on device"):
            sandbox.open(LIMITS, sandbox.data)
        assert sandbox.isolation == "bubblewrap"


def test_a_killed_warm_interpreter_is_started_anew() -> None:
    with Sandbox() as sandbox:
        assert value(sandbox, "result = 1") == 1
        os.kill(sandbox.usage.root, signal.SIGKILL)
        os.waitid(os.P_PID, sandbox.usage.root, os.WEXITED | os.WNOWAIT)

        assert value(sandbox, "result = 2") == 2


def test_magics_and_figures_do_not_stop_a_notebook(sandbox: Sandbox) -> None:
    code = (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nx = !ls"
    )

    with ran(sandbox, code) as run:
        assert run.reports[0].status in ("ok", "error")
    with ran(sandbox, code.rsplit("\n", 1)[0]) as run:
        assert run.reports[0].status == "ok"


def test_threads_of_libraries_are_found_without_proc(sandbox: Sandbox) -> None:
    code = """
import threadpoolctl
from sklearn.cluster import KMeans
labels = KMeans(2, random_state=0).fit([[0.0], [1.0], [9.0]]).labels_
result = [int(labels[0] == labels[1]), int(labels[0] == labels[2])]
result.append(sorted({lib["num_threads"] for lib in threadpoolctl.threadpool_info()}))
"""
    assert value(sandbox, code) == [1, 0, [1]]


LOCKED = """
import ctypes, threading
libc, kind, lock = ctypes.CDLL(None), (ctypes.c_char * 64)(), (ctypes.c_int * 16)()
libc.pthread_mutexattr_init(kind)
libc.pthread_mutexattr_settype(kind, 1)  # one that may be taken again by the thread that holds it
libc.pthread_mutex_init(lock, kind)
def owner():
    libc.pthread_mutex_lock(lock)
    return lock[2]
result = [owner(), threading.get_native_id()]
"""


def test_libc_knows_the_number_of_the_first_thread(sandbox: Sandbox) -> None:
    # Another thread with the number that it takes the first one for would share its locks.
    owner, number = value(sandbox, LOCKED)

    assert owner == number == 1


def test_what_the_exercises_import_is_there_already() -> None:
    code = (
        "import sys; result = sorted({'fastapi.testclient', 'skops.io', 'dask'} & set(sys.modules))"
    )

    with Sandbox(imports=("fastapi.testclient", "skops.io", "no_such_module")) as sandbox:
        assert value(sandbox, code) == ["fastapi.testclient", "skops.io"]


def test_the_warm_interpreter_has_one_thread(root: Path) -> None:
    # It is forked without what libraries ask to be done for the sake of other threads.
    with Sandbox(imports=desk.imports(find_all(root))) as sandbox:
        threads = [[*Path(f"/proc/{pid}/task").iterdir()] for pid in sandbox.usage.trusted]

    assert max(map(len, threads)) == 1


def test_a_fork_that_ends_before_it_tells_anything_is_named() -> None:
    assert walls.read_told(b"") == ["fork", 0, "the fork said nothing"]
