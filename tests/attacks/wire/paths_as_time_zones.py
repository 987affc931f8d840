"""Names files as time zones.

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
answers.Answers.reply = value(
    [
        {"t": "timestamp", "v": 1, "unit": "ns", "tz": name}
        for name in ("../../../etc/passwd", "/etc/passwd", "\x00", "a" * 100_000)
    ]
)

# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
