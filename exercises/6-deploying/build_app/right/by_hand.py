"""Reads the body itself and checks it field by field, without pydantic."""

import json
import math
import re

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.requests import Request

FORMS = {"carrier": r"[A-Z0-9]{2}", "origin": r"EWR|JFK|LGA", "dest": r"[A-Z]{3}"}
RANGES = {"minute": (0, 1439), "distance": (0, 6000), "temp_c": (-40, 50), "wind_mph": (0, 150)}


def fault(field, value):
    if field in FORMS:
        good = isinstance(value, str) and re.fullmatch(FORMS[field], value)
        return None if good else "not of its form"
    kinds = int if field == "minute" else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not math.isfinite(value):
        return "not a number"
    low, high = RANGES[field]
    if not low <= value <= high or (field == "distance" and value == 0):
        return "out of range"
    return None


def faults(body):
    if not isinstance(body, dict):
        return {"": "not an object"}
    found = {field: "no such field" for field in body if field not in {**FORMS, **RANGES}}
    for field in (*FORMS, *RANGES):
        if body.get(field) is None and field in ("temp_c", "wind_mph"):
            continue
        if field not in body:
            found[field] = "absent"
        elif problem := fault(field, body[field]):
            found[field] = problem
    return found


def build_app(bundle):
    app = FastAPI()
    known = frozenset(bundle["carriers"])

    @app.get("/health")
    async def health():
        return {"status": "ok", "version": bundle["version"]}

    @app.post("/predict")
    async def predict(request: Request):
        try:
            body = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"detail": [{"loc": ["body"], "msg": "not JSON"}]}, 422)
        if found := faults(body):
            said = [{"loc": ["body", name], "msg": why} for name, why in found.items()]
            return JSONResponse({"detail": said}, 422)
        record = dict(body)
        flags = set()
        if record["carrier"] not in known:
            record["carrier"] = None
            flags.add("unknown_carrier")
        if record.get("temp_c") is None or record.get("wind_mph") is None:
            flags.add("no_weather")
            record = {k: v for k, v in record.items() if k not in ("temp_c", "wind_mph")}
        ask = bundle["fallback" if "no_weather" in flags else "predict"]
        chance = await run_in_threadpool(ask, record)
        return {"chance": chance, "version": bundle["version"], "flags": sorted(flags)}

    return app
