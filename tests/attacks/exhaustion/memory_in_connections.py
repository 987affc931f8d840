"""Hides memory in the kernel: fills connections by TCP on the loopback that nobody accepts.

ends: memory|timeout
earns: full
"""

# %%
import contextlib
import socket
import time

hidden = 0
end = time.monotonic() + 12
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen(4096)
while hidden < 1_500_000_000 and time.monotonic() < end:
    one = socket.create_connection(listening.getsockname())
    one.setblocking(False)
    late = time.monotonic() + 0.02  # what is under way makes room again
    while time.monotonic() < late:
        with contextlib.suppress(BlockingIOError):
            hidden += one.send(bytes(2**16))
    one.close()
if hidden > 1_100_000_000:
    time.sleep(2)  # who looks on has seen it by now
    print("WON", hidden // 1_000_000, "MB in the kernel, in no process")
