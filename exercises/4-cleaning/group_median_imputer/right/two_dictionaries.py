"""Replaces group names by their medians through a dict per column."""

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted


class GroupMedianImputer(TransformerMixin, BaseEstimator):
    def __init__(self, by, columns):
        self.by = by
        self.columns = columns

    def fit(self, X, y=None):
        self.medians_ = X.groupby(self.by, sort=False).agg(
            {column: "median" for column in self.columns}
        )
        self.overall_ = {column: X[column].median() for column in self.columns}
        self.look_up_ = {
            column: self.medians_[column].dropna().to_dict() for column in self.columns
        }
        return self

    def transform(self, X):
        check_is_fitted(self, "look_up_")
        out = X.copy(deep=True)
        flags = X[list(self.columns)].isna().astype(int)
        for column, medians in self.look_up_.items():
            is_gap = X[column].isna().to_numpy()
            groups = X.loc[is_gap, self.by]
            out.loc[is_gap, column] = [
                medians.get(group, self.overall_[column]) for group in groups
            ]
        out[[f"{column}_missing" for column in self.columns]] = flags.to_numpy()
        return out
