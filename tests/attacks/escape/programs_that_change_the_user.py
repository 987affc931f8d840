"""Runs set-user-id programs and sets user, group and capabilities.

ends: ok
earns: full
"""

# %%
import ctypes
import os
import subprocess

before = os.getresuid(), os.getresgid(), os.getgroups()
libc = ctypes.CDLL(None, use_errno=True)
for program in (
    ["su", "-c", "id"],
    ["sudo", "-n", "id"],
    ["mount"],
    ["newgrp"],
    ["passwd", "-S"],
    ["unshare", "-Ur", "id"],
    ["bwrap", "--bind", "/", "/", "id"],
    ["nsenter", "-t", "1", "-a", "id"],
):
    try:
        done = subprocess.run(
            program, capture_output=True, timeout=1, text=True, stdin=subprocess.DEVNULL
        )
        if "uid=0" in done.stdout:
            print("WON", program)
    except (OSError, subprocess.TimeoutExpired):
        pass
for change in (
    lambda: os.setuid(0),
    lambda: os.setresuid(1, 1, 1),
    lambda: os.setgroups([0]),
    lambda: os.setgid(0),
):
    try:
        change()
        print("WON", os.getresuid(), os.getresgid())
    except OSError:
        pass
libc.prctl(8, 1, 0, 0, 0)  # PR_SET_KEEPCAPS
header, all_of_them = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
if libc.syscall(126, header, all_of_them) == 0:
    print("WON capset")
if libc.prctl(39, 0, 0, 0, 0) != 1 or (os.getresuid(), os.getresgid(), os.getgroups()) != before:
    print("WON privileges")
