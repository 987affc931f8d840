"""Reports errors that are lists, numbers, tables and names of a megabyte or by the thousand.

ends: ok
earns: 0
"""

# %%
import json
import os
import struct

from grader.sandbox.inside import answers
from grader.wire import message as wire


def message(form, blobs=(), header=None):
    header = json.dumps(form, separators=(",", ":")).encode() if header is None else header
    return (
        struct.pack(f"<II{len(blobs)}I", len(header), len(blobs), *map(len, blobs))
        + header
        + b"".join(blobs)
    )


def value(form):
    """Answer the question about a function honestly, and its call with a forged value."""

    def reply(self, request):
        if request["do"] == "get":
            return honest(self, request)
        self.sock.sendall(
            message({"t": "dict", "v": [["id", request["id"]], ["value", form]]}, BLOBS)
        )

    return reply


BLOBS = []
honest = answers.Answers.reply
errors = [
    3,
    [],
    [1, 2, 3],
    ["A" * 1_000_000, [["B" * 1_000_000, "C" * 1_000_000]] * 9],
    ["passed", [["builtins", "ValueError"]] * 100_000],
    ["passed", [["builtins"], 3, [None, ["x"]]]],
    ["passed", [["grader.suite.behind", "Stopped"], ["builtins", "SystemExit"]]],
    ["passed", [["_pytest.outcomes", "Skipped"], ["builtins", "ExceptionGroup"]]],
    [{"t": "range", "v": [0, 9, 1]}, None],
]


def failing(self, request):
    self.sock.sendall(
        message(
            {
                "t": "dict",
                "v": [["id", request["id"]], ["error", errors[request["id"] % len(errors)]]],
            }
        )
    )


answers.Answers.reply = failing


# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
