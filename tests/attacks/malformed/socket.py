"""Is a socket.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import os
    import socket

    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(path.name)
    os.chdir(here)
