"""Looks up with join, which keeps the rows, and fills from the longest key down."""

import numpy as np
import pandas as pd


class LookupBaseline:
    def __init__(self, keys, weight):
        self.keys, self.weight = keys, weight

    def fit(self, X, y):
        rows = X[list(self.keys)].astype(object).reset_index(drop=True)
        target = pd.Series(np.asarray(y)).astype(float)
        self.levels = {}
        self.mean = target.mean()
        around = pd.Series(self.mean, index=rows.index)
        for i, _ in enumerate(self.keys):
            by = list(self.keys[: i + 1])
            work = pd.concat([rows[by], target.rename("?y"), around.rename("?around")], axis=1)
            sums = work.groupby(by).agg({"?y": ["sum", "size"], "?around": "max"})
            sums.columns = ["late", "n", "around"]
            share = (sums.late + self.weight * sums.around) / (sums.n + self.weight)
            self.levels[tuple(by)] = share.rename("?share")
            around = rows.join(share.rename("?share"), on=by)["?share"]
        return self

    def predict(self, X):
        rows = X[list(self.keys)].astype(object).reset_index(drop=True)
        answer = pd.Series(np.nan, index=rows.index)
        for by, share in reversed(self.levels.items()):
            answer = answer.fillna(rows.join(share, on=list(by))["?share"])
        return answer.fillna(self.mean).set_axis(X.index)
