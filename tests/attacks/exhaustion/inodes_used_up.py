"""Makes empty files, folders and links without end.

ends: ok
earns: full
"""

# %%
import os

made = 0
try:
    for number in range(40_000):
        os.symlink("x", f"/tmp/{number}")
        made += 1
except OSError:
    pass
if made > 17_000:
    print("WON", made)
