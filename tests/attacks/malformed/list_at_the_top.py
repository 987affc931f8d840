"""Is a list of lists.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    path.write_text("[[[]]]")
