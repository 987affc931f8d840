"""Raises what test runners take for "skipped", "expected to fail" or "stop, all is well".

ends: ok
earns: 0
"""

# %%
import unittest


def outcome(name, base=BaseException):
    return type(name, (base,), {"__module__": "_pytest.outcomes", "allow_module_level": True})


# %% clean
def clean(table):
    raise outcome("Skipped")("not here")


# %% label_counts
def label_counts(table):
    raise outcome("XFailed", Exception)("as expected")


# %% tally
class Tally:
    def __init__(self):
        raise unittest.SkipTest("not today")


# %% kept
def kept(table, rule):
    raise outcome("Exit")("0")
