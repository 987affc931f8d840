"""Opens pseudoterminals, timers, watches and event descriptors without end.

ends: ok
earns: full
"""

# %%
import ctypes
import os
import select

libc = ctypes.CDLL(None, use_errno=True)
for make in (
    lambda: os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY),
    lambda: select.epoll().detach() if hasattr(select.epoll, "detach") else os.eventfd(0),
    lambda: libc.inotify_init1(0),
    lambda: libc.timerfd_create(1, 0),
    lambda: libc.signalfd(-1, ctypes.create_string_buffer(128), 0),
):
    kept = []
    try:
        while len(kept) < 5_000:
            descriptor = make()
            if descriptor < 0:
                break
            kept.append(descriptor)
    except OSError:
        pass
    if len(kept) > 300:
        print("WON", len(kept))
    for descriptor in kept:
        os.close(descriptor)
