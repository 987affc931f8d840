"""No models of Pydantic: the service reads the body itself; a linear model does the rest."""


# %% gather
def gather(flights, weather):
    evening = flights.loc[flights["sched_dep_time"].ge(1700)].copy()
    local = weather["time_hour"].dt.tz_convert(NEW_YORK)
    clock = local.dt.hour * 60 + local.dt.minute
    usable = weather.assign(year=local.dt.year, month=local.dt.month, day=local.dt.day)
    usable = usable[clock.between(720, 900)].sort_values("time_hour")
    keys = ["origin", "year", "month", "day"]
    last = usable.drop_duplicates(keys, keep="last").set_index(keys)[READING]
    joined = evening.join(last, on=keys)
    wall = pd.to_datetime(evening[["year", "month", "day", "hour", "minute"]])
    joined["departure"] = wall.dt.tz_localize("America/New_York").dt.tz_convert("UTC")
    return joined


# %% label
def label(flights):
    return flights["arr_delay"].fillna(999.0) >= 15.0


# %% train
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def train(flights, weather):
    X = features(flights, weather)
    words = OneHotEncoder(handle_unknown="ignore", min_frequency=20)
    numbers = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
    encode = make_column_transformer((words, NAMES), remainder=numbers)
    model = make_pipeline(encode, LogisticRegression(C=0.1, max_iter=200))
    return model.fit(X, label(flights).loc[X.index])


def predict(model, flights, weather):
    X = features(flights, weather)
    return pd.Series(model.predict_proba(X).T[1], X.index)


# %% serve
import json
import math
import re

from fastapi import Request
from starlette.concurrency import run_in_threadpool

WHOLE = ("year", "month", "day", "sched_dep_time", "flight")
TEXTS = {"carrier": "[A-Z0-9]{2}", "dest": "[A-Z]{3}", "origin": "EWR|JFK|LGA"}


def need(holds, why):
    if not holds:
        raise ValueError(why)


def number(values, name, nullable=False):
    value, (low, high) = values[name], RANGES[name]
    if value is None:
        need(nullable, f"{name} is null")
        return
    kinds = int if name in WHOLE else (int, float)
    need(isinstance(value, kinds) and not isinstance(value, bool), f"{name} is no number")
    need(math.isfinite(value) and low <= value <= high, f"{name} is out of range")


def text(values, name):
    need(isinstance(values[name], str), f"{name} is no text")
    need(re.fullmatch(TEXTS[name], values[name]), f"{name} is not known")


def fields(values, names):
    need(isinstance(values, dict) and set(values) == set(names), "other fields than asked for")


def checked(body):
    fields(body, ["flights", "weather"])
    need(all(isinstance(part, list) for part in body.values()), "lists are needed")
    need(0 < len(body["flights"]) <= 2000, "too few flights, or too many")
    for one in body["flights"]:
        fields(one, [*WHOLE, *TEXTS, "distance", "dep_delay"])
        for name in (*WHOLE, "distance"):
            number(one, name)
        number(one, "dep_delay", nullable=True)
        for name in TEXTS:
            text(one, name)
        datetime(one["year"], one["month"], one["day"], *divmod(one["sched_dep_time"], 100))
    for one in body["weather"]:
        fields(one, ["origin", "time_hour", *READING])
        text(one, "origin")
        for name in READING:
            number(one, name, nullable=True)
        need(isinstance(one["time_hour"], str), "time_hour is no text")
        need(datetime.fromisoformat(one["time_hour"]).tzinfo, "time_hour has no zone")
    need(len({(o["year"], o["month"], o["day"]) for o in body["flights"]}) == 1, "two dates")
    need(max(o["sched_dep_time"] for o in body["flights"]) >= 1700, "no evening")
    return body


def answer(model, carriers, body):
    flights = pd.DataFrame(body["flights"])
    flights["hour"] = flights["sched_dep_time"] // 100
    flights["minute"] = flights["sched_dep_time"] % 100
    flights["dep_delay"] = pd.to_numeric(flights["dep_delay"])
    flights = flights.astype({"dep_delay": "float64"})
    weather = pd.DataFrame(body["weather"], columns=["origin", "time_hour", *READING])
    weather["time_hour"] = pd.to_datetime(weather["time_hour"], utc=True, format="ISO8601")
    weather = weather.astype(dict.fromkeys(READING, "float64"))
    table = gather(flights, weather)
    flags = set()
    for row in table.to_dict("records"):
        if all(pd.isna(row[column]) for column in READING):
            flags.add("no weather")
        if row["carrier"] not in carriers:
            flags.add("unknown carrier")
    return {"scores": list(predict(model, flights, weather)), "flags": sorted(flags)}


def serve(model, carriers):
    app = FastAPI()

    async def health(request: Request):
        return JSONResponse({"status": "ok"})

    async def score(request: Request):
        try:
            body = checked(json.loads(await request.body()))
        except (ValueError, RecursionError, OverflowError) as error:
            return JSONResponse({"refused": str(error)[:100]}, status_code=422)
        return JSONResponse(await run_in_threadpool(answer, model, carriers, body))

    app.add_route("/health", health)
    app.add_route("/predict", score, methods=["POST"])
    return app
