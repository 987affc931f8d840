"""Fills first and asks afterwards where the gaps are: nowhere.

rejected by: test_the_example_is_flagged, test_flags_tell_where_gaps_were,
test_it_works_in_a_pipeline
"""

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted


class GroupMedianImputer(TransformerMixin, BaseEstimator):
    def __init__(self, by, columns):
        self.by = by
        self.columns = columns

    def fit(self, X, y=None):
        self.medians_ = X.groupby(self.by)[self.columns].median()
        self.overall_ = X[self.columns].median()
        return self

    def transform(self, X):
        check_is_fitted(self)
        filled = X.copy()
        for column in self.columns:
            typical = X[self.by].map(self.medians_[column]).fillna(self.overall_[column])
            filled[column] = X[column].where(X[column].notna(), typical)
        for column in self.columns:
            filled[f"{column}_missing"] = filled[column].isna()
        return filled
