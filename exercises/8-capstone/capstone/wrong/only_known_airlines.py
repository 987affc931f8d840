"""Encodes the airlines and airports that training saw, and raises on any other.

rejected by: test_strangers_are_scored
"""

# %% train
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def train(flights, weather):
    X = features(flights, weather)
    numbers = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
    encode = make_column_transformer((OneHotEncoder(), NAMES), remainder=numbers)
    model = make_pipeline(encode, LogisticRegression(C=0.1, max_iter=200))
    return model.fit(X, label(flights).loc[X.index])


def predict(model, flights, weather):
    X = features(flights, weather)
    return pd.Series(model.predict_proba(X).T[1], X.index)
