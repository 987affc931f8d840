"""Is a pipe that nobody writes to.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import os

    os.mkfifo(path)
