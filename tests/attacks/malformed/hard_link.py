"""Is a second name of the hidden tests.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import os

    os.link(path.parents[3] / "exercises/attacks/labels/test_hidden.py", path)
