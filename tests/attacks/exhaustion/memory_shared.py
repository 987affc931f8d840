"""Takes memory in shared mappings, which limits on data do not count.

ends: memory
earns: full
"""

# %%
import mmap
import time

blocks = []
for _ in range(12):
    block = mmap.mmap(-1, 100 * 2**20)
    for place in range(0, len(block), 4096):
        block[place] = 1
    blocks.append(block)
time.sleep(30)
