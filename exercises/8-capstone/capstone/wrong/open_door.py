"""Validates types and leaves ranges, dates and errors to luck; flags the morning's flights, too.

rejected by: test_a_bad_flight_is_refused, test_bad_requests_are_refused,
test_no_request_breaks_it, test_it_says_what_it_did_without, test_ranges_include_their_ends,
test_a_full_day_is_served
"""


# %% serve
class Flight(BaseModel):
    year: int
    month: int
    day: int
    sched_dep_time: int
    carrier: str
    flight: int
    origin: str
    dest: str
    distance: float
    dep_delay: float | None = None


class Day(BaseModel):
    flights: list[Flight]
    weather: list[Reading] = Field(default_factory=list)


def serve(model, carriers):
    app = FastAPI()

    @app.get("/health")
    def health():
        return {"status": "ok"}

    @app.post("/predict")
    def score(day: Day):
        flights = pd.DataFrame([one.model_dump() for one in day.flights])
        flights["hour"], flights["minute"] = divmod(flights["sched_dep_time"], 100)
        flights["dep_delay"] = flights["dep_delay"].astype(float)
        types = {"origin": "str", "time_hour": "datetime64[us, UTC]"}
        types |= dict.fromkeys(READING, float)
        weather = pd.DataFrame([one.model_dump() for one in day.weather], columns=[*types])
        flags = [] if len(weather) else ["no weather"]
        if not set(flights["carrier"]) <= set(carriers):
            flags.append("unknown carrier")
        scores = predict(model, flights, weather.astype(types))
        return {"scores": scores.tolist(), "flags": flags}

    return app
