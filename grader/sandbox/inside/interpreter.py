"""What runs inside the wall: a warm interpreter, a fork per submission, a fork per test.

How it works. `sandbox` starts `main` in bubblewrap, with one end of a socket pair:

    warm interpreter            imports once, never runs learner code; opens and ends submissions
      └─ keeper                 new user, pid, mount and ipc namespaces; only waits
           └─ checkpoint        pid 1 of its namespace: runs the notebook; has a socket of its own
                └─ test fork    starts from the state after the notebook; a socket of its own

From the checkpoint on everything may be hostile: learner code can patch any function of this
file. So nothing here decides anything. It answers requests, and what it answers is read as inert
data by a process that it cannot reach. Ending a submission kills pid 1 of its namespace, which
makes the kernel kill whatever the learner started.

Only the standard library is imported at top level; the layer test keeps it so.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import random
import resource
import signal
import socket
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.sandbox.inside.answers import Answers, Capped
from grader.wire import message as wire
from grader.wire import raised

WORK = Path("/submission")
DATA = Path("/submission-data")
CONTROL_BYTES = 64 * 2**20
NOBODY = 65534
# Room for threads' stacks and arenas. Pages that are only read cost no memory that is counted, but
# their tables do: this bounds them.
ADDRESS_BYTES = 8 * 2**30
OPEN_FILES = 256
WARM_IMPORTS = (
    "numpy",
    "pandas",
    "pyarrow",
    "matplotlib.pyplot",  # its first import in a new home looks at every font: learners like plots
)
# linux/sched.h, linux/mount.h, linux/prctl.h
_NEW_USER, _NEW_PID, _NEW_MOUNT = 0x10000000, 0x20000000, 0x00020000
_NEW_IPC, _NEW_NETWORK = 0x08000000, 0x40000000
_NO_SUID, _NO_DEV, _BIND = 2, 4, 4096
_PDEATHSIG, _DUMPABLE, _SECCOMP, _CAPBSET_DROP, _NO_NEW_PRIVS, _CAP_AMBIENT = 1, 4, 22, 24, 38, 47
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}


# ---------------------------------------------------------------- the warm interpreter


def main(descriptor: int, *, work: str = "", walled: bool = True) -> None:
    """Import what notebooks import, say hello, then open and end submissions until told to stop.

    The first message names what the course's exercises import beside the usual.
    """
    control = socket.socket(fileno=descriptor)
    if walled and os.getuid() == 0:
        _become_nobody()
    if walled:
        # A submission's processes have our user id: being undumpable keeps them out of our memory.
        _prctl(_DUMPABLE, 0)
    shell = _warm_up(wire.receive(control, CONTROL_BYTES)["imports"])
    wire.send(control, {"hello": os.getpid()})
    _serve(control, shell, Path(work) if work else WORK)


def _become_nobody() -> None:
    # Not root in any namespace, so that limits on processes bind (the kernel exempts user 0).
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _warm_up(more: list[str]) -> Any:
    gc.disable()  # imports make much and drop little
    for name in WARM_IMPORTS:
        importlib.import_module(name)
    _import_more(more)
    import grader

    # In the learner's own kernel these run the visible tests; here others do the checking.
    vars(grader).update(check=_say_nothing, hint=_say_nothing)
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False  # its thread and database would not survive a fork
    shell = InteractiveShell.instance(config=config)
    shell.showtraceback = shell.showsyntaxerror = _say_nothing
    shell.enable_gui = _say_nothing  # %matplotlib inline
    shell.display_formatter.active_types = ["text/plain"]  # nobody looks at the others
    gc.collect()
    gc.freeze()  # collections in the forks would touch, and so copy, every page
    gc.enable()
    return shell


def _import_more(names: list[str]) -> None:
    # skops imports all of scikit-learn, whose array adapters import dask where it is installed:
    # slow, and in want of a /proc, which "cold" does not have (dask 2026.8, psutil 7.2).
    sys.modules.setdefault("dask", None)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            with contextlib.suppress(Exception):  # a notebook that needs it will say so
                importlib.import_module(name)
    if sys.modules["dask"] is None:
        del sys.modules["dask"]
    # Submissions have no /proc, but threadpoolctl (3.8) saw one when it was imported, and would
    # look there: KMeans failed.
    vars(importlib.import_module("threadpoolctl")).update(_HAS_PROCFS=False)


def _say_nothing(*_: Any, **__: Any) -> None:
    """Replace IPython's tracebacks: errors are reported by `_run_cell`."""


def _serve(control: socket.socket, shell: Any, work: Path) -> None:
    keeper = init = 0
    while True:
        mark, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not mark:
            os._exit(0)
        if mark == b"o":
            spec = wire.receive(control, CONTROL_BYTES)
            begin = time.monotonic()
            keeper, init, forked, failed = _start(descriptors[0], spec, shell, work)
            os.close(descriptors[0])
            took = {"fork": forked - begin, "namespaces": time.monotonic() - forked}
            wire.send(control, {"failed": failed, "seconds": took})
        else:
            wire.send(control, {"memory_mb": _end(keeper, init)})


def _start(
    descriptor: int, spec: dict[str, Any], shell: Any, work: Path
) -> tuple[int, int, float, str]:
    """Fork the keeper; return its pid and the checkpoint's, when it ran, and what went wrong."""
    reading, writing = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        _never_return(lambda: _keep(descriptor, writing, spec, shell, work))
    forked = time.monotonic()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode(errors="replace").splitlines()
    init = int(said[0]) if said and said[0].isdigit() else 0
    failed = "" if "ready" in said else (said[-1] if said else "the fork said nothing")
    if failed:
        _end(keeper, init)
    return keeper, init, forked, failed


def _end(keeper: int, init: int) -> float:
    """Kill a submission and all that it started; return the largest process's memory in MB."""
    gone, _, usage = os.wait4(keeper, os.WNOHANG)
    if not gone:
        with contextlib.suppress(ProcessLookupError):
            os.kill(init or keeper, signal.SIGKILL)
        _, _, usage = os.wait4(keeper, 0)
    return usage.ru_maxrss / 1024


def _never_return(body: Callable[[], None]) -> None:
    try:
        body()
    except BaseException:  # noqa: BLE001 - a fork must not fall back into its parent's loop
        traceback.print_exc()
    finally:
        os._exit(1)


# ---------------------------------------------------------------- the walls of one submission


def _keep(descriptor: int, pipe: int, spec: dict[str, Any], shell: Any, work: Path) -> None:
    try:
        _close_all_but(descriptor, pipe)
        if spec["nested"]:
            _enter_namespaces()
        init = os.fork()
        if init == 0:
            _never_return(lambda: _inside(descriptor, pipe, spec, shell, work))
    except OSError as error:
        os.write(pipe, f"\n{error}\n".encode())
        os._exit(1)
    os.write(pipe, f"{init}\n".encode())
    _close_all_but()
    os.waitpid(init, 0)
    os._exit(0)


def _inside(descriptor: int, pipe: int, spec: dict[str, Any], shell: Any, work: Path) -> None:
    try:
        # Signals and priorities for a process group reach beyond a pid namespace.
        os.setsid()
        if spec["walled"]:
            _prctl(_PDEATHSIG, signal.SIGKILL)
        if spec["nested"]:
            _mount_own_view(spec["disk_mb"], spec["data"])
        _limit(spec)
        if spec["walled"]:
            _drop_privileges(spec["seccomp"])
        _settle(work)
    except OSError as error:
        os.write(pipe, f"{error}\n".encode())
        os._exit(1)
    os.write(pipe, b"ready\n")
    os.close(pipe)
    _checkpoint(socket.socket(fileno=descriptor), spec, shell)


def _close_all_but(*kept: int) -> None:
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, 4096)


def _enter_namespaces() -> None:
    uid, gid = os.getuid(), os.getgid()
    _prctl(_DUMPABLE, 1)  # /proc/self/uid_map belongs to root in an undumpable process
    # A network too, though there is none: one submission could read the ports that another one
    # had closed (tests/attacks/smuggled_inputs/closed_ports.py).
    _call("unshare", _NEW_USER | _NEW_PID | _NEW_MOUNT | _NEW_IPC | _NEW_NETWORK)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _mount_own_view(disk_mb: int, data: list[str]) -> None:
    """Give the submission one small writable place and its data; cover what is left of the host."""
    flags = _NO_SUID | _NO_DEV
    options = f"size={disk_mb}m,nr_inodes=16384,mode=0700".encode()
    _call("mount", b"tmpfs", os.fsencode(WORK), b"tmpfs", flags, options)
    (WORK / "data").mkdir()
    for name in data:
        (WORK / "data" / name).touch()
        source, target = DATA / name, WORK / "data" / name
        _call("mount", os.fsencode(source), os.fsencode(target), None, _BIND, None)
    (WORK / ".tmp").mkdir()
    for shared in ("/tmp", "/dev/shm"):  # noqa: S108 - the sandbox's own
        _call("mount", os.fsencode(WORK / ".tmp"), os.fsencode(shared), None, _BIND, None)
    # The outer /proc shows processes outside this submission, and cannot be mounted anew in here.
    for covered in (os.fsencode(DATA), b"/proc"):
        _call("mount", b"tmpfs", covered, b"tmpfs", flags | 1, b"size=4k,nr_inodes=2")


def _limit(spec: dict[str, Any]) -> None:
    seconds = int(spec["notebook_seconds"] + spec["test_seconds"]) + 1
    memory, disk = spec["memory_mb"] * 2**20, spec["disk_mb"] * 2**20
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_AS: memory + ADDRESS_BYTES,
        resource.RLIMIT_FSIZE: disk,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if spec["walled"]:
        limits[resource.RLIMIT_NPROC] = spec["processes"]
    for which, value in limits.items():
        _, hard = resource.getrlimit(which)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def _drop_privileges(seccomp: bytes) -> None:
    _prctl(_CAP_AMBIENT, 4)
    for capability in range(64):
        with contextlib.suppress(OSError):  # EINVAL past the last; EPERM where we never had any
            _prctl(_CAPBSET_DROP, capability)
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _call("syscall", _SYS_CAPSET[os.uname().machine], ctypes.byref(header), ctypes.byref(none))
    _prctl(_NO_NEW_PRIVS, 1)
    if seccomp:
        program = ctypes.create_string_buffer(seccomp, len(seccomp))
        length = ctypes.c_ushort(len(seccomp) // 8)
        fprog = (ctypes.c_uint64 * 2)(length.value, ctypes.addressof(program))
        _prctl(_SECCOMP, 2, ctypes.addressof(fprog))


def _settle(work: Path) -> None:
    os.chdir(work)
    os.environ.update(
        HOME=str(work), MPLCONFIGDIR=str(work / ".tmp"), IPYTHONDIR=str(work / ".tmp")
    )
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def _call(name: str, *arguments: Any) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def _prctl(option: int, value: int, extra: int = 0) -> None:
    argument = ctypes.c_ulong
    _call("prctl", option, argument(value), argument(extra), argument(0), argument(0))


# ---------------------------------------------------------------- the notebook


def _checkpoint(control: socket.socket, spec: dict[str, Any], shell: Any) -> None:
    import numpy as np

    random.seed(0)
    np.random.seed(0)  # learners' unseeded draws repeat from run to run
    test = 0
    while True:
        mark, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not mark:
            os._exit(0)
        if mark == b"r":
            cells = wire.receive(control, CONTROL_BYTES)
            _run_cells(control, shell, cells, spec["output_kb"] * 1024)
        elif mark == b"t":
            test = os.fork()
            if test == 0:
                control.close()
                answering = socket.socket(fileno=descriptors[0])
                _never_return(Answers(answering, shell.user_ns, spec).serve)
            os.close(descriptors[0])
        else:
            _kill_test(test)
            wire.send(control, {"ended": True})


def _run_cells(control: socket.socket, shell: Any, cells: list[Any], output_bytes: int) -> None:
    printed = Capped(output_bytes)
    for index, source in cells:
        wire.send(control, {"start": index})
        start = printed.tell()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            error = _run_cell(shell, source)
        status = "output" if printed.full else ("error" if error else "ok")
        stdout = printed.getvalue()[start:][:20_000]
        wire.send(control, {"cell": index, "status": status, "error": error, "stdout": stdout})
    wire.send(control, {"done": True})


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
