"""Reports its cells as done before they are, and never finishes.

ends: timeout
earns: 0
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
            control = socket.socket(fileno=descriptor)
    except OSError:
        pass
for index in range(20):
    wire.send(control, {"start": index})
    wire.send(
        control, {"cell": index, "status": "ok", "error": "", "stdout": "passed", "score": 10}
    )
wire.send(control, {"done": True, "score": 10})
time.sleep(60)
