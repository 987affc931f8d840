"""Has every attribute, each with every attribute, and calls that return itself.

ends: ok
earns: 0
"""


# %%
class All:
    def __getattr__(self, name):
        return All()

    __call__ = __getitem__ = lambda *_, **__: All()
    __len__ = lambda self: 2
    __iter__ = lambda self: iter([All(), All()])


# %% clean
clean = All()
# %% label_counts
label_counts = All()
# %% tally
Tally = All()
# %% kept
kept = All()
