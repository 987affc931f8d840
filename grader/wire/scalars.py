"""Numbers, moments, spans and names to inert forms and back, each of exactly its class.

Of pandas' own classes as of the standard library's: a form says no more than texts and numbers.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath, PureWindowsPath
from types import EllipsisType, NotImplementedType
from typing import Any
from zoneinfo import ZoneInfo

from grader.wire.forms import DECIMAL, MAX_DIGITS, PLAIN_INT, WireError

MAX_LENGTH = 50_000_000
UNITS = {"s", "ms", "us", "ns"}


def write(value: Any) -> Any:
    """Return the form of a value of exactly one of these classes, else None."""
    writer = _WRITERS.get(type(value))
    return None if writer is None else writer(value)


def _write_int(value: int) -> Any:
    return value if abs(value) < PLAIN_INT else {"t": "int", "v": f"{value:x}"}


def _write_float(value: float) -> Any:
    return value if math.isfinite(value) else {"t": "float", "v": repr(value)}


def _write_range(value: range) -> Any:
    return {"t": "range", "v": [value.start, value.stop, value.step]}


def _write_decimal(value: Decimal) -> Any:
    return {"t": "decimal", "v": str(value)} if DECIMAL.fullmatch(str(value)) else None


def _write_datetime(value: datetime) -> Any:
    zone = None if value.tzinfo is None else zone_name(value.tzinfo, value)
    naive = value.replace(tzinfo=None).isoformat()
    return {"t": "datetime", "v": naive, "fold": value.fold, "tz": zone}


def _write_time(value: time) -> Any:
    zone = None if value.tzinfo is None else zone_name(value.tzinfo)
    naive = value.replace(tzinfo=None).isoformat()
    return {"t": "time", "v": naive, "fold": value.fold, "tz": zone}


def _write_zone(value: timezone | ZoneInfo) -> Any:
    return {"t": "zone", "v": zone_name(value)}


def zone_name(zone: Any, at: datetime | None = None) -> str:
    """Name a zone, or its distance from UTC: for good, or else at a moment."""
    key = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if isinstance(key, str):
        return key
    offset = zone.utcoffset(at)
    if offset is None or offset.microseconds:
        raise WireError(f"times in a zone of {type(zone).__name__} cannot cross; use ZoneInfo")
    return f"{offset.total_seconds():.0f}"


def write_pandas(value: Any) -> Any:
    """Do the same for pandas' own moments and spans."""
    import pandas as pd

    if value is pd.NaT:
        return {"t": "NaT"}
    if value is pd.NA:
        return {"t": "NA"}
    if type(value) is pd.Timestamp:
        zone = None if value.tz is None else zone_name(value.tz, value)
        return {"t": "timestamp", "v": value.asm8.view("i8").item(), "unit": value.unit, "tz": zone}
    if type(value) is pd.Timedelta:
        return {"t": "timedelta_pd", "v": value.asm8.view("i8").item(), "unit": value.unit}
    return None


_WRITERS: dict[type, Callable[[Any], Any]] = {
    int: _write_int,
    float: _write_float,
    str: lambda value: value,
    complex: lambda v: {"t": "complex", "v": [_write_float(v.real), _write_float(v.imag)]},
    Fraction: lambda v: {
        "t": "fraction",
        "v": [_write_int(v.numerator), _write_int(v.denominator)],
    },
    Decimal: _write_decimal,
    range: _write_range,
    datetime: _write_datetime,
    date: lambda value: {"t": "date", "v": value.isoformat()},
    time: _write_time,
    timedelta: lambda v: {"t": "timedelta", "v": [v.days, v.seconds, v.microseconds]},
    timezone: _write_zone,
    ZoneInfo: _write_zone,
    uuid.UUID: lambda value: {"t": "uuid", "v": value.hex},
    PurePosixPath: lambda value: {"t": "path", "v": str(value), "on": "posix"},
    PureWindowsPath: lambda value: {"t": "path", "v": str(value), "on": "windows"},
    EllipsisType: lambda _: {"t": "name", "v": "Ellipsis"},
    NotImplementedType: lambda _: {"t": "name", "v": "NotImplemented"},
}


def read_range(form: Any) -> range:
    """Read a range that is no longer than what it may stand for."""
    start, stop, step = form
    values = range(start, stop, step)
    if not all(abs(n) < PLAIN_INT for n in (start, stop, step)) or len(values) > MAX_LENGTH:
        raise WireError("the message has too long a range")
    return values


def _read_integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise WireError("the message has too long a number")
    return int(text, 16)


def _number(form: Any) -> Any:
    """Read a whole or broken number within another form."""
    if type(form) in (int, float):
        return form
    return {"int": _read_integer, "float": _read_float}[form["t"]](form["v"])


def _read_float(text: str) -> float:
    return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text]


def _read_complex(form: dict[str, Any]) -> complex:
    real, imaginary = map(_number, form["v"])
    return complex(float(real), float(imaginary))


def _read_fraction(form: dict[str, Any]) -> Fraction:
    above, below = map(_number, form["v"])
    return Fraction(above, below)


def _read_decimal(text: str) -> Decimal:
    if not DECIMAL.fullmatch(text):
        raise WireError("the message has a malformed decimal")
    return Decimal(text)


def read_zone(name: Any) -> tzinfo | None:
    """Read a zone by its name in the time zone database, or by its distance from UTC."""
    if name is None:
        return None
    if name == "UTC":
        return UTC
    if re.fullmatch(r"-?\d{1,5}", name):
        return timezone(timedelta(seconds=int(name)))
    return ZoneInfo(name)


def unit_of(form: dict[str, Any]) -> str:
    """Read the unit of a form's ticks."""
    if form["unit"] not in UNITS:
        raise WireError("the message has a time of unknown unit")
    return str(form["unit"])


def _read_timestamp(form: dict[str, Any]) -> Any:
    import numpy as np
    import pandas as pd

    ticks: Any = np.array(form["v"], dtype="i8").view(f"M8[{unit_of(form)}]")
    moment = pd.Timestamp(in_calendar(ticks)[()])
    zone = read_zone(form["tz"])
    return moment if zone is None else moment.tz_localize("UTC").tz_convert(zone)


def _read_timedelta_pd(form: dict[str, Any]) -> Any:
    import numpy as np
    import pandas as pd

    ticks: Any = np.array(form["v"], dtype="i8").view(f"m8[{unit_of(form)}]")[()]
    return pd.Timedelta(ticks)


def in_calendar(moments: Any) -> Any:
    """Refuse what is outside the years 1 to 9999, where pandas cannot even print it."""
    import numpy as np

    unit, _ = np.datetime_data(moments.dtype)
    if unit in ("generic", "ns", "ps", "fs", "as"):  # cannot be outside, or mean nothing
        return moments
    first, last = np.array(["0001-01-02", "9999-12-30"], dtype="M8[D]").astype(moments.dtype)
    if not (np.isnat(moments) | ((moments >= first) & (moments <= last))).all():
        raise WireError("the message has a time outside the calendar")
    return moments


def _read_datetime(form: dict[str, Any]) -> datetime:
    moment = datetime.fromisoformat(form["v"]).replace(fold=1 if form["fold"] else 0)
    return moment.replace(tzinfo=read_zone(form["tz"]))


def _read_time(form: dict[str, Any]) -> time:
    moment = time.fromisoformat(form["v"]).replace(fold=1 if form["fold"] else 0)
    return moment.replace(tzinfo=read_zone(form["tz"]))


def _read_path(form: dict[str, Any]) -> PurePosixPath | PureWindowsPath:
    return PurePosixPath(form["v"]) if form["on"] == "posix" else PureWindowsPath(form["v"])


def _read_na(form: dict[str, Any]) -> Any:
    import pandas as pd

    return pd.NaT if form["t"] == "NaT" else pd.NA


READERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "int": lambda form: _read_integer(form["v"]),
    "float": lambda form: _read_float(form["v"]),
    "complex": _read_complex,
    "fraction": _read_fraction,
    "decimal": lambda form: _read_decimal(form["v"]),
    "timestamp": _read_timestamp,
    "timedelta_pd": _read_timedelta_pd,
    "datetime": _read_datetime,
    "date": lambda form: date.fromisoformat(form["v"]),
    "time": _read_time,
    "timedelta": lambda form: timedelta(*form["v"]),
    "zone": lambda form: read_zone(form["v"]),
    "uuid": lambda form: uuid.UUID(hex=form["v"]),
    "path": _read_path,
    "name": lambda form: {"Ellipsis": ..., "NotImplemented": NotImplemented}[form["v"]],
    "NaT": _read_na,
    "NA": _read_na,
}
