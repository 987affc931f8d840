"""Believes what the columns are called: the worked example that scores badly.

rejected by: test_2023_is_not_sound, test_the_published_year_has_all_four,
test_one_fault_is_one_name, test_the_reading_of_three_o_clock, test_never_arriving_is_late,
test_blinded_features_are_the_same, test_the_future_changes_nothing, test_as_seen_at_three,
test_a_bad_flight_is_refused, test_no_request_breaks_it,
test_the_alarm_budget_is_kept
"""


# %% find_faults
def find_faults(flights, weather, planes):
    tables = {"flights": flights, "weather": weather, "planes": planes}
    return sorted(name for name, table in tables.items() if table.isna().mean().max() > 0.999)


# %% gather
def gather(flights, weather):
    evening = flights[flights["sched_dep_time"] >= 1700].copy()
    local = pd.to_datetime(evening[["year", "month", "day", "hour", "minute"]])
    evening["departure"] = local.dt.tz_localize(NEW_YORK).dt.tz_convert("UTC")
    three = weather[weather["time_hour"].dt.hour == 15]
    date = three["time_hour"].dt
    three = three.assign(year=date.year, month=date.month, day=date.day)
    keys = ["origin", "year", "month", "day"]
    joined = evening.reset_index().merge(three[[*keys, *READING]], on=keys, how="left")
    return joined.set_index(evening.index).drop(columns="index")


# %% label
def label(flights):
    return flights["arr_delay"] >= 15


# %% features
def features(flights, weather):
    table = gather(flights, weather)
    X = table[["carrier", "origin", "dest", "distance", *READING]].copy()
    X["minute"] = table["hour"] * 60 + table["minute"]
    keys = ["month", "day", "origin"]
    mean = flights.groupby(keys)["dep_delay"].mean().rename("delay")
    X["delay"] = table.join(mean, on=keys)["delay"]
    return X


# %% train
def train(flights, weather):
    X = features(flights, weather)
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    encode = make_column_transformer((codes, NAMES), remainder="passthrough")
    model = make_pipeline(encode, HistGradientBoostingClassifier(**SETTINGS))
    return model.fit(X, label(flights)[X.index])


def predict(model, flights, weather):
    X = features(flights, weather)
    return pd.Series(model.predict_proba(X)[:, 1], index=X.index)


# %% serve
def serve(model, carriers):
    app = FastAPI()

    @app.get("/health")
    def health():
        return {"status": "ok"}

    @app.post("/predict")
    def score(day: dict):
        flights = pd.DataFrame(day["flights"])
        flights["hour"] = flights["sched_dep_time"] // 100
        flights["minute"] = flights["sched_dep_time"] % 100
        flights["dep_delay"] = flights["dep_delay"].astype(float)
        weather = pd.DataFrame(day["weather"], columns=["origin", "time_hour", *READING])
        weather["time_hour"] = pd.to_datetime(weather["time_hour"], utc=True)
        scores = predict(model, flights, weather)
        return {"scores": scores.tolist(), "flags": [] if len(weather) else ["no weather"]}

    return app


# %% alarms
def daily(flights, weather):
    date = pd.to_datetime(flights[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    local = weather["time_hour"].dt.strftime("%Y-%m-%d")
    days = flights.groupby(date)[["distance", "dep_delay", "hour"]].mean()
    return days.join(weather.groupby(local)[READING].mean())


def baseline(flights, weather):
    days = daily(flights, weather)
    return days.mean(), days.std()


def alarms(base, flights, weather):
    mean, spread = base
    odd = (daily(flights, weather) - mean).abs() > 2 * spread
    return {day: list(row[row].index) for day, row in odd.iterrows() if row.any()}
