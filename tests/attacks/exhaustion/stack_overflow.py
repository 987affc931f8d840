"""Recurses until the interpreter crashes.

ends: crashed
earns: full
"""

# %%
import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __getattribute__(self, name):
        return getattr(self, name + "x")


import ctypes

ctypes.string_at(1)
