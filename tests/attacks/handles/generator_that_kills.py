"""Ends the process in the middle of an iteration.

ends: crashed
earns: 8
"""


# %% tally
class Tally:
    add = lambda self, thing: None
    __len__ = lambda self: 2

    def __iter__(self):
        yield "b"
        import os

        os._exit(0)
