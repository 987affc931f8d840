"""Takes a permitted amount of memory in each of several processes.

ends: memory
earns: full
"""

# %%
import os
import time

for _ in range(8):
    if os.fork() == 0:
        block = bytearray(os.urandom(1)) * (100 * 2**20)
        time.sleep(30)
time.sleep(30)
