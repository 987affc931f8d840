"""Fills every place that it can write to, and leaves it full.

ends: ok
earns: full
"""

# %%
import os

written = 0
for place in ("/submission", "/tmp", "/dev/shm", "/var/tmp", "/", "/dev", "/run"):
    for number in range(50):
        try:
            with open(f"{place}/{number}", "wb", buffering=0) as file:
                for _ in range(2):
                    written += file.write(bytes(2**20))
        except OSError:
            break
if written > 9 * 2**20:
    print("WON", written)
