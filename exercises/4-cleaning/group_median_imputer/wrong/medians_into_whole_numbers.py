"""Fills what map returns: whole numbers, in an Int64 column in which it knows no group.

rejected by: test_groups_may_be_nullable_numbers
"""

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted


class GroupMedianImputer(TransformerMixin, BaseEstimator):
    def __init__(self, by, columns):
        self.by = by
        self.columns = columns

    def fit(self, X, y=None):
        self.medians_ = X.groupby(self.by)[list(self.columns)].median()
        self.overall_ = X[list(self.columns)].median()
        return self

    def transform(self, X):
        check_is_fitted(self)
        filled = X.copy()
        for column in self.columns:
            typical = X[self.by].map(self.medians_[column]).fillna(self.overall_[column])
            filled[column] = X[column].where(X[column].notna(), typical)
        for column in self.columns:
            filled[f"{column}_missing"] = X[column].isna()
        return filled
