"""Fills every gap with the overall median.

rejected by: test_the_example_is_filled, test_gaps_get_the_median_of_their_group,
test_groups_may_be_numbers, test_real_planes_of_2013
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
            filled[column] = X[column].fillna(self.overall_[column])
        for column in self.columns:
            filled[f"{column}_missing"] = X[column].isna()
        return filled
