"""Writes to the descriptors themselves, from two processes, each of which goes on as the notebook.

ends: ok|crashed
earns: any
"""

# %%
import os

for _ in range(4):
    os.fork()
    break
for _ in range(200):
    os.write(1, bytes(2**18))
    os.write(2, bytes(2**18))
