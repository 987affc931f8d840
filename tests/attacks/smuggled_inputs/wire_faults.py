"""Chooses the fault of its message by what it sees of a hidden test.

ends: crashed
earns: 0
"""

# %%
import struct

from grader.sandbox.inside import answers

honest = answers.Answers.reply
FAULTS = [
    b"[" * 1000,
    b'{"t":"dict","v":[["id",NaN]]}',
    b'{"t":"odd"}',
    b'{"t":"int","v":"x"}',
    b"\xff",
]


def reply(self, request):
    if request["do"] == "get":
        return honest(self, request)
    header = FAULTS[len(str(request["with"])) % len(FAULTS)]
    self.sock.sendall(struct.pack("<II", len(header), 0) + header)


answers.Answers.reply = reply

# %% clean
clean = print
# %% label_counts
label_counts = print
# %% tally
Tally = print
# %% kept
kept = print
