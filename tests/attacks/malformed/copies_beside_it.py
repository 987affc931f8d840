"""Hands in copies, a folder and files with names that move a cursor beside its notebook.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    text = json.dumps(notebook)
    path.write_text(text)
    for name in (
        "labels (1).ipynb",
        "labels-Copy1.ipynb",
        "lab\x1b[2Jels.ipynb",
        "other.ipynb",
        "labels\n.ipynb",
    ):
        (path.parent / name).write_text(text)
    (path.parent / "folder.ipynb").mkdir()
    (path.parent / "conftest.py").write_text("raise SystemExit")
