"""Returns lists and dicts that contain themselves.

ends: ok
earns: 0
"""


# %% clean
def clean(table):
    loop = []
    loop.append(loop)
    return loop


# %% label_counts
def label_counts(table):
    loop = {}
    loop["loop"] = loop
    return loop
