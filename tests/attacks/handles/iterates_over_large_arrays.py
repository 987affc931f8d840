"""Yields the largest array that a message holds again and again, for a list of all.

ends: crashed|timeout
earns: 8
"""


# %% tally
class Tally:
    add = lambda self, thing: None
    __len__ = lambda self: 2

    def __iter__(self):
        for _ in range(100):  # its own bound
            yield LARGE


# %%
import numpy as np

LARGE = np.zeros(8_000_000, dtype="u1")
