"""Sends a dict of twenty thousand long tuples of one hash, which differ in their last number only.

ends: crashed
earns: 0
"""

# %%
import json
import os
import struct

from grader.sandbox.inside import answers


def message(form, *blobs):
    header = json.dumps(form, separators=(",", ":")).encode()
    sizes = struct.pack(f"<II{len(blobs)}I", len(header), len(blobs), *map(len, blobs))
    return sizes + header + b"".join(blobs)


honest = answers.Answers.reply


def reply(self, request):
    """Answer questions about names honestly, and calls with what was made for them."""
    if request["do"] == "get":
        return honest(self, request)
    self.sock.sendall(message({"t": "dict", "v": [["id", request["id"]], ["value", FORM]]}, *BLOBS))


answers.Answers.reply = reply
BLOBS = []
P = 2**61 - 1
alike = list(range(2**40, 2**40 + 30))
collide = [[*alike, {"t": "int", "v": f"{number * P:x}"}] for number in range(1, 15_000)]
FORM = {"t": "dict", "v": [[{"t": "tuple", "v": key}, 1] for key in collide]}


# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
