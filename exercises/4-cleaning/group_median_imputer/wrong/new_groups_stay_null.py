"""Looks the group up and leaves a null where it finds none.

rejected by: test_the_example_is_filled, test_a_new_group_gets_the_overall_median,
test_a_null_group_gets_the_overall_median, test_a_group_of_gaps_gets_the_overall_median
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
            typical = X[self.by].map(self.medians_[column])
            filled[column] = X[column].where(X[column].notna(), typical)
        for column in self.columns:
            filled[f"{column}_missing"] = X[column].isna()
        return filled
