# %% [markdown]
# # A stability index that counts everything
#
# The station at LaGuardia loses its barometer, and half of the pressures are null. A stability
# index that drops nulls says 0.0: what is left looks like always. An airline opens that nobody has
# heard of, and the index of `carrier` says 0.0: its flights are in no bin.
#
# Write `psi(ref, cur, bins=10)`, the **population stability index** between a reference column and
# a current one, in which **every row counts**.
#
# What comes in:
#
# * **`ref`** and **`cur`** are pandas Series of the same kind, with any index, any number of rows
#   (at least one each), and possibly nulls. The kind is *numbers* (any numeric dtype, nullable ones
#   included; no infinities) or *text* (dtype `str` or `object`).
# * **`bins`** is a whole number from 2 on. It matters for numbers only.
#
# The bins depend on **`ref` alone**:
#
# * **Numbers:** sort the known values of `ref`, n of them. Edge k, for k = 1 … bins - 1, is the
#   value at place k · n / bins, rounded up, counting from 1. So edges are values of `ref`, nothing
#   is interpolated. Edges that repeat count once. A value's bin is the number of edges that are
#   **smaller** than it: the first bin has everything up to and including the first edge, the last
#   one everything above the last edge, however far away.
# * **Text:** each different known value of `ref` has a bin of its own. All values that `ref` does
#   not have share one more bin, *unseen*.
# * **Nulls** have a bin of their own, always.
#
# From counts to the index:
#
# * A bin's share is its count divided by the number of **all** rows of that column, nulls included:
#   p in `ref`, q in `cur`. A share below 0.0001 is replaced by 0.0001, so that empty bins stay
#   finite. (The shares are not made to add up to 1 again.)
# * The result is a `float`: the sum of `(q - p) * ln(q / p)` over all bins, with the natural
#   logarithm.
#
# `ref` and `cur` are not changed.
#
# Worth checking afterwards: a column against itself gives 0; the order of rows does not matter; and
# mapping both columns by the same increasing function, as Fahrenheit to Celsius, changes nothing.
#
# ```python
# ref = pd.Series([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
# cur = pd.Series([1, 2, 3, None])
# psi(ref, cur, bins=2)     # edge: 6, at place 5.5 rounded up
# ```
#
# | bin | p | q | (q - p) · ln(q / p) |
# |---|---|---|---|
# | up to 6 | 6/11 | 3/4 | 0.0651 |
# | above 6 | 5/11 | 0 → 0.0001 | 3.8273 |
# | null | 0 → 0.0001 | 1/4 | 1.9552 |
#
# The sum is 5.8477.

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

weather = load("weather_2013")
weather.groupby("month")["pressure"].agg(["size", "count", "median"]).head(4)


# %% task="psi"
def psi(ref, cur, bins=10):
    """Return the population stability index of cur against ref."""
    ### BEGIN SOLUTION
    if pd.api.types.is_numeric_dtype(ref):
        known = np.sort(ref.dropna().to_numpy(dtype=float))
        places = [-(-k * len(known) // bins) for k in range(1, bins)]
        edges = sorted({known[place - 1] for place in places}) if len(known) else []
        numbers = [np.searchsorted(edges, x.dropna().to_numpy(dtype=float)) for x in (ref, cur)]
        labels = range(len(edges) + 1)
    else:
        labels = [*ref.dropna().unique(), "unseen"]
        place = {value: n for n, value in enumerate(labels[:-1])}
        numbers = [x.dropna().map(lambda v: place.get(v, len(place))) for x in (ref, cur)]
    p, q = (
        np.append(np.bincount(np.asarray(n, dtype=int), minlength=len(labels)), x.isna().sum())
        for n, x in zip(numbers, (ref, cur))
    )
    p, q = np.maximum(p / len(ref), 1e-4), np.maximum(q / len(cur), 1e-4)
    return float(np.sum((q - p) * np.log(q / p)))
    ### END SOLUTION
