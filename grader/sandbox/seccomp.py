"""The system calls that what runs inside may make, as filters that the kernel runs.

What is not listed does not exist in there (ENOSYS): calls that no notebook needs, those that a
later kernel brings, and those of other architectures. Programs take that for an older kernel.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import functools
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from grader.errors import SandboxError

LIBRARY = "libseccomp.so.2"
INSTALL_LIBSECCOMP = (
    "libseccomp is not installed, and learners' code is not run without it: "
    "apt install libseccomp2 (Debian, Ubuntu) or dnf install libseccomp (Fedora)"
)
# By `platform.machine`: the kernel's name of the architecture (linux/audit.h).
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# A call that an architecture lacks is left out there. Not in the lists, beside what nobody needs:
# what pins memory or counts against the user without a process that holds it (splice and its
# kin, sendfile, memory files, epoll, inotify, io_uring, message queues, asynchronous I/O, keys),
# and what tells of the host (statmount, listmount, file handles).
ALLOWED_CALLS = {
    "open files, and read and write them": """
        access chdir chmod chown close close_range creat dup dup2 dup3 faccessat faccessat2
        fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fdatasync flock fstat
        fstatfs fsync ftruncate futimesat getcwd getdents getdents64 lchown link linkat lseek lstat
        mkdir mkdirat mknod mknodat newfstatat open openat openat2 pread64 preadv preadv2 pwrite64
        pwritev pwritev2 read readahead readlink readlinkat readv rename renameat renameat2 rmdir
        stat statfs statx symlink symlinkat sync_file_range truncate umask unlink unlinkat utime
        utimensat utimes write writev
    """,
    "copy them: within the small disk, so nothing is pinned": "copy_file_range",
    "extended attributes, which `shutil.copy2` and `ls` ask for": """
        fgetxattr flistxattr getxattr lgetxattr listxattr llistxattr
    """,
    "memory": """
        brk madvise map_shadow_stack mincore mlock mlock2 mlockall mmap mprotect mremap msync
        munlock munlockall munmap
    """,
    "processes and threads: fork, subprocess, multiprocessing": """
        execve execveat exit exit_group fork futex get_robust_list getcpu getpgid getpgrp getpid
        getppid getsid gettid membarrier pidfd_open restart_syscall rseq set_robust_list
        set_tid_address setpgid setsid vfork wait4 waitid
    """,
    "their rights, of which there are none to gain": """
        capget capset getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid setfsuid
        setgid setgroups setregid setresgid setresuid setreuid setuid
    """,
    "signals": """
        kill pause pidfd_send_signal rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
        rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sigaltstack signalfd signalfd4
        tgkill tkill
    """,
    "wait for several things, as asyncio does": """
        eventfd eventfd2 pipe pipe2 poll ppoll pselect6 select
    """,
    "time and timers": """
        alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer
        time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create
        timerfd_gettime timerfd_settime times
    """,
    "what there is to use, and how much was used: joblib counts processors": """
        getpriority getrlimit getrusage prlimit64 sched_get_priority_max sched_get_priority_min
        sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval
        sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield setrlimit
        sysinfo uname
    """,
    "sockets: servers and clients of the notebook's own": """
        accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg
        recvmsg sendmmsg sendmsg sendto setsockopt shutdown socketpair
    """,
    "random numbers": "getrandom",
    "the start of a program on x86-64": "arch_prctl",
}
# Programs expect this answer from a system that lets them not; what asks for rights also asks
# whether it has them.
REFUSED_CALLS = """
    acct add_key adjtimex bpf chroot clock_adjtime clock_settime delete_module finit_module fsconfig
    fsmount fsopen fspick init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl
    kcmp kexec_file_load kexec_load keyctl memfd_create memfd_secret mount mount_setattr move_mount
    msgget name_to_handle_at open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root
    process_vm_readv process_vm_writev ptrace quotactl reboot request_key semget setdomainname
    sethostname setns settimeofday shmget swapoff swapon syslog umount2 unshare userfaultfd vhangup
"""
# As file systems without them answer: `shutil.copy2` would take another answer for an error.
NO_ATTRIBUTES = """
    fremovexattr fsetxattr lremovexattr lsetxattr removexattr setxattr
"""

# linux/sched.h, linux/socket.h, asm-generic/{socket,fcntl,ioctls}.h, linux/prctl.h
_NEW_USER, _SHARED_FILES, _THREAD = 0x10000000, 0x400, 0x10000
_FAMILIES = {"unix": 1, "internet": 2, "internet 6": 10}
_UDP = 17  # the last protocol that there is need of; multipath TCP is above it
_SOCKET_LEVEL = 1
_BUFFERS = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and with FORCE
_SOCKET_FILTERS = (26, 50, 51, 52)  # programs in the kernel: SO_ATTACH_FILTER, …
_TERMINALS, _NETWORK_DEVICES = 0x5400, 0x8900  # the second byte of an ioctl's number
_TERMINAL_TRICKS = (0x5412, 0x541C, 0x541D, 0x5423)  # TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD
# F_DUPFD … F_SETLKW, F_SETOWN … F_GETSIG, F_SETOWN_EX, F_GETOWN_EX, F_DUPFD_CLOEXEC, F_GETPIPE_SZ
_FILE_CONTROLS = (*range(12), 15, 16, 1030, 1032)
_LARGER_PIPE, _OPEN_FILE_LOCKS = 1031, (36, 37, 38)
# PR_{SET,GET}_PDEATHSIG, PR_GET_DUMPABLE, PR_GET_KEEPCAPS, PR_{SET,GET}_NAME, PR_GET_SECCOMP,
# PR_CAPBSET_READ, PR_{SET,GET}_TIMERSLACK, PR_{SET,GET}_CHILD_SUBREAPER,
# PR_{SET,GET}_NO_NEW_PRIVS, PR_{SET,GET}_THP_DISABLE; on arm64 the length of vectors, pointer
# authentication, tagged addresses
_PROCESS_CONTROLS = (1, 2, 3, 7, 15, 16, 21, 23, 29, 30, 36, 37, 38, 39, 41, 42, 50, 51, 54, 55, 56)
_SET_SECCOMP = 22
_QUERY_PERSONALITY = 0xFFFFFFFF
_WORD = 0xFFFFFFFF  # the kernel reads an int from the lower half of an argument


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def _masked(argument: int, mask: int, value: int) -> _Comparison:
    return _Comparison(argument, 7, mask, value)


def _is(argument: int, value: int) -> _Comparison:
    return _masked(argument, _WORD, value)


def _above(argument: int, value: int) -> _Comparison:
    return _Comparison(argument, 6, value, 0)


_ALLOW = 0x7FFF0000


def _answer(number: int) -> int:
    """Return the action that answers a call with an error; 0: with success, and nothing done."""
    return 0x00050000 | number


@functools.cache
def system_call_filters(machine: str = "") -> tuple[bytes, ...]:
    """Compile the filters for a machine, this one if none is named, in the order to install.

    The kernel takes the strictest answer, and of two errors that of the last filter. Raises
    SandboxError where there is no filter to be had.
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        raise SandboxError(
            f"this machine is {machine}, and the filter of system calls, without which learners' "
            f"code is not run, is made for {' and '.join(MACHINES)}: grade on one of these"
        )
    library = _library()
    return tuple(
        _compiled(library, machine, otherwise, rules)
        for otherwise, rules in ((_answer(errno.ENOSYS), _what_may_be), (_ALLOW, _what_may_not_be))
    )


def _library() -> ctypes.CDLL:
    try:
        # By its name first: to find it takes ldconfig or a compiler.
        library = ctypes.CDLL(LIBRARY)
    except OSError:
        name = ctypes.util.find_library("seccomp")
        if name is None:
            raise SandboxError(INSTALL_LIBSECCOMP) from None
        library = ctypes.CDLL(name)
    library.seccomp_init.restype = ctypes.c_void_p
    return library


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of one filter, as they are collected for one machine."""

    library: ctypes.CDLL
    machine: int
    context: ctypes.c_void_p

    def add(self, action: int, calls: str, *where: _Comparison) -> None:
        """Say what becomes of calls, all of them or those with such arguments."""
        for call in calls.split():
            number = self.library.seccomp_syscall_resolve_name_arch(self.machine, call.encode())
            if number >= 0:
                array = (_Comparison * max(len(where), 1))(*where)
                _done(
                    self.library.seccomp_rule_add_array(
                        self.context, action, number, len(where), array
                    )
                )


def _done(failed: int) -> None:
    if failed:
        raise SandboxError(f"libseccomp could not make the filter of system calls: error {-failed}")


def _what_may_be(rules: _Rules) -> None:
    for calls in ALLOWED_CALLS.values():
        rules.add(_ALLOW, calls)
    # Whether with these arguments is for the other filter to say.
    rules.add(_ALLOW, "clone setpriority socket")
    for calls, argument, values in (
        ("fcntl", 1, _FILE_CONTROLS),
        ("prctl", 0, (*_PROCESS_CONTROLS, _SET_SECCOMP)),  # the other filter has yet to come
        ("personality", 0, (_QUERY_PERSONALITY,)),
    ):
        for value in values:
            rules.add(_ALLOW, calls, _is(argument, value))
    for kind in (_TERMINALS, _NETWORK_DEVICES):
        rules.add(_ALLOW, "ioctl", _masked(1, 0xFF00, kind))


def _what_may_not_be(rules: _Rules) -> None:
    refused = _answer(errno.EPERM)
    rules.add(refused, REFUSED_CALLS)
    rules.add(_answer(errno.ENOTSUP), NO_ATTRIBUTES)
    rules.add(refused, "clone", _masked(0, _NEW_USER, _NEW_USER))
    # Who shares files with another process could leave locks behind that are nobody's.
    rules.add(refused, "clone", _masked(0, _SHARED_FILES | _THREAD, _SHARED_FILES))
    for family in {*range(max(_FAMILIES.values()))} - {*_FAMILIES.values()}:
        rules.add(refused, "socket", _is(0, family))
    rules.add(refused, "socket", _above(0, max(_FAMILIES.values())))
    rules.add(_answer(errno.EPROTONOSUPPORT), "socket", _above(2, _UDP))
    # A socket holds what its buffer holds, and is counted with what buffers are by themselves.
    for option in _BUFFERS:
        rules.add(_answer(0), "setsockopt", _is(1, _SOCKET_LEVEL), _is(2, option))
    for option in _SOCKET_FILTERS:
        rules.add(refused, "setsockopt", _is(1, _SOCKET_LEVEL), _is(2, option))
    for trick in _TERMINAL_TRICKS:
        rules.add(refused, "ioctl", _is(1, trick))
    rules.add(refused, "fcntl", _is(1, _LARGER_PIPE))  # pages of pipes are counted for the user
    for lock in _OPEN_FILE_LOCKS:
        rules.add(_answer(errno.EINVAL), "fcntl", _is(1, lock))
    rules.add(refused, "prctl", _is(0, _SET_SECCOMP))
    rules.add(refused, "setpriority", _above(0, 0))  # of groups, or of all that the user has
    rules.add(refused, "personality", _Comparison(0, 1, _QUERY_PERSONALITY, 0))


def _compiled(
    library: ctypes.CDLL, machine: str, otherwise: int, fill: Callable[[_Rules], None]
) -> bytes:
    with _context(library, otherwise) as context, tempfile.TemporaryFile() as file:
        if machine != platform.machine():
            _done(library.seccomp_arch_remove(context, 0))
            _done(library.seccomp_arch_add(context, MACHINES[machine]))
        fill(_Rules(library, MACHINES[machine], context))
        _done(library.seccomp_export_bpf(context, file.fileno()))
        file.seek(0)
        return file.read()


@contextmanager
def _context(library: ctypes.CDLL, otherwise: int) -> Iterator[ctypes.c_void_p]:
    context = ctypes.c_void_p(library.seccomp_init(otherwise))
    try:
        yield context
    finally:
        library.seccomp_release(context)
