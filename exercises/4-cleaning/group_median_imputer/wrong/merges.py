"""Joins the medians with merge, which numbers the rows anew.

rejected by: test_rows_and_other_columns_stay, test_a_row_alone_is_a_row_in_the_batch
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
        medians = self.medians_.add_suffix("_median").reset_index()
        joined = X.merge(medians, on=self.by, how="left")
        for column in self.columns:
            joined[f"{column}_missing"] = joined[column].isna()
            typical = joined.pop(f"{column}_median").fillna(self.overall_[column])
            joined[column] = joined[column].fillna(typical)
        return joined
