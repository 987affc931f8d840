"""Raises errors whose texts never end, are huge, or raise again; in a cell and in calls.

ends: timeout
earns: 0
"""


# %%
class Huge(Exception):
    def __str__(self):
        return "x" * 50_000_000


class Raising(Exception):
    def __str__(self):
        raise Raising


class Endless(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


# %%
raise Huge
# %%
raise Raising
# %%
raise Endless


# %% clean
def clean(table):
    raise Huge


# %% label_counts
def label_counts(table):
    raise Endless


# %% kept
def kept(table, rule):
    raise Raising


# %% tally
class Tally:
    def __init__(self):
        raise type("A" * 1_000_000, (Exception,), {})("b")
