"""Learns codes, columns and ranks from the table at hand, as if it were always the same one.

rejected by: test_a_day_alone, test_order_is_luck, test_features_are_numbers_or_text,
test_the_columns_do_not_depend_on_the_day, test_a_prediction_is_for_a_flight
"""


# %% features
def features(flights, weather):
    table = gather(flights, weather)
    flights["row"] = np.arange(len(flights))
    X = pd.get_dummies(table[["carrier", "origin", "distance", *READING]])
    X["dest"] = table["dest"].astype("category").cat.codes
    X["minute"] = table["hour"] * 60 + table["minute"]
    X["busy"] = table.groupby(["month", "day"]).cumcount()
    X["temp"] = (X["temp"] - X["temp"].mean()) / X["temp"].std()
    return X


# %% train
def train(flights, weather):
    X = features(flights, weather)
    model = HistGradientBoostingClassifier(**SETTINGS).fit(X, label(flights)[X.index])
    return model, list(X.columns)


def predict(model, flights, weather):
    fitted, columns = model
    X = features(flights, weather)
    scores = fitted.predict_proba(X.reindex(columns=columns, fill_value=0))[:, 1]
    return pd.Series(scores, index=X.index).rank(pct=True)
