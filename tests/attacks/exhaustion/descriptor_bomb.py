"""Opens descriptors until there are none left, and keeps them.

ends: crashed
earns: 0
"""

# %%
import os

kept = []
try:
    while len(kept) < 20_000:
        kept.append(os.open("/dev/null", os.O_RDONLY))
    print("WON")
except OSError:
    pass
