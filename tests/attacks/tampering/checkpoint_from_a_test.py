"""Attacks the checkpoint from the fork of a test: signals, ptrace, memory, shared pages.

ends: ok
earns: 0
"""

# %%
import ctypes
import mmap
import os
import signal

shared = mmap.mmap(-1, 4096)
libc = ctypes.CDLL(None, use_errno=True)


# %% clean
def clean(table):
    shared.seek(0)
    shared.write(table.to_csv().encode()[:4000])
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGSEGV):
        try:
            os.kill(1, number)
            os.kill(-1, signal.SIGCONT)
        except OSError:
            pass
    word = ctypes.create_string_buffer(b"\xcc" * 8)
    libc.ptrace(16, 1, None, None)
    libc.process_vm_writev(1, word, 1, word, 1, 0)
    open("/submission/seen", "w").write(table.to_csv())
    raise ValueError("nothing happened")


# %% label_counts
def label_counts(table):
    raise ValueError(shared[:4000].decode() + open("/submission/seen").read())
