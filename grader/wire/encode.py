"""Values to inert forms: JSON with tags, and blobs for array buffers.

Numbers, texts, containers, dates, NumPy and pandas values have a form of their own; anything else
is handed to `keep`, which may name it by a handle. What each form means is in `decode`.

Columns travel as raw buffers and not as Arrow streams: their reader then is `numpy.frombuffer`
behind a length check, instead of a C++ parser of a format that the other side controls.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

MAX_DEPTH = 60
PLAIN_INT = 2**53
DTYPE = re.compile(
    r"[<>|=]?(?:b1|[iu][1248]|f[248]|c(?:8|16)|[US][1-9]\d{0,6}"
    r"|[mM]8(?:\[\d{0,4}(?:Y|M|W|D|h|m|s|ms|us|ns)\])?)"
)
MASKED = re.compile(r"U?Int(?:8|16|32|64)|Float(?:32|64)|boolean")
ARROW = re.compile(
    r"(?:bool|u?int(?:8|16|32|64)|float|double|halffloat|string|large_string|date32\[day\]"
    r"|timestamp\[(?:s|ms|us|ns)(?:, tz=[\w/+:-]{1,64})?\]|duration\[(?:s|ms|us|ns)\])\[pyarrow\]"
)
DECIMAL = re.compile(r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?(?:E[+-]?\d{1,4})?|NaN|Infinity)")


class WireError(Exception):
    """Report bytes that are no message, or a value that fits into none."""


class Writer:
    """Turn values into JSON with tags; large parts go to `blobs`."""

    def __init__(self, keep: Callable[[Any], Any] | None) -> None:
        self.blobs: list[bytes] = []
        self.keep = keep

    def encode(self, value: Any, depth: int = 0) -> Any:
        if depth > MAX_DEPTH:
            raise WireError("the value is nested too deeply")
        if value is None or value is True or value is False:
            return value
        form = self.number_or_text(value)
        if form is None:
            form = self.container(value, depth + 1)
        if form is None:
            form = _moment(value)
        if form is None:
            form = self.table(value, depth + 1)
        if form is None:
            if self.keep is None:
                raise WireError(f"a value of type {type(value).__name__} cannot cross the wall")
            form = {"t": "kept", "v": self.keep(value)}
        return form

    def number_or_text(self, value: Any) -> Any:
        import numpy as np

        if isinstance(value, np.generic) and not isinstance(value, np.str_ | np.bytes_):
            return self.scalar(value)
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            number = int.__index__(value)
            return number if abs(number) < PLAIN_INT else {"t": "int", "v": f"{number:x}"}
        if isinstance(value, float):
            number_ = float.__float__(value)
            return number_ if math.isfinite(number_) else {"t": "float", "v": repr(number_)}
        if isinstance(value, bytes | bytearray):
            return {"t": "bytes", "b": self.blob(bytes(value))}
        return None

    def scalar(self, value: Any) -> Any:
        import numpy as np

        array = np.asarray(value)
        if not DTYPE.fullmatch(array.dtype.str):
            return None
        return {"t": "scalar", "v": self.array(array)}

    def container(self, value: Any, depth: int) -> Any:
        for kind, tag in ((list, None), (tuple, "tuple"), (set, "set"), (frozenset, "frozenset")):
            if isinstance(value, kind):
                items = [self.encode(item, depth) for item in kind.__iter__(value)]  # type: ignore[arg-type]
                return items if tag is None else {"t": tag, "v": items}
        if isinstance(value, dict):
            pairs = dict.items(value)
            return {
                "t": "dict",
                "v": [[self.encode(k, depth), self.encode(v, depth)] for k, v in pairs],
            }
        if isinstance(value, range):
            return {"t": "range", "v": [value.start, value.stop, value.step]}
        return None

    def table(self, value: Any, depth: int) -> Any:
        import numpy as np
        import pandas as pd

        if type(value) is np.ndarray:
            return self.any_array(value, depth)
        if isinstance(value, pd.DataFrame):
            return self.data_frame(value, depth)
        if isinstance(value, pd.Series):
            form = {
                "name": self.encode(value.name, depth),
                "index": self.encode(value.index, depth),
            }
            return {"t": "series", "v": self.column(value.array, depth), **form}
        if isinstance(value, pd.RangeIndex):
            bounds = [value.start, value.stop, value.step]
            return {"t": "range_index", "v": bounds, "name": self.encode(value.name, depth)}
        if isinstance(value, pd.MultiIndex):
            levels = [
                self.column(value.get_level_values(n).array, depth) for n in range(value.nlevels)
            ]
            return {"t": "multi_index", "v": levels, "names": self.encode(list(value.names), depth)}
        if isinstance(value, pd.Index):
            name = self.encode(value.name, depth)
            return {"t": "index", "v": self.column(value.array, depth), "name": name}
        if isinstance(value, pd.api.extensions.ExtensionArray):
            return {"t": "extension", "v": self.column(value, depth)}
        return None

    def data_frame(self, value: Any, depth: int) -> Any:
        columns = [self.column(value.iloc[:, n].array, depth) for n in range(value.shape[1])]
        index, names = self.encode(value.index, depth), self.encode(value.columns, depth)
        return {"t": "frame", "v": columns, "index": index, "columns": names}

    def any_array(self, value: Any, depth: int) -> Any:
        if value.dtype == object:
            items = [self.encode(item, depth) for item in value.ravel().tolist()]
            return {"t": "objects", "v": items, "s": list(value.shape)}
        if not DTYPE.fullmatch(value.dtype.str):
            return None
        return {"t": "array", "v": self.array(value)}

    def array(self, value: Any) -> Any:
        data = self.blob(value.tobytes())
        return {"d": value.dtype.str, "s": list(value.shape), "b": data}

    def column(self, values: Any, depth: int) -> Any:
        """Encode one pandas array by its dtype; values of other dtypes go one by one."""
        import numpy as np
        import pandas as pd

        if isinstance(values, pd.arrays.NumpyExtensionArray):
            values = values.to_numpy()
        dtype = values.dtype
        if isinstance(dtype, pd.StringDtype):
            return self.texts(values, dtype)
        if isinstance(dtype, pd.CategoricalDtype):
            categories = self.encode(dtype.categories, depth)
            codes = self.array(np.asarray(values.codes))
            return {"c": "category", "v": codes, "of": categories, "ordered": bool(dtype.ordered)}
        if isinstance(dtype, pd.DatetimeTZDtype):
            ticks = self.array(np.asarray(values.asi8))
            return {"c": "zoned", "v": ticks, "unit": dtype.unit, "tz": _zone_name(dtype.tz)}
        if MASKED.fullmatch(str(dtype)):
            missing = np.asarray(values.isna())
            filled = values.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
            return {
                "c": "masked",
                "d": str(dtype),
                "v": self.array(filled),
                "na": self.array(missing),
            }
        if isinstance(dtype, np.dtype) and DTYPE.fullmatch(dtype.str):
            return {"c": "plain", "v": self.array(np.asarray(values))}
        items = [self.encode(item, depth) for item in values]
        arrow = str(dtype) if ARROW.fullmatch(str(dtype)) else ""
        return {"c": "objects", "v": items, "d": arrow}

    def texts(self, values: Any, dtype: Any) -> Any:
        import pandas as pd

        missing = "NA" if dtype.na_value is pd.NA else "nan"
        joined, lengths = _joined_arrow(values) if dtype.storage == "pyarrow" else _joined(values)
        form = {"v": self.blob(joined), "n": self.array(lengths)}
        return {"c": "texts", **form, "na": missing, "in": dtype.storage}

    def blob(self, data: bytes) -> int:
        self.blobs.append(data)
        return len(self.blobs) - 1


def _joined(values: Any) -> tuple[bytes, Any]:
    """Return a column's texts as one, in UTF-8, and the characters of each (-1: it is null)."""
    import numpy as np
    import pandas as pd

    items = [None if item is pd.NA or item != item else item for item in values]
    lengths = np.array([-1 if item is None else len(item) for item in items], dtype="<i4")
    joined = "".join(item for item in items if item is not None)
    return joined.encode("utf-8", "surrogatepass"), lengths


def _joined_arrow(values: Any) -> tuple[bytes, Any]:
    """Do the same for a column whose texts Arrow holds in one piece already."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    chunks = pa.chunked_array(pa.array(values))
    lengths = pc.fill_null(pc.utf8_length(chunks), -1).to_numpy().astype("<i4")
    whole = pc.fill_null(chunks, "").cast(pa.large_string()).combine_chunks()
    _, offsets, data = whole.buffers()
    if data is None or not len(whole):
        return b"", lengths
    ends = np.frombuffer(offsets, dtype="i8")[whole.offset : whole.offset + len(whole) + 1]
    return data[ends[0] : ends[-1]].to_pybytes(), lengths


def _moment(value: Any) -> Any:
    """Encode dates, times and spans; pandas' own come before the standard classes they extend."""
    import pandas as pd

    if value is pd.NaT:
        return {"t": "NaT"}
    if value is pd.NA:
        return {"t": "NA"}
    if isinstance(value, pd.Timestamp):
        zone = None if value.tz is None else _zone_name(value.tz)
        return {"t": "timestamp", "v": value.asm8.view("i8").item(), "unit": value.unit, "tz": zone}
    if isinstance(value, pd.Timedelta):
        return {"t": "timedelta_pd", "v": value.asm8.view("i8").item(), "unit": value.unit}
    if isinstance(value, datetime):
        naive = value.replace(tzinfo=None).isoformat()
        zone = None if value.tzinfo is None else _zone_name(value.tzinfo, value)
        return {"t": "datetime", "v": naive, "fold": value.fold, "tz": zone}
    if isinstance(value, date):
        return {"t": "date", "v": value.isoformat()}
    if isinstance(value, time) and value.tzinfo is None:
        return {"t": "time", "v": value.isoformat()}
    if isinstance(value, timedelta):
        return {"t": "timedelta", "v": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, Decimal) and DECIMAL.fullmatch(str(value)):
        return {"t": "decimal", "v": str(value)}
    return None


def _zone_name(zone: tzinfo | None, at: datetime | None = None) -> str:
    key = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if isinstance(key, str):
        return key
    offset = zone.utcoffset(at) if zone else None
    return f"{(offset or timedelta(0)).total_seconds():.0f}"
