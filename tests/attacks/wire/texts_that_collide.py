"""Sends an index of texts whose hashes collide in Arrow, which uses no secret for them.

ends: ok
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
import numpy as np

# Of a text of 16 bytes Arrow multiplies both halves, turns their bytes around and joins them by
# an exclusive or: for each first half there is a last one that gives the hash that is wanted.
FIRST, LAST = 14029467366897019727, pow(11400714785074694791, -1, 2**64)
random, texts = np.random.default_rng(0), []
while len(texts) < 100_000:
    first = random.integers(97, 113, size=(500_000, 8), dtype="u1").view("<u8").ravel()
    half = (first * np.uint64(FIRST)).byteswap() ^ np.uint64(1)
    last = (half.byteswap() * np.uint64(LAST)).view("u1").reshape(-1, 8)
    good = (last < 128).all(axis=1)
    both = np.hstack([first.view("u1").reshape(-1, 8)[good], last[good]])
    texts += [row.tobytes() for row in both]
BLOBS = [b"".join(texts), np.full(len(texts), 16, dtype="<i4").tobytes()]
lengths = {"d": "<i4", "s": [len(texts)], "b": 1}
column = {"c": "texts", "v": 0, "n": lengths, "na": "nan", "in": "pyarrow"}
FORM = {"t": "multi_index", "v": [column], "names": [None]}


# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
