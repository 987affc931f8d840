"""Puts links to the hidden tests and to a token where its receipts belong.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json

    path.write_text(json.dumps(notebook))
    hidden = "@COURSE@/exercises/attacks/labels/test_hidden.py"
    (path.parent / "timestamp.txt").symlink_to(hidden)
    (path.parent / "submission_secret.txt").symlink_to("@HOME@/.grader-token")
    (path.parent / "data").symlink_to("@COURSE@/exercises")
