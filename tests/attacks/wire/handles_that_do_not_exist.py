"""Answers with handles whose numbers are negative, huge, texts or lists.

ends: ok|crashed
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
numbers = [-1, 2**62, "1", None, [1]]


def invented(self, request):
    number = numbers[request["id"] % len(numbers)]
    self.sock.sendall(
        message(
            {
                "t": "dict",
                "v": [
                    ["id", request["id"]],
                    [
                        "value",
                        {
                            "t": "kept",
                            "v": {"t": "dict", "v": [["id", number], ["type", "x" * 100_000]]},
                        },
                    ],
                ],
            }
        )
    )


answers.Answers.reply = invented


# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
