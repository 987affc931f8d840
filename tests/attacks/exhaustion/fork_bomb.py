"""Forks until nothing can fork any more, and computes in every process.

ends: timeout
earns: full
"""

# %%
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
