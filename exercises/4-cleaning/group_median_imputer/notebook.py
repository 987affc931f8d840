# %% [markdown]
# # An imputer that learns from the past only
#
# In the 2013 register of aircraft, 70 of 3,322 planes have no year of manufacture. The median year
# of all planes is 2001, that of the 116 by McDonnell Douglas with a known year 1989.5: what to put
# into the gap depends on the group, and has to be known before the plane that you predict for comes
# along.
#
# Write the scikit-learn transformer `GroupMedianImputer(by, columns)`, which fills gaps with the
# **median of the row's group, learned in `fit`**, and flags where the gaps were.
#
# `X` is always a DataFrame with any index (labels may repeat). The group column holds text or whole
# numbers (`int64` or `Int64`) and may have nulls; the columns to fill are `float64`; there may be
# other columns of any type.
#
# * **`GroupMedianImputer(by, columns)`**: `by` names the group column, `columns` is a list of one
#   or more other columns to fill. Both are kept as they are in the attributes `by` and `columns`,
#   so that `get_params`, `set_params` and `clone` work.
# * **`fit(X, y=None)`** learns the two attributes below, ignores `y`, and returns the imputer
#   itself. Fitting again forgets what was learned before.
#     * `medians_`: a DataFrame with one row per group in `X` (its index is the group's value; null
#       is not a group) and one column for each of `columns`: the median of the known values.
#     * `overall_`: a Series (or dict) by column: the median of all known values in `X`, whatever
#       their group, rows of no group included. It is not the median of the groups' medians.
# * **`transform(X)`** returns a new DataFrame with the rows, index and columns of `X` in the same
#   order, followed by one flag column for each of `columns`, in their order.
#     * *A null* in one of `columns` becomes the median of the row's group in `fit`. The overall
#       median takes its place if the group was not in `fit`, is null, or had no known value there.
#       If the column had no known value at all in `fit`, the null stays.
#     * *Known values and other columns* are as in `X`, with the same dtypes.
#     * *Flag columns* are called `<column>_missing` (`X` has none of that name), and are true where
#       the value was null in the `X` given to `transform`. They are there even if nothing is null.
#       `bool`, or 0 and 1.
# * **Before `fit`**, `transform` raises scikit-learn's `NotFittedError`.
# * **`X` afterwards** is as it was, in `fit` and in `transform`.
# * **In a `Pipeline`** it can be a step before a model that is fitted with `X` and `y`, and it has
#   `fit_transform`.
#
# Only what `fit` saw may decide what goes into a gap: other rows of the table given to `transform`
# change nothing.
#
# ```python
# train = pd.DataFrame({"maker": ["A", "A", "A", "B"], "year": [1990.0, None, 1993.0, 2010.0]})
# new = pd.DataFrame({"maker": ["A", "B", "C"], "year": [None, 1800.0, None]})
# GroupMedianImputer(by="maker", columns=["year"]).fit(train).transform(new)
# ```
#
# | maker | year | year_missing | why |
# |---|---|---|---|
# | A | 1991.5 | True | median of 1990 and 1993 |
# | B | 1800.0 | False | was known |
# | C | 1993.0 | True | C is new: the median of 1990, 1993 and 2010 |

# %%
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from grader import check, hint, load

planes = load("planes_2013")
planes.groupby("manufacturer")["year"].agg(["size", "count", "median"]).nlargest(8, "size")


# %% task="group_median_imputer"
class GroupMedianImputer(TransformerMixin, BaseEstimator):
    """Fill nulls of `columns` with the median of the row's group, learned in fit; flag them."""

    def __init__(self, by, columns):
        ### BEGIN SOLUTION
        self.by = by
        self.columns = columns
        ### END SOLUTION

    def fit(self, X, y=None):
        """Learn `medians_` and `overall_` from X; return the imputer."""
        ### BEGIN SOLUTION
        self.medians_ = X.groupby(self.by)[list(self.columns)].median()
        self.overall_ = X[list(self.columns)].median()
        return self
        ### END SOLUTION

    def transform(self, X):
        """Return a filled copy of X with a column `<column>_missing` for each of `columns`."""
        ### BEGIN SOLUTION
        check_is_fitted(self)
        filled = X.copy()
        for column in self.columns:
            typical = X[self.by].map(self.medians_[column]).astype("float64")
            typical = typical.fillna(self.overall_[column])
            filled[column] = X[column].where(X[column].notna(), typical)
        for column in self.columns:
            filled[f"{column}_missing"] = X[column].isna()
        return filled
        ### END SOLUTION
