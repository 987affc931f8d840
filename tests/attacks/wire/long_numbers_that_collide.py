"""Sends sets of numbers with thousands of digits and one hash: each comparison goes through all.

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
collide = [{"t": "int", "v": f"{2**6_000 + number * P:x}"} for number in range(1, 5_000)]
FORM = {"t": "set", "v": collide}


# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
