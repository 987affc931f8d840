"""Mounts, unmounts, moves and opens file systems, changes its root, mounts /proc anew.

ends: ok
earns: full
"""

# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for place in ("mounted", "old"):
    os.mkdir(place)
here = os.path.abspath("mounted").encode()
tries = {
    "tmpfs": lambda: libc.mount(b"none", here, b"tmpfs", 0, None),
    "proc": lambda: libc.mount(b"proc", here, b"proc", 0, None),
    "proc again": lambda: libc.mount(b"proc", b"/proc", b"proc", 0, None),
    "bind": lambda: libc.mount(b"/", here, None, 4096 | 16384, None),
    "remount": lambda: libc.mount(None, b"/usr", None, 32 | 4096, None),
    "overlay": lambda: libc.mount(b"o", here, b"overlay", 0, b"lowerdir=/usr"),
    "uncover /proc": lambda: libc.umount2(b"/proc", 2),
    "uncover data": lambda: libc.umount2(b"/submission-data", 2),
    "uncover /tmp": lambda: libc.umount2(b"/tmp", 2),
    "pivot_root": lambda: libc.syscall(155, here, here),
    "chroot": lambda: libc.chroot(here),
    "open_tree": lambda: libc.syscall(428, -100, b"/", 1),
    "move_mount": lambda: libc.syscall(429, -100, b"/usr", -100, here, 0),
    "fsopen": lambda: libc.syscall(430, b"proc", 0),
    "mount_setattr": lambda: libc.syscall(442, -100, b"/usr", 0, here, 32),
    "name_to_handle_at": lambda: libc.syscall(303, -100, b"/", here, here, 0),
    "open_by_handle_at": lambda: libc.syscall(304, -100, here, 0),
}
for name, attempt in tries.items():
    if attempt() >= 0:
        print("WON", name)
