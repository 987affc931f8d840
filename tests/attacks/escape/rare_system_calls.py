"""Uses parts of the kernel that no notebook needs: io_uring, bpf, keys, perf, userfaultfd, kexec.

ends: ok
earns: full
"""

# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
space = ctypes.create_string_buffer(4096)
if os.uname().machine == "x86_64":
    calls = {
        "io_uring_setup": (425, 8, space),
        "bpf": (321, 0, space, 128),
        "add_key": (248, b"user", b"a", b"b", 1, -3),
        "keyctl": (250, 0, -3, 1),
        "request_key": (249, b"user", b"a", None, -3),
        "perf_event_open": (298, space, 0, -1, -1, 0),
        "userfaultfd": (323, 0),
        "kexec_load": (246, 0, 0, None, 0),
        "init_module": (175, space, 10, b""),
        "swapon": (167, b"/submission", 0),
        "acct": (163, b"/submission/x"),
        "syslog": (103, 3, space, 100),
        "reboot": (169, 0xFEE1DEAD, 672274793, 0, None),
        "settimeofday": (164, space, None),
        "iopl": (172, 3),
        "ptrace": (101, 0, 0, 0, 0),
        "kcmp": (312, os.getpid(), 1, 0, 0, 0),
        "pidfd_getfd": (438, 3, 0, 0),
        "quotactl": (179, 0, None, 0, None),
        "process_vm_readv": (310, 1, space, 0, space, 0, 0),
        "memfd_create": (319, b"x", 0),
        "shmget": (29, 0, 4096, 0o1600),
        "msgget": (68, 0, 0o1600),
        "semget": (64, 0, 1, 0o1600),
    }
    for name, (number, *arguments) in calls.items():
        if libc.syscall(number, *arguments) >= 0:
            print("WON", name)
