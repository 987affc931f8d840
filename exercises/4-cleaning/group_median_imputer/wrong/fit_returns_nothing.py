"""Learns, and forgets to return the imputer.

rejected by: test_the_example_is_filled, test_the_example_is_flagged, test_fit_returns_the_imputer,
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

    def transform(self, X):
        check_is_fitted(self)
        filled = X.copy()
        for column in self.columns:
            typical = X[self.by].map(self.medians_[column]).fillna(self.overall_[column])
            filled[column] = X[column].where(X[column].notna(), typical)
        for column in self.columns:
            filled[f"{column}_missing"] = X[column].isna()
        return filled
