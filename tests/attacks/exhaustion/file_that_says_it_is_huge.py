"""Makes sparse files of a terabyte.

ends: ok
earns: full
"""

# %%
import os

for place in ("/submission/huge", "/tmp/huge", "/dev/shm/huge"):
    try:
        descriptor = os.open(place, os.O_CREAT | os.O_RDWR)
        os.ftruncate(descriptor, 2**40)
        print("WON", place)
    except OSError:
        pass
