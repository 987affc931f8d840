"""Sends tables and arrays whose parts have other sizes than stated.

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
BLOBS.append(bytes(64))
part = {"c": "plain", "v": {"d": "<i8", "s": [2**40], "b": 0}}
rows = {"t": "range_index", "v": [0, 2**40, 1], "name": None}
answers.Answers.reply = value({"t": "frame", "v": [part], "index": rows, "columns": rows})


# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
