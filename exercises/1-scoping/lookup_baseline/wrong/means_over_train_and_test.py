"""Fills what it does not know with the mean of its answers to the other rows.

rejected by: test_predict_learns_nothing, test_the_example_falls_back,
test_unseen_groups_fall_back
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
        before = dict.fromkeys([()], self.overall)
        for length in range(1, len(self.keys) + 1):
            sums, sizes = {}, {}
            for row, late in zip(groups(X, self.keys[:length]), y):
                if row is not None:
                    sums[row] = sums.get(row, 0.0) + late
                    sizes[row] = sizes.get(row, 0) + 1
            table = {
                row: (sums[row] + self.weight * before[row[:-1]]) / (sizes[row] + self.weight)
                for row in sums
            }
            self.tables.append(table)
            before = table
        return self

    def predict(self, X):
        estimate = [self.overall] * len(X)
        for length, table in enumerate(self.tables, 1):
            rows = groups(X, self.keys[:length])
            estimate = [table.get(row, e) for row, e in zip(rows, estimate)]
        known = [e for e in estimate if e != self.overall] or [self.overall]
        filled = [float(np.mean(known)) if e == self.overall else e for e in estimate]
        return pd.Series(filled, index=X.index, dtype=float)
