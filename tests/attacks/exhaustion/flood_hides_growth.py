"""Never stops sending while its children grow, so that nobody would find time to look.

ends: memory|timeout
earns: full
"""

# %%
import os
import socket
import stat
import time

from grader.wire import message as wire

for descriptor in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            control = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        pass
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(os.urandom(1)) * (100 * 2**20)
        time.sleep(30)
message = wire.frame({"nothing": 1})
while True:
    control.sendall(message * 100)
