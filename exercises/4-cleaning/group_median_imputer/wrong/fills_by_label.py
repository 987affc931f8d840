"""Aligns what it fills in by index label, which raises when labels repeat.

rejected by: test_rows_and_other_columns_stay
"""

import numpy as np
import pandas as pd
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
            for label in X.index[X[column].isna()]:
                median = self.medians_[column].get(X.loc[label, self.by], np.nan)
                filled.loc[label, column] = self.overall_[column] if pd.isna(median) else median
        for column in self.columns:
            filled[f"{column}_missing"] = X[column].isna()
        return filled
