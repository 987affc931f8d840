"""Is a sparse file of a hundred gigabytes.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import os

    path.touch()
    os.truncate(path, 100 * 2**30)
