# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Labels, cleaned and counted
#
# `clean(table)` drops the rows whose `text` is missing or blank, strips `text`, strips and
# lower-cases `label`, and returns a new table with these two columns and a fresh index.
# `label_counts(table)` returns a dict from label to the number of its rows.
# `Tally()` counts what is given to its `add`; it has a length, the number of different things, and
# can be iterated over, in the order of first sight; its attribute `most` is the largest count.
# `kept(table, rule)` returns the rows for which `rule(table)` is true.

# %%
import pandas as pd
from grader import check, hint, load


# %% task="clean"
def clean(table):
    ### BEGIN SOLUTION
    cleaned = table[["text", "label"]].copy()
    cleaned["text"] = cleaned["text"].fillna("").str.strip()
    cleaned["label"] = cleaned["label"].str.strip().str.lower()
    return cleaned[cleaned["text"] != ""].reset_index(drop=True)
    ### END SOLUTION


# %% task="label_counts"
def label_counts(table):
    ### BEGIN SOLUTION
    return {str(label): int(count) for label, count in table["label"].value_counts().items()}
    ### END SOLUTION


# %% task="tally"
class Tally:
    ### BEGIN SOLUTION
    def __init__(self):
        self.counts = {}

    def add(self, thing):
        self.counts[thing] = self.counts.get(thing, 0) + 1

    def __len__(self):
        return len(self.counts)

    def __iter__(self):
        return iter(self.counts)

    @property
    def most(self):
        return max(self.counts.values(), default=0)

    ### END SOLUTION


# %% task="kept"
def kept(table, rule):
    ### BEGIN SOLUTION
    return table[rule(table)]
    ### END SOLUTION
