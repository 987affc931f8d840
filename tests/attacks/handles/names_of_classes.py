"""Gives its classes names of a megabyte, with markup, control characters and no name at all.

ends: ok
earns: 0
"""


# %%
def odd(name):
    made = type("x", (), {"__call__": lambda self, *_: self, "__getattr__": lambda self, _: self})
    made.__qualname__ = made.__name__ = name
    return made()


# %% clean
clean = odd("<script>alert(1)</script>" * 20_000)
# %% label_counts
label_counts = odd("\x1b[2J\ud800\x00")
# %% tally
Tally = odd("")
# %% kept
kept = odd("Handle")
