"""Is a link to the hidden tests.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    path.symlink_to("../../../exercises/attacks/labels/test_hidden.py")
