"""Learns plain dicts of lists and fills row by row; the table of medians is for the reader."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted


class GroupMedianImputer(TransformerMixin, BaseEstimator):
    def __init__(self, by, columns):
        self.by = by
        self.columns = columns

    def fit(self, X, y=None):
        groups = sorted({group for group in X[self.by] if not pd.isna(group)})
        self.overall_ = {column: self._median(X[column]) for column in self.columns}
        self.medians_ = pd.DataFrame(
            {
                column: [
                    self._median(
                        X.loc[(X[self.by] == group).to_numpy(dtype=bool, na_value=False), column]
                    )
                    for group in groups
                ]
                for column in self.columns
            },
            index=groups,
        )
        return self

    def transform(self, X):
        check_is_fitted(self)
        columns = {name: X[name] for name in X.columns}
        flags = {}
        for name in self.columns:
            values = X[name].tolist()
            flags[f"{name}_missing"] = [int(pd.isna(value)) for value in values]
            for row, group in enumerate(X[self.by]):
                if pd.isna(values[row]):
                    values[row] = self._typical(group, name)
            columns[name] = np.array(values, dtype="float64")
        return pd.DataFrame(columns | flags, index=X.index)

    def _typical(self, group, name):
        if not pd.isna(group) and group in self.medians_.index:
            median = self.medians_.loc[group, name]
            if not pd.isna(median):
                return median
        return self.overall_[name]

    def _median(self, values):
        known = sorted(value for value in values if not pd.isna(value))
        if not known:
            return float("nan")
        middle = len(known) // 2
        return known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
