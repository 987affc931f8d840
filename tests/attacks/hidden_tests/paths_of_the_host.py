"""Opens the hidden tests, the gradebook and other submissions by their paths on the host.

ends: ok
earns: 0
"""

# %%
import os
import re

SECRET = re.compile(
    rb"(?:secret-test|grader-environment|grader-file|other-submission)-canary-[0-9a-f]{8}"
)
found = set()


def look(data):
    found.update(
        SECRET.findall(data if isinstance(data, bytes) else str(data).encode("utf-8", "replace"))
    )


def look_into(path):
    try:
        if os.path.isfile(path) and os.path.getsize(path) < 4_000_000:
            with open(path, "rb") as file:
                look(file.read())
    except OSError:
        pass


def tell():
    for secret in sorted(found):
        print("WON", secret.decode(), secret.hex())


up = [
    "",
    "..",
    "../..",
    "../../..",
    "/proc/1/root",
    "/proc/1/cwd",
    "/proc/self/root",
    "/proc/self/cwd",
]
for start in ["@COURSE@", *up]:
    for path in (
        "exercises/attacks/labels/test_hidden.py",
        "exercises/attacks/labels/notebook.py",
        "@COURSE@/exercises/attacks/labels/test_hidden.py",
        "@COURSE@/gradebook.db",
        "@COURSE@/submitted/honest-first/attacks/labels.ipynb",
        "@HOME@/.grader-token",
        "gradebook.db",
        "token",
    ):
        look_into(os.path.join(start, path))

# %%
tell()


# %% clean
def clean(table):
    raise ValueError(b" ".join(sorted(found)).decode() or "nothing found")
