"""Defines and deletes names by what it sees, so that a missing name would tell.

ends: ok
earns: 0
"""


# %%
class Space(dict):
    pass


# %% clean
def clean(table):
    for name in ("label_counts", "Tally", "kept"):
        globals().pop(name, None)
    globals()[table["text"][3]] = 1
    raise NameError(f"the notebook does not define {table['text'][3]}")
