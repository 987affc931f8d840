"""Values to inert forms: JSON with tags, and blobs for array buffers.

Numbers, texts, containers, dates, NumPy and pandas values have a form of their own; anything else
is handed to `keep`, which may name it by a handle. What each form means is in `decode`.

Columns travel as raw buffers and not as Arrow streams: their reader then is `numpy.frombuffer`
behind a length check, instead of a C++ parser of a format that the other side controls.
"""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

from grader.wire import kinds, scalars, spans
from grader.wire.forms import ARROW, DTYPE, MASKED, MAX_DEPTH, WireError, hashable


class Writer:
    """Turn values into JSON with tags; large parts go to `blobs`."""

    def __init__(self, keep: Callable[[Any], Any] | None) -> None:
        self.blobs: list[bytes] = []
        self.keep = keep

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return the form of a value that is exactly of a plain class, or keep it."""
        form = self.exact(value, depth)
        return self.kept(value, depth) if form is None and value is not None else form

    def exact(self, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise WireError("the value is nested too deeply")
        if value is None or value is True or value is False:
            return value
        form = scalars.write(value)
        if form is None:
            form = self.container(value, depth + 1)
        # What was never imported has no values.
        if form is None and "numpy" in sys.modules:
            form = self.number(value)
        if form is None and "pandas" in sys.modules:
            form = scalars.write_pandas(value) or spans.write(value, self.encode)
        if form is None and "pandas" in sys.modules:
            form = self.table(value, depth + 1)
        if form is None and "numpy" in sys.modules:
            form = self.any_array(value, depth + 1)
        return form

    def kept(self, value: Any, depth: int) -> Any:
        """Name an object that stays where it is, with its plain value unless that may change.

        Where objects cannot stay, or `keep` names none, those with a plain value cross as that.
        """
        kind = kinds.kind_of(value)
        if kind and type(value) is kind.plain_type is not defaultdict:
            kind = None  # plain, and yet without a form: a set of objects, a number too long
        name = self.keep(value) if self.keep else None
        if name is None:
            if kind is None:
                raise WireError(f"a {type(value).__name__} cannot cross; turn it into text")
            return self.encode(kind.plain(value), depth + 1)
        form = {"t": "kept", "v": name}
        if kind is None:
            return form
        if kind.changes:
            return {**form, "k": kind.base.__name__}
        plain = self.encode(kind.plain(value), depth + 1)
        kept = isinstance(plain, dict) and plain["t"] == "kept"
        return form if kept else {**form, "k": kind.base.__name__, "plain": plain}

    def item(self, value: Any, depth: int) -> Any:
        """Encode an item of a column or an array: data, so of a subclass the plain value."""
        form = self.exact(value, depth)
        if form is not None or value is None:
            return form
        kind = kinds.kind_of(value)
        if kind is None or type(value) is kind.plain_type:
            return self.kept(value, depth)
        return self.encode(kind.plain(value), depth + 1)

    def number(self, value: Any) -> Any:
        import numpy as np

        if not isinstance(value, np.generic) or np.dtype(type(value)).type is not type(value):
            return None
        if isinstance(value, np.str_):
            return str.__str__(value)
        if isinstance(value, np.bytes_):
            return {"t": "bytes", "b": self.blob(bytes(value))}
        array = np.asarray(value)
        return {"t": "scalar", "v": self.array(array)} if DTYPE.fullmatch(array.dtype.str) else None

    def container(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is list:
            return [self.encode(item, depth) for item in value]
        if kind is tuple:
            return {"t": "tuple", "v": [self.encode(item, depth) for item in value]}
        if kind is set or kind is frozenset:
            items = [self.encode(item, depth) for item in value]
            return {"t": kind.__name__, "v": items} if all(map(hashable, items)) else None
        if kind in (dict, Counter, OrderedDict, defaultdict):
            return self.mapping(value, depth)
        if kind is deque:
            items = [self.encode(item, depth) for item in value]
            return {"t": "deque", "v": items, "n": value.maxlen}
        if kind is slice:
            ends = (value.start, value.stop, value.step)
            return {"t": "slice", "v": [self.encode(end, depth) for end in ends]}
        if kind is bytes or kind is bytearray:
            return {"t": kind.__name__, "b": self.blob(bytes(value))}
        return None

    def mapping(self, value: Any, depth: int) -> Any:
        form: dict[str, Any] = {"t": type(value).__name__}
        if type(value) is defaultdict:
            factory = value.default_factory
            if factory is not None and kinds.FACTORIES.get(_name(factory)) is not factory:
                return None  # a function of the learner's
            form["of"] = None if factory is None else factory.__name__
        pairs = [[self.encode(k, depth), self.encode(v, depth)] for k, v in value.items()]
        return {**form, "v": pairs} if all(hashable(key) for key, _ in pairs) else None

    def table(self, value: Any, depth: int) -> Any:
        import pandas as pd

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
            arrays = (value.get_level_values(n).array for n in range(value.nlevels))
            levels = [self.keys_column(array, depth) for array in arrays]
            return {"t": "multi_index", "v": levels, "names": self.encode(list(value.names), depth)}
        if isinstance(value, pd.Index):
            name = self.encode(value.name, depth)
            return {"t": "index", "v": self.keys_column(value.array, depth), "name": name}
        if isinstance(value, pd.api.extensions.ExtensionArray):
            return {"t": "extension", "v": self.column(value, depth)}
        return None

    def data_frame(self, value: Any, depth: int) -> Any:
        columns = [self.column(series.array, depth) for _, series in value.items()]
        index, names = self.encode(value.index, depth), self.encode(value.columns, depth)
        return {"t": "frame", "v": columns, "index": index, "columns": names}

    def any_array(self, value: Any, depth: int) -> Any:
        import numpy as np

        if type(value) is not np.ndarray:
            return None
        if value.dtype == object:
            items = [self.item(item, depth) for item in value.ravel().tolist()]
            return {"t": "objects", "v": items, "s": list(value.shape)}
        if not DTYPE.fullmatch(value.dtype.str):
            return None
        return {"t": "array", "v": self.array(value)}

    def array(self, value: Any) -> Any:
        data = self.blob(value.tobytes())
        return {"d": value.dtype.str, "s": list(value.shape), "b": data}

    def column(self, values: Any, depth: int) -> Any:
        """Encode one pandas array by its dtype; values of other dtypes go one by one."""
        import pandas as pd

        if isinstance(values, pd.arrays.NumpyExtensionArray):
            values = values.to_numpy()
        form = self.typed_column(values, depth)
        if form is None:
            form = spans.write_column(values, lambda ends: self.column(ends, depth), self.array)
        if form is None:
            items = [self.item(item, depth) for item in values]
            arrow = str(values.dtype) if ARROW.fullmatch(str(values.dtype)) else ""
            form = {"c": "objects", "v": items, "d": arrow}
        return form

    def keys_column(self, values: Any, depth: int) -> Any:
        """Encode what pandas hashes where it is read: an index, categories."""
        form = self.column(values, depth)
        if form["c"] == "objects" and not all(map(hashable, form["v"])):
            names = sorted({type(item).__name__ for item in values})
            raise WireError(f"an index of {', '.join(names)} cannot cross; turn it into text")
        return form

    def typed_column(self, values: Any, depth: int) -> Any:
        import numpy as np
        import pandas as pd

        dtype = values.dtype
        if isinstance(dtype, pd.StringDtype):
            return self.texts(values, dtype)
        if isinstance(dtype, pd.CategoricalDtype):
            categories = self.encode(dtype.categories, depth)
            codes = self.array(np.asarray(values.codes))
            return {"c": "category", "v": codes, "of": categories, "ordered": bool(dtype.ordered)}
        if isinstance(dtype, pd.DatetimeTZDtype):
            ticks = self.array(np.asarray(values.asi8))
            return {"c": "zoned", "v": ticks, "unit": dtype.unit, "tz": scalars.zone_name(dtype.tz)}
        if MASKED.fullmatch(str(dtype)):
            missing = np.asarray(values.isna())
            filled = values.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
            masked = {"v": self.array(filled), "na": self.array(missing)}
            return {"c": "masked", "d": str(dtype), **masked}
        if isinstance(dtype, np.dtype) and DTYPE.fullmatch(dtype.str):
            return {"c": "plain", "v": self.array(np.asarray(values))}
        return None

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

    whole = pa.chunked_array(pa.array(values)).cast(pa.large_string()).combine_chunks()
    joined, ends = _buffers(whole)
    missing = whole.is_null().to_numpy(zero_copy_only=False) if whole.null_count else None
    if missing is not None and np.diff(ends)[missing].any():
        whole = pc.fill_null(whole, "")  # what is null may stand on letters of its own
        joined, ends = _buffers(whole)
    # Of ASCII, bytes are characters.
    counted = None if joined.isascii() else pc.fill_null(pc.utf8_length(whole), 0).to_numpy()
    lengths = (np.diff(ends) if counted is None else counted).astype("<i4")
    if missing is not None:
        lengths[missing] = -1
    return joined, lengths


def _buffers(whole: Any) -> tuple[bytes, Any]:
    """Return the letters of an Arrow array of texts, and where each of them ends, from 0."""
    import numpy as np

    _, offsets, data = whole.buffers()
    if data is None or not len(whole):
        return b"", np.zeros(len(whole) + 1, "i8")
    ends = np.frombuffer(offsets, dtype="i8")[whole.offset : whole.offset + len(whole) + 1]
    return data[ends[0] : ends[-1]].to_pybytes(), ends


def _name(factory: Any) -> str:
    return factory.__name__ if type(factory) is type else ""
