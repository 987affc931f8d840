"""Lowers the limits of every process but itself, and of its descriptors, so that they end.

ends: ok|crashed
earns: any
"""

# %%
import os
import resource
import time

for number in range(1, 400):
    if number != os.getpid():
        for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_CPU):
            try:
                resource.prlimit(number, limit, (0, 0))
            except OSError:
                pass
time.sleep(1.5)
