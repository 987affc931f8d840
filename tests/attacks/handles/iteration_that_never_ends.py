"""Yields for ever.

ends: timeout
earns: 8
"""


# %% tally
class Tally:
    add = lambda self, thing: None
    __len__ = lambda self: 2

    def __iter__(self):
        while True:
            yield "b"
