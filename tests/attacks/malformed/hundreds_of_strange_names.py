"""Hands in hundreds of files whose names move the cursor, climb, or are lists of options.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    path.write_text(json.dumps(notebook))
    for number in range(300):
        (path.parent / f"\x1b[2J\r{number}\u202e--course=..%2f.ipynb").write_text("{}")
    (path.parent / ".labels.ipynb").write_text("{}")
    (path.parent / "labels.ipynb.ipynb").write_text("{}")
