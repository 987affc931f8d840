"""Computes for hours inside one instruction, deaf to everything in Python.

ends: timeout
earns: 7
"""


# %% label_counts
def label_counts(table):
    return len(str(10**10**9))
