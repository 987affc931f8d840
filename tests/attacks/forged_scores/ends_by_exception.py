"""Raises SystemExit, KeyboardInterrupt, GeneratorExit and StopIteration.

ends: ok
earns: 0
"""


# %% clean
def clean(table):
    raise SystemExit(0)


# %% label_counts
def label_counts(table):
    raise KeyboardInterrupt


# %% tally
class Tally:
    def __init__(self):
        raise GeneratorExit


# %% kept
def kept(table, rule):
    raise StopIteration({"passed": True})
