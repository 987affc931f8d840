"""Takes the machine's pseudoterminals and the user's counters from its neighbors, with many hands.

ends: ok
earns: full
"""

# %%
import ctypes
import os
import select
import signal
import time

libc = ctypes.CDLL(None, use_errno=True)
reading, writing = os.pipe()
children = []


def take(make, most):
    count = 0
    try:
        while count < most and make() >= 0:
            count += 1
    except OSError:
        pass
    return count


def timer():
    return libc.timer_create(1, None, ctypes.byref(ctypes.c_void_p()))


def watches():
    """Watch the same few files under many numbers, each of which counts."""
    files = [os.eventfd(0) for _ in range(20)]
    watching = [select.epoll() for _ in range(20)]
    count = 0
    for number in range(200, 250):
        for file in files:
            os.dup2(file, number)
            for each in watching:
                each.register(number, select.EPOLLIN)
                count += 1
    return count


for _ in range(8):
    children.append(os.fork())
    if children[-1] == 0:
        terminals = take(lambda: os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY), 150)
        timers = take(timer, 100)
        try:
            watched = watches()
        except OSError:
            watched = 0
        inotify = take(lambda: libc.inotify_init1(0), 100)
        os.write(writing, b"%7d %7d %7d %7d\n" % (terminals, timers, watched, inotify))
        time.sleep(20)
        os._exit(0)
lines = [os.read(reading, 32) for _ in range(8)]
taken = [sum(column) for column in zip(*(map(int, line.split()) for line in lines))]
for name, most, count in zip(
    ("terminals", "timers", "watches", "inotify"), (200, 600, 2000, 0), taken
):
    if count > most:
        print("WON", name, count)
for child in children:
    os.kill(child, signal.SIGKILL)
