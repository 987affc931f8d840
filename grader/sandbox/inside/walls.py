"""What is around one submission: namespaces, mounts and limits of its own, and no privileges."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import resource
import signal
import socket
import struct
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.sandbox.inside.marks import DATA, NOBODY, WORK, Step

# Room for threads' stacks and arenas. Pages that are only read cost no memory that is counted, but
# their tables do: this bounds them.
ADDRESS_BYTES = 8 * 2**30
OPEN_FILES = 256
# Counted for the user, so what one submission uses up another would miss. Timers wait with one.
PENDING_SIGNALS = 256
PSEUDOTERMINALS = 16  # of one machine there are some thousands; `!ls` takes one
_READY = b"ready"
# linux/sched.h, linux/mount.h, linux/prctl.h
_NEW_USER, _NEW_PID, _NEW_MOUNT = 0x10000000, 0x20000000, 0x00020000
_NEW_IPC, _NEW_NETWORK = 0x08000000, 0x40000000
_CHILD_SETTID, _CHILD_CLEARTID = 0x01000000, 0x00200000
_NO_SUID, _NO_DEV, _BIND = 2, 4, 4096
_UP, _SET_FLAGS = 1, 0x8914  # linux/if.h, linux/sockios.h
_PDEATHSIG, _DUMPABLE, _SECCOMP, _CAPBSET_DROP, _NO_NEW_PRIVS, _CAP_AMBIENT = 1, 4, 22, 24, 38, 47
_GET_TID_ADDRESS = 40
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
_SYS_CLONE = {"x86_64": 56, "aarch64": 220}


class Unready(Exception):
    """Tell which step failed, with its error's number and words."""


def become(user: int) -> None:
    """Leave root for good, and keep the submissions to come out of this process's memory."""
    if os.getuid() == 0:
        # Not root in any namespace, so that limits on processes bind (the kernel exempts user 0).
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    # A submission's processes have our user id: being undumpable keeps them out of our memory.
    _prctl(_DUMPABLE, 0)


def view_of_one(user: int, disk_mb: int, data: list[str]) -> None:
    """Mount what the one submission of a sandbox sees, while there is a right to mount.

    Some systems refuse that to whatever bubblewrap starts. Its own places have to do then: their
    size is fixed, and the number of their files is not limited.
    """
    library = ctypes.CDLL(None)
    library.setfsgid(user)  # the places are the submission's
    library.setfsuid(user)
    try:
        _call("unshare", _NEW_MOUNT)
        _mount_own_view(disk_mb, data)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EACCES):
            raise
        (WORK / "data").symlink_to(DATA)


def never_return(body: Callable[[], None]) -> None:
    """Run what a fork is for, and end it."""
    try:
        body()
    except BaseException:  # noqa: BLE001 - a fork must not fall back into its parent's loop
        traceback.print_exc()
    finally:
        os._exit(1)


def fork(spec: dict[str, Any]) -> int:
    """Fork, where the spec says `nested` into namespaces of its own; return as `os.fork` does.

    Such a child is the first process of its namespace, without a process between that would be a
    copy of this one, too: to make one is the largest part of what a submission costs here. Raises
    Unready where the system refuses it.
    """
    if not spec["nested"]:
        with _step(Step.FORK):
            return os.fork()
    with _step(Step.NAMESPACES):
        return _clone()


def _clone() -> int:
    # A network too, in which it is alone: one submission could read the ports that another one
    # had closed (tests/attacks/smuggled_inputs/closed_ports.py).
    new = _NEW_USER | _NEW_PID | _NEW_MOUNT | _NEW_IPC | _NEW_NETWORK
    # libc keeps a thread's number where the kernel writes it for the child as well.
    place = ctypes.c_void_p()
    _call("prctl", _GET_TID_ADDRESS, ctypes.byref(place), 0, 0, 0)
    new |= _CHILD_SETTID | _CHILD_CLEARTID
    # ARM has the last two in the other order.
    last = (place, None) if os.uname().machine == "x86_64" else (None, place)
    # What os.fork does around the system call; the lock of the interpreter is kept.
    python = ctypes.PyDLL(None, use_errno=True)
    python.PyOS_BeforeFork()
    pid = int(
        python.syscall(_SYS_CLONE[os.uname().machine], new | signal.SIGCHLD, None, None, *last)
    )
    code = ctypes.get_errno()
    if pid == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(code, f"clone: {os.strerror(code)}")
    return pid


def inside(
    descriptor: int, pipe: int, spec: dict[str, Any], work: Path, within: Callable[[], None]
) -> None:
    """Put up the walls of one submission around this process, and go on `within` them.

    Nothing but `descriptor` is left open in there. The pipe is told that it is ready, or the step
    that failed, in a line for `read_told`.
    """
    close_all_but(descriptor, pipe)
    try:
        put_up(spec, work)
    except Unready as failed:
        os.write(pipe, "{} {} {}".format(*failed.args).encode())
        os._exit(1)
    os.write(pipe, _READY)
    os.close(pipe)
    within()


def put_up(spec: dict[str, Any], work: Path) -> None:
    """Put up the walls of one submission around this process, for good; raise Unready."""
    if spec["nested"]:
        with _step(Step.NAMESPACES):
            _settle_namespaces(*spec["ids"])
    with _step(Step.PRIVILEGES):
        # Signals and priorities for a process group reach beyond a pid namespace.
        os.setsid()
        if spec["walled"]:
            _prctl(_PDEATHSIG, signal.SIGKILL)
    if spec["nested"]:
        with _step(Step.MOUNTS):
            _mount_own_view(spec["disk_mb"], spec["data"])
    with _step(Step.LIMITS):
        _limit(spec)
    if spec["walled"]:
        with _step(Step.PRIVILEGES):
            _drop_privileges(spec["filters"])
    with _step(Step.PLACES):
        _settle(work)


@contextlib.contextmanager
def _step(step: Step) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unready(step.value, error.errno or 0, str(error)) from None


def read_told(text: bytes) -> list[Any]:
    """Take from what a fork told what failed: step, number and words, or nothing."""
    if text == _READY:
        return []
    if not text:
        return [Step.FORK.value, 0, "the fork said nothing"]
    step, number, words = text.decode(errors="replace").split(" ", 2)
    return [step, int(number), words]


def close_all_but(*kept: int) -> None:
    """Close all descriptors but the standard ones and those."""
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, 4096)


def _settle_namespaces(uid: int, gid: int) -> None:
    """Be nobody in the new user namespace, who is this user outside."""
    _prctl(_DUMPABLE, 1)  # /proc/self/uid_map belongs to root in an undumpable process
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")
    _bring_up_loopback()


def _bring_up_loopback() -> None:
    """Let a notebook reach its own servers: there is nobody else in its network."""
    request = struct.pack("16sH14x", b"lo", _UP)
    with contextlib.suppress(OSError), socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, request)


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
    options = f"newinstance,ptmxmode=0666,mode=0620,max={PSEUDOTERMINALS}".encode()
    _call("mount", b"devpts", b"/dev/pts", b"devpts", _NO_SUID, options)
    # The outer /proc shows processes outside this submission, and cannot be mounted anew in here.
    for covered in filter(os.path.exists, (os.fsencode(DATA), b"/proc")):
        _call("mount", b"tmpfs", covered, b"tmpfs", flags | 1, b"size=4k,nr_inodes=2")


def _limit(spec: dict[str, Any]) -> None:
    # Of this process's own seconds some may be gone: "cold", it has imported all by itself.
    seconds = int(spec["notebook_seconds"] + spec["test_seconds"] + time.process_time()) + 1
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
        resource.RLIMIT_SIGPENDING: PENDING_SIGNALS,
    }
    if spec["walled"]:
        limits[resource.RLIMIT_NPROC] = spec["processes"]
    for which, value in limits.items():
        _, hard = resource.getrlimit(which)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def _drop_privileges(filters: list[bytes]) -> None:
    _prctl(_CAP_AMBIENT, 4)
    for capability in range(64):
        with contextlib.suppress(OSError):  # EINVAL past the last; EPERM where we never had any
            _prctl(_CAPBSET_DROP, capability)
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _call("syscall", _SYS_CAPSET[os.uname().machine], ctypes.byref(header), ctypes.byref(none))
    _prctl(_NO_NEW_PRIVS, 1)
    for each in filters:
        program = ctypes.create_string_buffer(each, len(each))
        fprog = (ctypes.c_uint64 * 2)(len(each) // 8, ctypes.addressof(program))
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
