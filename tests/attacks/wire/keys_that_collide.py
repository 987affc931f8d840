"""Sends dicts and sets whose keys all have the same hash.

ends: crashed
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
collide = [{"t": "int", "v": f"{number * (2**61 - 1):x}"} for number in range(1, 30_000)]
answers.Answers.reply = value(
    [{"t": "set", "v": collide}, {"t": "dict", "v": [[key, 1] for key in collide]}]
)


# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
