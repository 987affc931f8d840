"""Takes all memory in one block, then in many.

ends: ok
earns: full
"""

# %%
blocks = []
try:
    blocks.append(bytearray(3 * 2**30))
    print("WON")
except MemoryError:
    pass
try:
    for _ in range(300):
        blocks.append(bytearray(10 * 2**20))
    print("WON")
except MemoryError:
    pass
blocks.clear()
