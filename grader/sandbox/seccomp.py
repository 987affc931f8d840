"""The system calls that nothing inside may make, as a filter that the kernel runs."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import tempfile

# With these, learner code could build mounts or processes around the wall, reach kernel parts that
# no notebook needs, or take memory that belongs to no process and so is counted nowhere. Not in
# the list: what the namespaces already make harmless.
FORBIDDEN_CALLS = """
    acct add_key adjtimex bpf chroot clock_adjtime clock_settime delete_module finit_module fsconfig
    fsmount fsopen fspick init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl
    kcmp kexec_file_load kexec_load keyctl memfd_create memfd_secret mount mount_setattr move_mount
    msgget name_to_handle_at open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root
    process_vm_readv process_vm_writev ptrace quotactl reboot request_key semget setns settimeofday
    shmget swapoff swapon syslog umount2 unshare userfaultfd vhangup
"""


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


@functools.cache
def system_call_filter() -> bytes:
    """Compile the seccomp filter with libseccomp; empty where the library is missing."""
    name = ctypes.util.find_library("seccomp")
    if name is None:
        return b""
    library = ctypes.CDLL(name)
    library.seccomp_init.restype = ctypes.c_void_p
    allow, refuse, unknown = 0x7FFF0000, 0x00050001, 0x00050026  # EPERM, ENOSYS
    equal, greater, masked = 4, 6, 7
    context = ctypes.c_void_p(library.seccomp_init(allow))

    def rule(action: int, call: str, *where: _Comparison) -> None:
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            array = (_Comparison * max(len(where), 1))(*where)
            library.seccomp_rule_add_array(context, action, number, len(where), array)

    for call in FORBIDDEN_CALLS.split():
        rule(refuse, call)
    rule(refuse, "clone", _Comparison(0, masked, 0x10000000, 0x10000000))  # CLONE_NEWUSER
    rule(unknown, "clone3")  # its flags lie in memory; libc falls back to clone
    for family in (*range(3, 10), 16, 17):  # all but AF_UNIX and the internet's
        rule(refuse, "socket", _Comparison(0, equal, family, 0))
    rule(refuse, "socket", _Comparison(0, greater, 17, 0))
    with tempfile.TemporaryFile() as file:
        library.seccomp_export_bpf(context, file.fileno())
        library.seccomp_release(context)
        file.seek(0)
        return file.read()
