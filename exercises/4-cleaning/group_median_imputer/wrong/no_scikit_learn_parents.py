"""Writes fit and transform, and nothing that scikit-learn needs beside them.

rejected by: test_an_imputer_can_be_cloned, test_a_clone_is_unfitted_and_equal,
test_fit_returns_the_imputer
"""


class GroupMedianImputer:
    def __init__(self, by, columns):
        self.by = by
        self.columns = columns

    def fit(self, X, y=None):
        self.medians_ = X.groupby(self.by)[self.columns].median()
        self.overall_ = X[self.columns].median()
        return self

    def transform(self, X):
        if not hasattr(self, "medians_"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError("fit comes first")
        filled = X.copy()
        for column in self.columns:
            typical = X[self.by].map(self.medians_[column]).fillna(self.overall_[column])
            filled[column] = X[column].where(X[column].notna(), typical)
        for column in self.columns:
            filled[f"{column}_missing"] = X[column].isna()
        return filled
