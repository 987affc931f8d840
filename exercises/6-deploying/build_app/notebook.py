# %% [markdown]
# # A service that refuses
#
# Send `NaN` to an ordinary FastAPI app whose model says "finite numbers only". It does not answer
# *422, your number is no number*. It answers *500, internal server error*, and the person on call
# gets up for a client's bug.
#
# Write `build_app(bundle)`, which returns a `fastapi.FastAPI` app around a model.
#
# **The bundle** is a dict. Do not change it.
#
# | key | is |
# |---|---|
# | `version` | text |
# | `carriers` | list of the carriers that the model knows |
# | `predict` | function: takes a record (a dict), returns the chance of being late |
# | `fallback` | the same for a record without weather |
#
# **`GET /health`** answers 200 and `{"status": "ok", "version": …}` with the bundle's version. It
# calls neither function.
#
# **`POST /predict`** takes one JSON object with these fields:
#
# | field | is |
# |---|---|
# | `carrier` | text of two characters, each `A` to `Z` or `0` to `9` |
# | `origin` | `"EWR"`, `"JFK"` or `"LGA"` |
# | `dest` | text of three letters, each `A` to `Z` |
# | `minute` | whole number from 0 to 1439: minutes since midnight (317.0: as you like) |
# | `distance` | number above 0, at most 6000: miles |
# | `temp_c` | number from -40 to 50: degrees Celsius; may be null or absent |
# | `wind_mph` | number from 0 to 150; may be null or absent |
#
# 1. **Refuse** with status 422 whatever does not fit: a field that is absent or null (other than
#    weather) or out of range, a field that is not in the table, a number written as text, `true` as
#    a number, `NaN`, `Infinity`, a number too large for a float, a body that is not JSON or no
#    object. Refused requests do not reach the model. The body of a refusal is JSON that anybody can
#    read (no `NaN` in it): `{"detail": [...]}` with an object for each fault, in which `"loc"` is a
#    list that ends with the field's name, as in FastAPI's own answers. (What it says of a body that
#    is not JSON or no object is up to you. Where FastAPI by itself answers 400, as for bytes that
#    are no text, you may leave it at that.)
# 2. **Answer** everything else with status 200 and exactly
#    `{"chance": …, "version": …, "flags": […]}`. Flags are texts in alphabetical order:
#     * `"unknown_carrier"`: the carrier is well formed, and is not in `bundle["carriers"]`. The
#       record has `None` for it then.
#     * `"no_weather"`: `temp_c` or `wind_mph` or both are null or absent. `fallback` is asked
#       instead of `predict`, and the record has neither of the two.
# 3. **The record** that the function gets is a dict of exactly the request's fields (without the
#    two weather fields for `fallback`), with the values sent. One of the functions is called, once.
# 4. **Requests do not know of each other**, also when several are answered at the same time. Apps
#    do not know of each other, either: each has its own bundle.
#
# The tests talk to your app through FastAPI's `TestClient`, and so can you:
#
# ```python
# client = TestClient(build_app(example), raise_server_exceptions=False)
# answer = client.post("/predict", json=request)
# answer.status_code, answer.json()
# # (200, {"chance": 0.3, "version": "2013-10-01", "flags": []})
# ```

# %%
import warnings
from typing import Literal

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from grader import check, hint

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # this client works with httpx, and would like its successor
    from fastapi.testclient import TestClient

example = {
    "version": "2013-10-01",
    "carriers": ["AA", "B6", "DL", "EV", "UA", "WN"],
    "predict": lambda record: 0.3,
    "fallback": lambda record: 0.23,
}
request = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "minute": 317, "distance": 1400}
request |= {"temp_c": 4.0, "wind_mph": 12.5}


# %% task="build_app"
def build_app(bundle):
    """Return a FastAPI app that answers for the bundle's model, and refuses what it must."""

    ### BEGIN SOLUTION
    class Flight(BaseModel):
        model_config = ConfigDict(strict=True, extra="forbid")

        carrier: str = Field(pattern=r"^[A-Z0-9]{2}$")
        origin: Literal["EWR", "JFK", "LGA"]
        dest: str = Field(pattern=r"^[A-Z]{3}$")
        minute: int = Field(ge=0, le=1439)
        distance: float = Field(gt=0, le=6000)
        temp_c: float | None = Field(None, ge=-40, le=50)
        wind_mph: float | None = Field(None, ge=0, le=150)

    app = FastAPI()

    @app.exception_handler(RequestValidationError)
    def refuse(_, error):
        # Without the input: JSON has no word for NaN.
        faults = [{"loc": list(fault["loc"]), "msg": fault["msg"]} for fault in error.errors()]
        return JSONResponse({"detail": faults}, status_code=422)

    @app.get("/health")
    def health():
        return {"status": "ok", "version": bundle["version"]}

    @app.post("/predict")
    def predict(flight: Flight):
        record, flags = flight.model_dump(), []
        ask = bundle["predict"]
        if flight.temp_c is None or flight.wind_mph is None:
            del record["temp_c"], record["wind_mph"]
            ask = bundle["fallback"]
            flags.append("no_weather")
        if flight.carrier not in bundle["carriers"]:
            record["carrier"] = None
            flags.append("unknown_carrier")
        return {"chance": ask(record), "version": bundle["version"], "flags": flags}

    return app
    ### END SOLUTION
