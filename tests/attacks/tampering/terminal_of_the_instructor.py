"""Writes escape sequences to every descriptor and device, and types into the terminal.

ends: ok
earns: 0
"""

# %%
import fcntl
import os
import sys
import termios

ESCAPE = "\x1b]0;TAKEN\x07\x1b[2J\x1b[1;32mALL PASSED\x1b[0m"
print(ESCAPE)
sys.stderr.write(ESCAPE)
for descriptor in range(3):
    os.write(descriptor, ESCAPE.encode())
for path in (
    "/dev/tty",
    "/dev/console",
    "/dev/pts/0",
    "/dev/stdout",
    "/proc/1/fd/1",
    "/proc/self/fd/2",
):
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NOCTTY)
        os.write(descriptor, ESCAPE.encode())
        for letter in b"id\n":
            fcntl.ioctl(descriptor, termios.TIOCSTI, bytes([letter]))
    except OSError:
        pass


# %% clean
def clean(table):
    raise ValueError(ESCAPE)


# %% label_counts
def label_counts(table):
    raise type("Odd" + ESCAPE, (Exception,), {})(ESCAPE)
