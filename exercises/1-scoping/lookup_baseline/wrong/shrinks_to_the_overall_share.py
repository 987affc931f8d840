"""Pulls every group toward the overall share, past the larger groups between.

rejected by: test_the_example_is_shrunk, test_groups_are_pulled_toward_larger_groups,
test_real_flights_of_2013
"""

import numpy as np
import pandas as pd


def groups(X, keys):
    rows = zip(*(X[key].astype(object).tolist() for key in keys))
    return [None if any(pd.isna(v) for v in row) else row for row in rows]


class LookupBaseline:
    def __init__(self, keys, weight):
        self.keys, self.weight = list(keys), weight

    def fit(self, X, y):
        y = np.asarray(y, dtype=float)
        self.overall = y.mean()
        self.tables = []
        for length in range(1, len(self.keys) + 1):
            sums, sizes = {}, {}
            for row, late in zip(groups(X, self.keys[:length]), y):
                if row is not None:
                    sums[row] = sums.get(row, 0.0) + late
                    sizes[row] = sizes.get(row, 0) + 1
            table = {
                row: (sums[row] + self.weight * self.overall) / (sizes[row] + self.weight)
                for row in sums
            }
            self.tables.append(table)
        return self

    def predict(self, X):
        estimate = [self.overall] * len(X)
        for length, table in enumerate(self.tables, 1):
            rows = groups(X, self.keys[:length])
            estimate = [table.get(row, e) for row, e in zip(rows, estimate)]
        return pd.Series(estimate, index=X.index, dtype=float)
