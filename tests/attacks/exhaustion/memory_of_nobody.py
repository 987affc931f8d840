"""Hides memory where no process has it mapped: memory files, System V segments, sockets, pipes.

ends: ok
earns: full
"""

# %%
import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
libc.shmdt.argtypes = [ctypes.c_void_p]
kept, hidden_mb = [], 0
try:
    for _ in range(10):
        kept.append(os.memfd_create("hidden"))
        for _ in range(8):
            os.write(kept[-1], bytes(2**20))
            hidden_mb += 1
except OSError:
    pass
for _ in range(5):
    segment = libc.shmget(0, ctypes.c_size_t(20 * 2**20), 0o1600)
    if segment < 0:
        break
    place = libc.shmat(segment, None, 0)
    ctypes.memset(place, 1, 20 * 2**20)
    libc.shmdt(place)
    hidden_mb += 20
if hidden_mb > 16:
    print("WON", hidden_mb, "MB")
for descriptor in kept:
    os.close(descriptor)
pairs = []
try:
    while len(pairs) < 60:
        pair = socket.socketpair()
        pairs.append(pair)
        pair[0].setblocking(False)
        pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**30)
        try:
            while True:
                pair[0].send(bytes(2**16))
        except BlockingIOError:
            pass
except OSError:
    pass
for pair in pairs:
    pair[0].close()
    pair[1].close()
