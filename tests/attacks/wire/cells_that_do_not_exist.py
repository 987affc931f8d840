"""Reports cells with negative, huge and foreign numbers, and the same cell a thousand times.

ends: ok
earns: full
"""

# %%
import os
import socket
import stat

import numpy as np

from grader.wire import message as wire

for descriptor in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            control = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        pass

for number in (-1, 0, 10**6, 2**70, 1.5, True):
    wire.send(control, {"start": number})
    wire.send(
        control,
        {"cell": number, "status": "passed", "error": "x" * 100_000, "stdout": "y" * 100_000},
    )
for _ in range(1000):
    wire.send(control, {"cell": 4, "status": "ok", "error": "", "stdout": ""})
