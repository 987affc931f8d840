"""Hands in a timestamp without sense and of gigabytes, and a pipe and a device beside its notebook.

ends: ok
earns: full
"""


def hand_in(path, notebook):
    import json
    import os

    path.write_text(json.dumps(notebook))
    stamp = path.parent / "timestamp.txt"
    stamp.write_bytes(b"99999999-99-99 \xff\x00 not a time" + b"x" * 100)
    os.truncate(stamp, 200 * 2**20)
    os.mkfifo(path.parent / "pipe")
    os.mkfifo(path.parent / "pipe.txt")
    (path.parent / "submission_secret.txt").symlink_to("/dev/zero")
