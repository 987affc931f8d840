"""Hides memory in the kernel: full pairs of sockets in many processes, some sent and closed.

ends: memory|timeout
earns: full
"""

# %%
import contextlib
import os
import socket
import time

end = time.monotonic() + 12
BLOCK = bytes(2**16)


def full_pair():
    pair = socket.socketpair()
    for one in pair:
        one.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                one.send(BLOCK)
    return pair


def hide():
    carrier, kept = socket.socketpair(), []
    with contextlib.suppress(OSError):
        while len(kept) < 100:
            kept.append(full_pair())
            if len(kept) % 10 == 0:
                first, second = kept[-1]
                with contextlib.suppress(OSError):  # so many are in flight already
                    socket.send_fds(carrier[0], [b"x"], [first.fileno(), second.fileno()])
                    first.close()
                    second.close()
    time.sleep(max(end - time.monotonic(), 0))
    return len(kept)


for _ in range(24):
    if os.fork() == 0:
        os._exit(hide() > 90)
won = sum(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(24))
if won > 20:
    print("WON", won * 90 * 400 // 1000, "MB in the kernel, in no process")
