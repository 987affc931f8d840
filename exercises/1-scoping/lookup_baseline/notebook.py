# %% [markdown]
# # A table of means that knows when to shut up
#
# A look-up table by hour, carrier, airport, destination and weekday ranks late flights with an AUC
# of 0.60, worse than a table with fewer columns, because some of its shares are made of three
# flights. Shrink the small groups, and the same table reaches 0.64: as much as gradient boosting
# makes of these columns.
#
# Write the class `LookupBaseline(keys, weight)`: **the share of late flights in the row's group,
# pulled toward the share of the larger group around it.**
#
# **`LookupBaseline(keys, weight)`**: `keys` is a list of column names, the one that matters most
# first; it may be empty. `weight` is a number, 0 or more.
#
# **`fit(X, y)`** learns, and returns the baseline itself. Fitting again forgets what was learned
# before.
#
# * The **overall share** is the mean of `y` over all rows.
# * The **first group** of a row is all rows with the same value in `keys[0]`; its **second group**
#   all rows with the same values in `keys[0]` and `keys[1]`; and so on, up to all keys.
# * The estimate of a group with `n` rows, of which `s` were late, is
#
# ```text
# (s + weight * before) / (n + weight)
# ```
#
# where *before* is the estimate of the group with one key less, and the overall share for the first
# group. So a group counts as if it came with `weight` more rows that behave like the larger group.
#
# **`predict(X)`** returns one number for each row: the estimate of the longest group that `fit`
# knew.
#
# * A row whose values were not seen together in `fit` falls back to the group with one key less,
#   and so on down to the overall share. Never a null.
# * **A null key** belongs to no group, neither in `fit` nor in `predict`: such a row counts for,
#   and gets, the groups of the keys before the null one, and the overall share.
# * **Returns** a float Series with the index of `X`, in the order of `X`. Its name does not matter.
#
# **Types.**
#
# * **`X`** is a DataFrame with any index, whose labels may repeat. Key columns hold text, whole
#   numbers or categories; only text has nulls. Categories may be without rows, and `fit` and
#   `predict` may list them differently. There are other columns: only the keys count, even if one
#   of the others is called `late` or `y`.
# * **`y`** has 0 and 1, or False and True, without nulls: a Series or a NumPy array, row by row in
#   the order of `X`. If it is a Series, its index is that of `X` or any other; only the order
#   counts.
# * **Afterwards** `X` and `y` are as they were.
# * 15,000 rows and five keys take less than ten seconds.
#
# ```python
# train = pd.DataFrame({"hour": [6, 6, 6, 18, 18, 18], "carrier": list("AABAAB")})
# late = pd.Series([0, 0, 1, 1, 1, 0])
# new = pd.DataFrame({"hour": [18, 18, 6, 23], "carrier": list("ABZA")})
# LookupBaseline(["hour", "carrier"], weight=1).fit(train, late).predict(new)
# ```
#
# | group or row | estimate | why |
# |---|---|---|
# | any | 0.5 | overall: 3 of 6 |
# | hour 18 | 0.625 | (2 + 1 * 0.5) / (3 + 1) |
# | hour 6 | 0.375 | (1 + 1 * 0.5) / (3 + 1) |
# | 18, A | 0.875 | (2 + 1 * 0.625) / (2 + 1) |
# | 18, B | 0.3125 | (0 + 1 * 0.625) / (1 + 1) |
# | 6, Z | 0.375 | never seen together: that of hour 6 |
# | 23, A | 0.5 | hour 23 was never seen: the overall share |

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

flights = load("flights_2013_sample").dropna(subset="arr_delay")
late = flights["arr_delay"] >= 15
late.groupby([flights["hour"], flights["carrier"]]).agg(["mean", "size"]).nlargest(5, "mean")


# %% task="lookup_baseline"
class LookupBaseline:
    """Predict the share of late rows in a row's group, shrunk toward the larger group."""

    def __init__(self, keys, weight):
        ### BEGIN SOLUTION
        self.keys = list(keys)
        self.weight = weight
        ### END SOLUTION

    def fit(self, X, y):
        """Learn the estimates of all groups; return the baseline."""
        ### BEGIN SOLUTION
        rows = pd.DataFrame({"y": np.asarray(y, dtype=float)})
        self.overall = rows["before"] = rows["y"].mean()
        self.tables = []
        for length in range(len(self.keys)):
            by = self._groups(X, length)
            group = rows.groupby(by)
            late, before = group["y"].sum(), group["before"].first()
            table = (late + self.weight * before) / (group.size() + self.weight)
            self.tables.append(table)
            rows["before"] = by.map(table)
        return self
        ### END SOLUTION

    def predict(self, X):
        """Return the estimate of each row's longest known group."""
        ### BEGIN SOLUTION
        estimate = pd.Series(self.overall, index=range(len(X)), dtype=float)
        for length, table in enumerate(self.tables):
            found = self._groups(X, length).map(table)
            estimate = found.astype(float).fillna(estimate)
        return estimate.set_axis(X.index)
        ### END SOLUTION

    ### BEGIN SOLUTION
    def _groups(self, X, last):
        """Return for each row the values of the keys up to the last, null if any is null."""
        rows = X[self.keys[: last + 1]].astype(object)
        whole = rows.notna().all(axis="columns").to_numpy()
        return pd.Series([tuple(row) for row in rows.to_numpy()], dtype=object).where(whole)

    ### END SOLUTION
