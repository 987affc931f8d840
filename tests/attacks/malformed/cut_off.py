"""Is cut off in the middle.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import json

    path.write_text(json.dumps(notebook)[:-200])
