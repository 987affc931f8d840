"""Is an empty file.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    path.write_bytes(b"")
