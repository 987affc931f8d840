"""Is a link to a device that never ends.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    path.symlink_to("/dev/zero")
