"""Drops fields that it does not know: a misspelled temperature is no weather.

rejected by: test_fields_that_nobody_asked_for_are_refused, test_every_fault_is_named
"""

from typing import Literal

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field


class Flight(BaseModel):
    model_config = ConfigDict(strict=True)

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
