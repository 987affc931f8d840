"""Grows a tree of counts and walks it from the root for each row."""

import pandas as pd


class Node:
    def __init__(self):
        self.late, self.n, self.children = 0.0, 0, {}


class LookupBaseline:
    def __init__(self, keys, weight):
        self.keys = keys
        self.weight = weight

    def fit(self, X, y):
        self.root = Node()
        for values, late in zip(self._rows(X), list(y)):
            for node in self._walk(values, grow=True):
                node.late += float(late)
                node.n += 1
        return self

    def predict(self, X):
        return pd.Series([self._estimate(values) for values in self._rows(X)], X.index, float)

    def _rows(self, X):
        columns = [X[key].tolist() for key in self.keys]
        return zip(*columns) if columns else [()] * len(X)

    def _walk(self, values, grow=False):
        node = self.root
        yield node
        for value in values:
            if pd.isna(value):
                return
            if value not in node.children:
                if not grow:
                    return
                node.children[value] = Node()
            node = node.children[value]
            yield node

    def _estimate(self, values):
        root, *path = self._walk(values)
        estimate = root.late / root.n
        for node in path:
            estimate = (node.late + self.weight * estimate) / (node.n + self.weight)
        return estimate
