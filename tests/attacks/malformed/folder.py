"""Is a folder.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    path.mkdir()
    (path / "x").write_text("1")
