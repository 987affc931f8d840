"""Returns what a failing assertion would need minutes to explain: long texts, large dicts and sets.

ends: ok
earns: 0
"""


# %% clean
def clean(table):
    return {f"key {n}": " ".join("abcdefgh") * 2 for n in range(15_000)}


# %% label_counts
def label_counts(table):
    return {str(n): n for n in range(30_000)}


# %% tally
class Tally:
    add = lambda self, thing: None
    __len__ = lambda self: 30_000
    __iter__ = lambda self: iter(["secret"] * 300)
    most = "\n".join(f"line {n}" for n in range(20_000))


# %% kept
def kept(table, rule):
    return set(range(10_000))
