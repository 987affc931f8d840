"""Is no JSON.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    path.write_bytes(bytes(range(256)) * 64)
