# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 40, difficulty: 3, needs: [6-deploying/an-artifact-you-can-trust],
#     exercises: [build_app]}
# ---

# %% [markdown]
# # A service that refuses
#
# {{ 9 | len(nonsense) }} requests that make no sense: a flight at minute 9,999, from Oz, on a day of
# 90 °C. The service answers **{{ 9 | (first == 200).sum() }} of them with a chance**, status 200. Then
# somebody forbids `NaN`, and from that day on a `NaN` is answered with
# {{ 500 | nan_status }}, *internal server error*, and gets your colleague out of bed for a client's bug.
#
# A service has three good answers: a number, a number with a warning, and no. Most have only the
# first.
#
# After this lesson you can
#
# - **refuse** what nobody should act on, in words that the caller can read;
# - **[fall back](../glossary.md#fallback)** when a source is down, and say so in the answer;
# - **test** a service over HTTP, in the process, without a server.

# %%
import json
import warnings
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from grader import load

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the client works with httpx, and would like its successor
    from fastapi.testclient import TestClient

flights, weather = load("flights_2013"), load("weather_2013").query("~(wind_speed > 253)")
weather = weather.assign(temp_c=(weather.temp - 32) / 1.8)
weather = weather.rename(columns={"wind_speed": "wind_mph", "visib": "visib_miles"})
SCHEDULE = ["carrier", "origin", "minute", "distance"]
WEATHER = ["temp_c", "wind_mph", "humid", "visib_miles"]
before = weather.assign(time_hour=weather.time_hour + pd.Timedelta(hours=2))
table = flights.dropna(subset="arr_delay").merge(
    before[["origin", "time_hour", *WEATHER]],
    on=["origin", "time_hour"],
    how="left",
    validate="m:1",
)
table["minute"] = table.sched_dep_time // 100 * 60 + table.sched_dep_time % 100
train, test = table[table.month <= 9], table[table.month > 9]
CARRIERS, ORIGINS = sorted(train.carrier.unique()), ["EWR", "JFK", "LGA"]


def featurize(records):
    """Return the model's columns; a carrier that it does not know is -1."""
    X = pd.DataFrame(records).reindex(columns=SCHEDULE + WEATHER)
    for name, known in [("carrier", CARRIERS), ("origin", ORIGINS)]:
        codes = {text: code for code, text in enumerate(known)}
        X[name] = [codes.get(text, -1) for text in X[name]]
    return X.astype("float64")


def fit(columns):
    """Return a model of these columns."""
    model = HistGradientBoostingClassifier(max_iter=40, random_state=0)
    return model.fit(featurize(train)[columns], train.arr_delay >= 15)


model = fit(SCHEDULE + WEATHER)

# %% [markdown]
# ## Build it wrong: types are enough


# %%
class Anything(BaseModel):
    carrier: str
    origin: str
    minute: int
    distance: float
    temp_c: float | None = None
    wind_mph: float | None = None
    humid: float | None = None
    visib_miles: float | None = None


trusting = FastAPI()


@trusting.post("/predict")
def predict(flight: Anything):
    features = featurize([flight.model_dump()])
    return {"chance": model.predict_proba(features)[0, 1]}


# %% [markdown]
# `TestClient` sends a request through the whole app, body, headers, errors and all, without opening a
# port. A good request, and then nine bad ones:

# %%
good = {"carrier": "UA", "origin": "EWR", "minute": 1080, "distance": 1400}
good |= {"temp_c": 21.0, "wind_mph": 9.2, "humid": 60.0, "visib_miles": 10.0}
nonsense = {
    "minute 9999": {"minute": 9999},
    "distance -5": {"distance": -5},
    "90 degrees": {"temp_c": 90},
    "wind true": {"wind_mph": True},
    "distance as text": {"distance": "1400"},
    "from Oz": {"origin": "OZ"},
    "a name for a carrier": {"carrier": "United"},
    "misspelled field": {"temp_f": 70.0, "temp_c": None},
    "NaN": {"temp_c": float("nan")},
}


def send(app, changed, **options):
    """Send the good request with some fields changed; return the answer."""
    body = json.dumps(good | changed)  # Python writes NaN, and reads it, too
    client = TestClient(app, **options)
    return client.post("/predict", content=body, headers={"content-type": "application/json"})


print("good:", send(trusting, {}).json())
answers = {name: send(trusting, changed) for name, changed in nonsense.items()}
first = pd.Series({name: answer.status_code for name, answer in answers.items()})
said = pd.Series({name: answer.text for name, answer in answers.items()})
print(pd.DataFrame({"status": first, "answer": said.str[:48]}).to_string())

# %% [markdown]
# ## Find the cause
#
# `int` is a type. That a day has 1,440 minutes is **meaning**, and nobody wrote it down. Trees make
# it worse: they never extrapolate and never overflow. Minute 9,999 lands in the leaf of the last
# flight of the day, and out comes an ordinary chance. pydantic helps, more than you asked: it turns
# `"1400"` into 1400 and `true` into 1. The misspelled field is dropped, so the temperature is missing,
# and missing is fine with this model. So is NaN, which it takes for missing.
#
# At least the NaN is easy to forbid. Is it?


# %%
class Finite(Anything):
    temp_c: float | None = Field(None, allow_inf_nan=False)


half_strict = FastAPI()


@half_strict.post("/predict")
def predict_finite(flight: Finite):
    return {"chance": 0.2}


nan_status = send(half_strict, {"temp_c": np.nan}, raise_server_exceptions=False).status_code
print("status:", nan_status)
try:
    send(half_strict, {"temp_c": np.nan})
except ValueError as error:
    print("the reason:", error)

# %% [markdown]
# pydantic refused the NaN. FastAPI then wrote its polite answer, *422, and here is what you sent me*,
# and what you sent is a NaN, for which JSON has no word. The answer failed, so the request failed, and
# the status became 500. (FastAPI 0.165. Python's `json` reads and writes `NaN`; the standard has
# none.) The difference is not academic. A 4xx is the caller's ticket, a 5xx is your night.
#
# ## Build it right: three answers
#
# Go through all that can be strange about a request, and sort it.
#
# | strange | answer | because |
# |---|---|---|
# | impossible, unreadable, unknown field | 422, names the field | acting on a chance for it would be wrong |
# | a carrier that the model never saw | 200 and a flag | the world is allowed to change |
# | no weather | 200 from a fallback, and a flag | a source is down, the traveler still waits |
#
# Why a fallback of its own, when the model takes nulls as they are? Ask the data. (Alerts go out
# from {{ 0.3 | CUT }} on, the price of [the first lesson of this module](one-feature-function.md):
# a wrong text undoes {{ 0.43 | CUT / (1 - CUT):.2f }} of a right one.)

# %%
CUT = 0.3
plain = fit(SCHEDULE)
late = test.arr_delay >= 15
X = featurize(test)
outage = X.assign(**dict.fromkeys(WEATHER, np.nan))
chances = {
    "weather there": model.predict_proba(X)[:, 1],
    "model, nulls": model.predict_proba(outage)[:, 1],
    "model, zeros": model.predict_proba(outage.fillna(0))[:, 1],
    "fallback model": plain.predict_proba(X[SCHEDULE])[:, 1],
}
rows = {
    name: {"AUC": roc_auc_score(late, chance), "alerts": (chance >= CUT).mean()}
    for name, chance in chances.items()
}
fallbacks = pd.DataFrame(rows).T
print(fallbacks.round(3).to_string())

# %% [markdown]
# Without weather, a model that never learned about weather reaches
# {{ 0.634 | fallbacks.loc["fallback model", "AUC"]:.3f }} and alerts
# {{ 34% | fallbacks.loc["fallback model", "alerts"]:.0%}} of the travelers. The full model with nulls
# reaches {{ 0.611 | fallbacks.loc["model, nulls", "AUC"]:.3f }} and alerts
# {{ 60% | fallbacks.loc["model, nulls", "alerts"]:.0%}}. In training a null was one odd hour in
# {{ 739 | 1 / train[WEATHER].isna().any(axis=1).mean():.0f }}. It says nothing about a day without a
# feed.
#
# Second decision: the **unit**. The field is called `temp_c`, and its range is -40 to 50. Both are
# chosen for the client who sends Fahrenheit one day.

# %% alt="Histogram of the hourly temperatures of 2013, drawn twice, on a band that marks the allowed numbers from {{ -40 | ALLOWED[0] }} to {{ 50 | ALLOWED[1] }}. Sent in Celsius, from {{ -12 | (hours.min() - 32) / 1.8:.0f }} to {{ 38 | (hours.max() - 32) / 1.8:.0f }}, {{ all lie in the band | ((hours - 32) / 1.8).between(*ALLOWED).all() }}. Sent in Fahrenheit, from {{ 11 | hours.min():.0f }} to {{ 100 | hours.max():.0f }}, {{ 58% | caught:.0%}} lie outside."
ALLOWED = -40, 50
hours = weather.temp.dropna()
caught = (~hours.between(*ALLOWED)).mean()

fig, ax = plt.subplots(figsize=(6.4, 3.4))
ax.axvspan(*ALLOWED, alpha=0.12, color="C0", label="allowed: -40 to 50")
bins = np.arange(-20, 106, 3)
ax.hist((hours - 32) / 1.8, bins=bins, alpha=0.8, color="C0", hatch="//", label="sent as °C")
ax.hist(hours, bins=bins, alpha=0.7, color="C1", label="sent as °F, by mistake")
ax.set(xlabel="number in the field temp_c", ylabel="hours of 2013", xlim=(-40, 105))
ax.legend()
plt.show()

# %% [markdown]
# The range catches the mistake in {{ 58% | caught:.0%}} of the hours of 2013. The other way round, a
# field `temp_f` that gets Celsius, a range could catch *none*: every temperature in Celsius is a
# possible one in Fahrenheit. Choose the unit in which the mistake shows. What the range cannot see,
# cool hours sent in Fahrenheit, is the business of monitoring, which looks at the whole day.
#
# Now the app. Almost all of the refusing is in the first dozen lines.


# %%
class Flight(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    carrier: str = Field(pattern=r"^[A-Z0-9]{2}$")
    origin: Literal["EWR", "JFK", "LGA"]
    minute: int = Field(ge=0, le=1439)
    distance: float = Field(gt=0, le=6000)
    temp_c: float | None = Field(None, ge=ALLOWED[0], le=ALLOWED[1])
    wind_mph: float | None = Field(None, ge=0, le=150)
    humid: float | None = Field(None, ge=0, le=100)
    visib_miles: float | None = Field(None, ge=0, le=10)


def build_app(full, fallback, version):
    """Return a service around two models; everything that it needs is passed in."""
    app = FastAPI()

    @app.exception_handler(RequestValidationError)
    def refuse(_, error):
        faults = [{"loc": fault["loc"], "msg": fault["msg"]} for fault in error.errors()]
        return JSONResponse({"detail": faults}, status_code=422)  # without the input: it may be NaN

    @app.get("/health")
    def health():
        return {"status": "ok", "version": version}

    @app.post("/predict")
    def predict(flight: Flight):
        features, flags = featurize([flight.model_dump()]), []
        if features[WEATHER].isna().any(axis=None):
            flags.append("no_weather")
            chance = fallback.predict_proba(features[SCHEDULE])[0, 1]
        else:
            chance = full.predict_proba(features)[0, 1]
        if flight.carrier not in CARRIERS:
            flags.append("unknown_carrier")
        return {"chance": round(chance, 3), "version": version, "flags": flags}

    return app


app = build_app(model, plain, "2013-10-01")
answers = {name: send(app, changed) for name, changed in nonsense.items()}
second = pd.Series({name: answer.status_code for name, answer in answers.items()})
for name in ["90 degrees", "misspelled field", "NaN"]:
    print(name, answers[name].status_code, answers[name].json()["detail"])
for changed in [{}, {"carrier": "YX"}, dict.fromkeys(WEATHER)]:
    print(send(app, changed).json())

# %% [markdown]
# {{ 9 | (second == 422).sum() }} of {{ 9 | len(second) }} refused, each with the field's name. The new
# airline gets a number and a flag. Without weather the number is another model's, and the answer says
# so. `version` stands in every answer: in three months somebody will ask which model said this.
#
# Three habits hide in these lines. Models and version come in as arguments of `build_app`, so two
# releases can run side by side, and a test needs no patching. (The carriers belong to the release as
# well: in the exercise they come with it.) Nothing is kept between requests: a plain `def`
# runs in a pool of threads, and a global record would be filled by two requests at once. And
# `/health` does not ask the model. It answers the question "shall I send you traffic?", many times a
# minute.
#
# ## How a professional does it
#
# The ranges are not only checked, they are published. FastAPI makes an
# [OpenAPI](https://fastapi.tiangolo.com/tutorial/schema-extra-example/) description of them, from which
# clients generate their code, and tools like [Schemathesis](https://schemathesis.readthedocs.io/)
# generate requests that try to break you.

# %%
described = app.openapi()["components"]["schemas"]["Flight"]
print(described["properties"]["temp_c"]["anyOf"], "| extra:", described["additionalProperties"])

# %% [markdown]
# In production the same app is started by `uvicorn service:app`, behind something that ends TLS and
# knows who is asking. How long does an answer take? Measure it where it counts, with the whole way
# through validation and model, and look at the slow end, not at the mean.

# %%
from time import perf_counter

client, seconds = TestClient(app), []
for _ in range(200):
    begin = perf_counter()
    client.post("/predict", json=good)
    seconds.append(perf_counter() - begin)
median, slow = np.percentile(seconds, [50, 99]) * 1000
print(f"median {median:.1f} ms, 99th percentile {slow:.1f} ms on the machine that built this page")

# %% [markdown]
# ## Check yourself

# %% [markdown] tags=["question"]
# **A request lacks `wind_mph`, and has a field `wind_kmh`. What is the best answer?**
#
# - [ ] 200 from the fallback, flagged `no_weather` :: No: there is weather, in a field that you do not
#   know. The client would read your flag as an outage, for months.
# - [x] 422 that names `wind_kmh` :: Yes: on the first day, while its author is still at the keyboard.
# - [ ] convert it, to be helpful :: No: then the service has two definitions of a feature, and the
#   next client sends knots.

# %% [markdown] tags=["question"]
# **The weather feed is down. Why is "answer from the fallback" better than 503?**
#
# - [x] the traveler gets a number that is less sharp, and a flag that says what it is :: Yes: an AUC
#   of {{ 0.634 | fallbacks.loc["fallback model", "AUC"]:.3f }} instead of
#   {{ 0.692 | fallbacks.loc["weather there", "AUC"]:.3f }}. Whoever needs the full one can read the
#   flag and wait.
# - [ ] errors look bad in the statistics :: No: then flags must look bad, too. Count them, and alert
#   on their share.
# - [ ] the model can handle nulls anyway :: No: it can compute with them. It never saw an outage in
#   training.

# %% [markdown] tags=["question"]
# **NaN in, 500 out. Whose pager rings, and whose should?**
#
# - [ ] the client's, as it sent the NaN :: No: it sees "internal server error", and writes you a
#   ticket.
# - [x] yours rings, and the client should have been told :: Yes: 5xx means that the server failed. With
#   a handler that does not repeat the input it is a 422 with the field's name.
# - [ ] nobody's: one request in a million :: No: one broken sensor sends NaN once a minute, and your
#   error rate is its weather.

# %% [markdown]
# ## Take to work
#
# - Write the range and the unit of every field into the service. The unit goes into the name, too.
# - Refuse, or flag, or answer. Never guess, and never drop a field in silence.
# - Train the fallback. Nulls are not one.
# - Send your own service thirty bad requests before somebody else does.
#
# **Exercise:** [`build_app`](../exercises/build_app.md): the whole service, with tests that knock on
# every door.
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) ·
# [FastAPI on handling errors](https://fastapi.tiangolo.com/tutorial/handling-errors/) · [pydantic on
# strict mode](https://docs.pydantic.dev/latest/concepts/strict_mode/) · [RFC
# 8259](https://www.rfc-editor.org/rfc/rfc8259), section 6: JSON has no NaN · [RFC
# 9110](https://www.rfc-editor.org/rfc/rfc9110#name-status-codes) on what 4xx and 5xx mean
