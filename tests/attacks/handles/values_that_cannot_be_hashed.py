"""Returns sets and dicts with keys that cannot be hashed outside, and texts of a megabyte as reprs.

ends: ok|crashed
earns: 0
"""


# %%
class Key:
    __hash__ = lambda self: 0
    __repr__ = lambda self: "x" * 1_000_000


# %% clean
def clean(table):
    return {Key(): 1, Key(): 2}


# %% label_counts
def label_counts(table):
    return {frozenset([Key()]): {Key()}}


# %% kept
def kept(table, rule):
    return {(1, (2, Key())): Key}
