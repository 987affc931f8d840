"""Says no to everything: every fault, every flight late, every request refused, every day odd.

rejected by: test_2013_is_sound, test_one_fault_is_one_name, test_harmless_deliveries_are_sound,
test_the_limits_are_where_they_are_stated, test_light_winds_count,
test_the_delivery_is_left_alone, test_late_or_never, test_fifteen_minutes_are_late,
test_never_arriving_is_late, test_labels_keep_the_index, test_predictions_are_probabilities,
test_the_hidden_quarter, test_training_learns_from_its_tables, test_the_example_is_answered,
test_bad_requests_are_refused, test_it_answers_what_predict_answers,
test_it_says_what_it_did_without, test_ranges_include_their_ends, test_a_full_day_is_served,
test_health_is_told, test_the_alarm_budget_is_kept, test_an_alarm_names_its_day
"""


# %% find_faults
def find_faults(flights, weather, planes):
    return ["flight_clock", "gust", "stand_in", "weather_clock"]


# %% label
def label(flights):
    return pd.Series(True, index=range(len(flights)))


# %% train
def train(flights, weather):
    return 0.99


def predict(model, flights, weather):
    return pd.Series(model, index=features(flights, weather).index)


# %% serve
def serve(model, carriers):
    app = FastAPI()

    @app.get("/health")
    @app.post("/predict")
    def refuse():
        return JSONResponse({"detail": "not today"}, status_code=422)

    return app


# %% alarms
def baseline(flights, weather):
    return "as always"


def alarms(base, flights, weather):
    dates = pd.to_datetime(flights[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    return {date: ["something is different"] for date in sorted(set(dates))}
