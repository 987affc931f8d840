"""Annotated types, a router, a response model, and the request's model made inside build_app."""

from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

Celsius = Annotated[FiniteFloat, Field(strict=True, ge=-40, le=50)]
Speed = Annotated[FiniteFloat, Field(strict=True, ge=0, le=150)]


class Answer(BaseModel):
    chance: float
    version: str
    flags: list[str]


async def refuse(request, error):
    detail = [{"loc": fault["loc"], "type": fault["type"]} for fault in error.errors()]
    return JSONResponse(status_code=422, content={"detail": detail})


def build_app(bundle):
    class Request(BaseModel):
        model_config = ConfigDict(extra="forbid")

        carrier: Annotated[str, Field(strict=True, pattern="^[A-Z0-9][A-Z0-9]$")]
        origin: Literal["LGA", "JFK", "EWR"]
        dest: Annotated[str, Field(strict=True, pattern="^[A-Z]{3}$")]
        minute: Annotated[int, Field(strict=True, ge=0, lt=24 * 60)]
        distance: Annotated[FiniteFloat, Field(strict=True, gt=0, le=6000)]
        temp_c: Celsius | None = None
        wind_mph: Speed | None = None

    router = APIRouter()

    @router.get("/health")
    def health():
        return {"status": "ok", "version": bundle["version"]}

    @router.post("/predict")
    def predict(request: Request) -> Answer:
        record = request.model_dump(exclude={"temp_c", "wind_mph"})
        flags = []
        weather = {"temp_c": request.temp_c, "wind_mph": request.wind_mph}
        if request.carrier not in set(bundle["carriers"]):
            flags = ["unknown_carrier"]
            record["carrier"] = None
        if None in weather.values():
            flags = ["no_weather", *flags]
            chance = bundle["fallback"](record)
        else:
            chance = bundle["predict"](record | weather)
        return Answer(chance=chance, version=bundle["version"], flags=flags)

    app = FastAPI(exception_handlers={RequestValidationError: refuse})
    app.include_router(router)
    return app
