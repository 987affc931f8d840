"""Keeps the record in the app and fills it anew with each request: answers get mixed.

rejected by: test_requests_at_the_same_time_do_not_mix
"""

from typing import Literal

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field


class Flight(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    carrier: str = Field(pattern=r"^[A-Z0-9]{2}$")
    origin: Literal["EWR", "JFK", "LGA"]
    dest: str = Field(pattern=r"^[A-Z]{3}$")
    minute: int = Field(ge=0, le=1439)
    distance: float = Field(gt=0, le=6000)
    temp_c: float | None = Field(None, ge=-40, le=50)
    wind_mph: float | None = Field(None, ge=0, le=150)


def build_app(bundle):
    app = FastAPI()

    @app.exception_handler(RequestValidationError)
    def refuse(_, error):
        faults = [{"loc": list(fault["loc"]), "msg": fault["msg"]} for fault in error.errors()]
        return JSONResponse({"detail": faults}, status_code=422)

    @app.get("/health")
    def health():
        return {"status": "ok", "version": bundle["version"]}

    @app.post("/predict")
    def predict(flight: Flight):
        app.state.record = record = flight.model_dump()
        app.state.flags = flags = []
        ask = bundle["predict"]
        if flight.temp_c is None or flight.wind_mph is None:
            del record["temp_c"], record["wind_mph"]
            ask = bundle["fallback"]
            flags.append("no_weather")
        if flight.carrier not in bundle["carriers"]:
            record["carrier"] = None
            flags.append("unknown_carrier")
        chance = ask(record)
        return {"chance": chance, "version": bundle["version"], "flags": app.state.flags}

    return app
