"""Hides memory in the kernel: fills connections to itself that nobody accepts, and closes them.

ends: memory|timeout
earns: full
"""

# %%
import contextlib
import socket
import time

hidden, kept = 0, []
end = time.monotonic() + 10


def fill(one):
    global hidden
    one.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while time.monotonic() < end:
            hidden += one.send(bytes(2**16))


def unaccepted(kind):
    listening = socket.socket(socket.AF_UNIX, kind)
    listening.bind(f"\0own-listener-{kind}")
    listening.listen(4096)
    kept.append(listening)
    while hidden < 1_500_000_000 and time.monotonic() < end:
        one = socket.socket(socket.AF_UNIX, kind)
        one.setblocking(False)
        one.connect(f"\0own-listener-{kind}")
        fill(one)
        one.close()


for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
    with contextlib.suppress(OSError):
        unaccepted(kind)
if hidden > 1_000_000_000:
    time.sleep(2)  # who looks on has seen it by now
    print("WON", hidden // 1_000_000, "MB in the kernel, in no process")
