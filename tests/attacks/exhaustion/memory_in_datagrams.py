"""Hides memory in the kernel: sends datagrams that nobody reads, from sockets that are closed.

ends: memory|timeout
earns: full
"""

# %%
import contextlib
import itertools
import os
import socket
import time

DATAGRAM = bytes(200_000)
end = time.monotonic() + 12
reading, writing = os.pipe()
receivers = []


def fill():
    for number in itertools.count():
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.bind(f"\0{os.getpid()}-{number}")
        receivers.append(receiver)
        with contextlib.suppress(BlockingIOError):
            for _ in range(50):
                with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                    sender.setblocking(False)
                    sender.sendto(DATAGRAM, receiver.getsockname())
                    os.write(writing, b"x")
        if time.monotonic() > end or number > 100:
            return


for _ in range(8):
    if os.fork() == 0:
        try:
            fill()
        finally:
            time.sleep(20)
            os._exit(0)
hidden = 0
os.set_blocking(reading, False)
while time.monotonic() < end and hidden < 1_300_000_000:
    with contextlib.suppress(BlockingIOError):
        hidden += len(os.read(reading, 2**16)) * len(DATAGRAM)
    time.sleep(0.01)
if hidden > 1_100_000_000:
    time.sleep(2)
    print("WON", hidden // 1_000_000, "MB in the kernel, in no process")
