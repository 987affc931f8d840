"""Returns more than a message may hold.

ends: ok
earns: 0
"""

# %%
import numpy as np
import pandas as pd


# %% clean
def clean(table):
    return pd.DataFrame({"text": np.zeros(3_000_000, dtype="u1"), "label": "ham"})


# %% label_counts
def label_counts(table):
    return {f"{number:099}": number for number in range(100_000)}


# %% tally
class Tally:
    add = lambda self, thing: None
    most = bytes(60_000_000)
    __len__ = lambda self: 2
    __iter__ = lambda self: iter(["b" * 20_000_000])


# %% kept
def kept(table, rule):
    rule(pd.DataFrame({"word": ["x" * 1_000_000] * 50}))
    return table
