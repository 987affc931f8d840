"""Maps terabytes and reads a byte of every two megabytes: only the tables take memory.

ends: ok
earns: full
"""

# %%
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_long,
]
SIZE = 1 << 37
for _ in range(4):
    place = libc.mmap(None, SIZE, 1, 0x4022, -1, 0)  # readable; private, anonymous, not reserved
    if place in (None, 2**64 - 1):
        break
    for offset in range(0, SIZE, 1 << 21):
        ctypes.c_char.from_address(place + offset).value
    print("WON 256 MB of tables")
