"""Leaves shared memory of every kind, semaphores, message queues and locks.

ends: ok
earns: full
"""

# %%
import ctypes
import fcntl
import mmap
import multiprocessing.shared_memory
import os

libc = ctypes.CDLL(None, use_errno=True)
for size in (4096, 2**20):
    libc.shmget(0xBAD + size, size, 0o1666)
libc.msgget(0xBAD, 0o1666)
libc.semget(0xBAD, 3, 0o1666)
try:
    multiprocessing.shared_memory.SharedMemory("bad", create=True, size=4096)
except OSError:
    pass
libc.mq_open(b"/bad", os.O_CREAT | os.O_RDWR, 0o666, None)
libc.sem_open(b"/bad", os.O_CREAT, 0o666, 1)
shared = mmap.mmap(-1, 2**20)
for path in (os.__file__, "/grader-package/grader/wire/message.py", "/dev/null"):
    try:
        fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pass
