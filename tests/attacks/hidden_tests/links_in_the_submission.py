"""Hands in links to the hidden tests, the gradebook and other submissions beside its notebook.

ends: ok
earns: 0
"""

READ = """\
found = ""
for name in ("data/notes.txt", "test_visible.py"):
    try:
        found += open(name).read()
    except OSError:
        pass
raise ValueError(found)
"""


def hand_in(path, notebook):
    import json
    import os

    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = READ
    path.write_text(json.dumps(notebook))
    data = path.parent / "data"
    data.mkdir()
    (data / "notes.txt").symlink_to("../../../../exercises/attacks/labels/test_hidden.py")
    (data / "book.db").symlink_to("../../../../gradebook.db")
    (data / "all").symlink_to("../../..")
    (data / "zeros").symlink_to("/dev/zero")
    (path.parent / "submission_secret.txt").symlink_to(
        "../../../exercises/attacks/labels/test_hidden.py"
    )
    os.link(
        path.parents[3] / "exercises/attacks/labels/test_hidden.py", path.parent / "test_visible.py"
    )
