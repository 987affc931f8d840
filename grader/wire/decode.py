"""Inert forms back to values, believing none of them.

The reader knows the tags that `encode` writes and nothing else: it never imports, evaluates or
unpickles, and checks every size against what was really received before it takes memory for it.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Collection, Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from grader.wire import forms, scalars, spans
from grader.wire.forms import MAX_DEPTH, Budget, WireError, hashable, weight
from grader.wire.kinds import FACTORIES, KINDS
from grader.wire.scalars import MAX_LENGTH, in_calendar

# Keys whose hashes an adversary can make collide (not texts: those are salted) stay few, and so do
# the comparisons of those with one hash, each by what it costs, its `weight`: n of them in a dict
# are n²/2 comparisons, in one call that no signal interrupts. Both are for a whole message.
MAX_UNSALTED_KEYS = 20_000
MAX_COMPARED = 1_000_000  # a tenth of a second
# pandas has hashes of its own, which Python's tell nothing of: so many are as one key of a dict.
HASHED_BY_PANDAS = 4
MAX_TEXTS = 5_000_000  # of a message's columns: a missing one takes a byte outside, 25 in here
MAX_COLUMNS = 20_000  # of a table: what pandas does with them grows faster than their number
MAX_LEVELS = 100  # of an index
# How many values of JSON take as much room as a handle, a table, and some numbers of a range once
# somebody goes through it.
HANDLE, TABLE, RANGED = 10, 20, 4
_PLAIN = (type(None), bool, int, float, str, bytes, date, time, timedelta, Decimal)


class Reader:
    """Turn tagged JSON back into values, believing none of it."""

    def __init__(
        self, blobs: list[bytes], found: Callable[..., Any] | None, budget: Budget | None = None
    ) -> None:
        self.blobs: list[bytes | None] = [*blobs]
        self.found = found
        self.budget = budget
        self.keys = MAX_UNSALTED_KEYS
        self.compared = MAX_COMPARED
        self.texts_left = MAX_TEXTS

    def value(self, form: Any, depth: int = 0) -> Any:
        if depth > MAX_DEPTH:
            raise WireError("the message is nested too deeply")
        if form is None or isinstance(form, bool | int | float | str):
            return form
        if isinstance(form, list):
            return [self.value(item, depth + 1) for item in form]
        try:
            return self.tagged(form, depth + 1)
        except WireError:
            raise
        except RecursionError:
            raise WireError("the message is nested too deeply") from None
        # Whatever a forged form makes NumPy, pandas or datetime raise, it was no message.
        except Exception as error:  # noqa: BLE001
            raise WireError(f"the message has a malformed value ({type(error).__name__})") from None

    def tagged(self, form: dict[str, Any], depth: int) -> Any:
        tag = form["t"]
        if tag == "kept":
            return self.kept(form, depth)
        if tag == "range":
            return self.ranged(form["v"])
        if tag in scalars.READERS:
            return scalars.READERS[tag](form)
        if tag in ("dict", "Counter", "OrderedDict", "defaultdict"):
            return self.mapping(tag, form, depth)
        if tag in ("tuple", "set", "frozenset", "deque", "slice"):
            return self.container(tag, form, depth)
        if tag == "bytes":
            return self.blob(form["b"])
        if tag == "bytearray":
            return bytearray(self.blob(form["b"]))
        return self.table(tag, form, depth)

    def spend(self, kind: str, count: int) -> None:
        if self.budget is not None:
            self.budget.take(kind, count)

    def ranged(self, form: Any) -> range:
        numbers = scalars.read_range(form)
        self.spend("values", len(numbers) // RANGED)
        return numbers

    def kept(self, form: dict[str, Any], depth: int) -> Any:
        if self.found is None:
            raise WireError("a handle where none can be")
        self.spend("values", HANDLE)
        if "k" not in form:
            return self.found(form["v"])
        kind = KINDS[form["k"]]
        if kind.changes != ("plain" not in form):
            raise WireError("the message has a handle without its value")
        if kind.changes:
            return self.found(form["v"], form["k"])
        plain = self.value(form["plain"], depth)
        if type(plain) is not kind.plain_type:
            raise WireError("the message has a handle with a value of another kind")
        return self.found(form["v"], form["k"], plain)

    def container(self, tag: str, form: dict[str, Any], depth: int) -> Any:
        items = form["v"]
        members = [self.value(item, depth) for item in items]
        if tag == "tuple":
            return tuple(members)
        if tag == "deque":
            return deque(members, form["n"])
        if tag == "slice":
            return slice(*members)
        self.hash(members, items)
        return set(members) if tag == "set" else frozenset(members)

    def mapping(self, tag: str, form: dict[str, Any], depth: int) -> Any:
        pairs = [(self.value(key, depth), self.value(item, depth)) for key, item in form["v"]]
        self.hash([key for key, _ in pairs], [key for key, _ in form["v"]])
        if tag == "defaultdict":
            return defaultdict(None if form["of"] is None else FACTORIES[form["of"]], pairs)
        if tag == "Counter":
            counts: Counter[Any] = Counter()
            dict.update(counts, pairs)
            return counts
        return OrderedDict(pairs) if tag == "OrderedDict" else dict(pairs)

    def table(self, tag: str, form: dict[str, Any], depth: int) -> Any:
        import pandas as pd

        if tag in ("array", "scalar", "objects", "interval", "period"):
            return self.of_arrays(tag, form, depth)
        if tag == "extension":
            return self.column(form["v"], depth)
        self.spend("values", TABLE)
        if tag == "range_index":
            return pd.RangeIndex(self.ranged(form["v"]), name=self.value(form["name"], depth))
        if tag == "index":
            values = self.keys_column(form["v"], depth)
            return pd.Index(values, name=self.value(form["name"], depth))
        if tag == "multi_index":
            return self.multi_index(form, depth)
        if tag == "series":
            name, index = self.value(form["name"], depth), self.index(form["index"], depth)
            return pd.Series(self.column(form["v"], depth), index=index, name=name)
        if tag == "frame":
            return self.data_frame(form, depth)
        raise WireError("the message has an unknown tag")

    def of_arrays(self, tag: str, form: dict[str, Any], depth: int) -> Any:
        if tag == "array":
            return self.array(form["v"])
        if tag == "scalar":
            return self.array(form["v"])[()]
        if tag == "interval":
            return spans.read_interval(form, lambda end: self.value(end, depth))
        if tag == "period":
            return spans.read_period(form)
        items = [self.value(item, depth) for item in form["v"]]
        return _objects(items).reshape(_shape(form["s"]))

    def data_frame(self, form: dict[str, Any], depth: int) -> Any:
        import pandas as pd

        columns, names = form["v"], self.index(form["columns"], depth)
        index = self.index(form["index"], depth)
        if len(columns) != len(names) or len(index) > MAX_LENGTH or len(columns) > MAX_COLUMNS:
            raise WireError("the message has a table whose parts do not fit")
        values = {n: self.column(column, depth) for n, column in enumerate(columns)}
        if any(len(column) != len(index) for column in values.values()):
            raise WireError("the message has a table whose parts do not fit")
        table = pd.DataFrame(values, index=index)
        table.columns = names
        return table

    def multi_index(self, form: dict[str, Any], depth: int) -> Any:
        import pandas as pd

        names = self.value(form["names"], depth)
        if len(form["v"]) > MAX_LEVELS:
            raise WireError("the message has an index of too many levels")
        parts = [self.factors(self.keys_column(level, depth)) for level in form["v"]]
        known = type(names) is list and not any(name is pd.NA for name in names)
        if not known or len({len(codes) for _, codes in parts}) > 1:
            raise WireError("the message has an index whose parts do not fit")
        levels, codes = [level for level, _ in parts], [codes for _, codes in parts]
        return pd.MultiIndex(levels=levels, codes=codes, names=names, verify_integrity=False)

    def factors(self, values: Any) -> tuple[Any, Any]:
        """Tell a column's different values, and which of them stands where (-1: none)."""
        import numpy as np
        import pandas as pd

        if isinstance(values, pd.Categorical):
            whole = pd.Categorical.from_codes(range(len(values.categories)), dtype=values.dtype)
            return pd.Index(whole), values.codes
        if isinstance(values, pd.arrays.NumpyExtensionArray):
            values = values.to_numpy()
        if values.dtype == object or isinstance(values.dtype, pd.StringDtype):
            # By Python's hashes: of texts, Arrow's can be made to collide.
            there = np.flatnonzero(~np.asarray(pd.isna(values)))
            keys = np.asarray(values, dtype=object)[there].tolist()
            self.count(keys)
            kinds: dict[Any, int] = {}
            codes = np.full(len(values), -1)
            codes[there] = [kinds.setdefault(key, len(kinds)) for key in keys]
            return pd.Index(_objects(list(kinds)), dtype=values.dtype), codes
        # Sorted and not hashed: pandas' hashes of numbers can be made to collide.
        there = np.flatnonzero(~np.asarray(pd.isna(values)))
        order = there[np.asarray(values[there].argsort())]
        ordered = values[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = np.asarray(ordered[1:] != ordered[:-1])
        codes = np.full(len(values), -1)
        codes[order] = first.cumsum() - 1
        return pd.Index(ordered[first]), codes

    def hash(self, keys: Collection[Any], written: Iterable[Any] = (), each: int = 1) -> None:
        """Count what is about to be hashed; refuse too many keys that are not texts, or too alike.

        Refuse also those that would have to be asked for their hash.
        """
        if not all(map(hashable, written)):
            raise WireError("the message has a key that cannot be hashed")
        self.count(keys, each)
        others = [key for key in keys if type(key) is not str]
        if len(set(map(hash, others))) == len(others):
            return
        before, seen = self.compared, Counter[int]()
        for key in others:
            alike = hash(key)
            self.compared -= seen[alike] and seen[alike] * weight(key)
            if self.compared < 0:
                raise WireError("the message has too many keys with one hash")
            seen[alike] += 1
        self.spend("compared", before - self.compared)

    def count(self, keys: Iterable[Any], each: int = 1) -> None:
        self.keys -= each * sum(type(key) is not str for key in keys)
        if self.keys < 0:
            raise WireError("the message has too many keys that are not texts")

    def index(self, form: Any, depth: int) -> Any:
        import pandas as pd

        index = self.value(form, depth)
        if not isinstance(index, pd.Index):
            raise WireError("the message has a table without an index")
        return index

    def array(self, form: dict[str, Any]) -> Any:
        import numpy as np

        if not forms.DTYPE.fullmatch(form["d"]):
            raise WireError("the message has an array of unknown type")
        dtype, shape, data = np.dtype(form["d"]), _shape(form["s"]), self.blob(form["b"])
        if math.prod(shape) * dtype.itemsize != len(data):
            raise WireError("the message has an array of another size than stated")
        if dtype.kind == "b":  # a byte of 255 would count as 255 in a sum
            return (np.frombuffer(data, dtype="u1") != 0).reshape(shape)
        if dtype.kind == "U":
            letters = np.frombuffer(data, dtype=f"{dtype.byteorder}u4")
            if letters.max(initial=0) > sys.maxunicode:
                raise WireError("the message has an array of texts with what is no character")
        values = np.frombuffer(data, dtype=dtype).reshape(shape).copy()
        return in_calendar(values) if dtype.kind == "M" else values

    def blob(self, index: Any) -> bytes:
        """Return a part, once: many arrays made of one part would take memory without limit."""
        if not isinstance(index, int) or not 0 <= index < len(self.blobs):
            raise WireError("the message names a part that it does not have")
        data, self.blobs[index] = self.blobs[index], None
        if data is None:
            raise WireError("the message uses a part twice")
        return data

    def keys_column(self, form: dict[str, Any], depth: int) -> Any:
        """Read a column whose values pandas hashes and compares: none that had to be asked."""
        if form["c"] == "objects" and not all(map(hashable, form["v"])):
            raise WireError("the message has a key that cannot be hashed")
        return self.column(form, depth)

    def column(self, form: dict[str, Any], depth: int) -> Any:
        import pandas as pd

        kind = form["c"]
        if kind == "plain":
            values = self.array(form["v"])
            if values.ndim != 1:
                raise WireError("the message has a column of more than one dimension")
            return values.astype(values.dtype.newbyteorder("="), copy=False)  # pandas' only order
        if kind == "texts":
            return self.texts(form)
        if kind == "masked":
            if not forms.MASKED.fullmatch(form["d"]):
                raise WireError("the message has a column of unknown type")
            values = pd.array(self.array(form["v"]), dtype=form["d"])
            values[self.array(form["na"]).astype(bool)] = pd.NA
            return values
        if kind == "category":
            categories, codes = self.index(form["of"], depth), self.array(form["v"])
            self.hash(categories, each=HASHED_BY_PANDAS)
            return pd.Categorical.from_codes(codes, categories, ordered=bool(form["ordered"]))
        if kind in ("interval", "period", "zoned"):
            return self.moments(kind, form, depth)
        if kind == "objects":
            return self.objects(form, depth)
        raise WireError("the message has a column of unknown kind")

    def moments(self, kind: str, form: dict[str, Any], depth: int) -> Any:
        import pandas as pd

        if kind == "zoned":
            ticks = in_calendar(self.array(form["v"]).view(f"M8[{scalars.unit_of(form)}]"))
            zone = scalars.read_zone(form["tz"])
            return pd.DatetimeIndex(ticks).tz_localize("UTC").tz_convert(zone).array
        if kind == "interval":
            return spans.read_intervals(form, lambda end: self.column(end, depth + 1))
        return spans.read_periods(self.array(form["v"]), form["f"])

    def objects(self, form: dict[str, Any], depth: int) -> Any:
        import pandas as pd

        items = [self.value(item, depth) for item in form["v"]]
        if not form["d"]:
            return pd.arrays.NumpyExtensionArray(_objects(items))
        # By its type: a handle says of itself that it is of the class that its object extends.
        known = all(issubclass(type(i), _PLAIN) or i is pd.NA or i is pd.NaT for i in items)
        if not known or not forms.ARROW.fullmatch(form["d"]):
            raise WireError("the message has a column of unknown type")
        return pd.array(items, dtype=form["d"])

    def texts(self, form: dict[str, Any]) -> Any:
        import numpy as np
        import pandas as pd

        data, lengths = self.blob(form["v"]), self.array(form["n"])
        self.spend("texts", lengths.size)
        self.texts_left -= lengths.size
        if self.texts_left < 0:
            raise WireError("the message has too many texts")
        # Arrow believes what it is given: with other types, sums could overflow.
        if lengths.dtype != "<i4" or lengths.ndim != 1:
            raise WireError("the message has a column of texts without their lengths")
        ends = np.append(0, np.maximum(lengths, 0).cumsum(dtype="i8"))
        missing: Any = pd.NA if form["na"] == "NA" else math.nan
        dtype: Any = pd.StringDtype("pyarrow" if form["in"] == "pyarrow" else "python", missing)
        if dtype.storage == "pyarrow":
            return dtype.__from_arrow__(_arrow(data, ends, lengths < 0))
        return pd.array(_cut(data, ends, lengths < 0), dtype=dtype)


def _cut(data: bytes, ends: Any, missing: Any) -> list[str | None]:
    """Cut joined texts at these characters; WireError where they do not add up."""
    joined, marks = data.decode("utf-8", "surrogatepass"), ends.tolist()
    if marks[-1] != len(joined):
        raise WireError("the message has a column of texts of another size than stated")
    pairs = zip(marks, marks[1:], missing.tolist(), strict=False)
    return [None if null else joined[start:end] for start, end, null in pairs]


def _arrow(data: bytes, ends: Any, missing: Any) -> Any:
    """Do the same for Arrow, which takes bytes and where they are cut: both are checked before."""
    import numpy as np
    import pyarrow as pa

    data.decode("utf-8")  # Arrow would believe that it is UTF-8
    each = np.frombuffer(data, dtype="u1")
    letters = each if data.isascii() else np.flatnonzero((each & 0xC0) != 0x80)
    if ends[-1] != len(letters):
        raise WireError("the message has a column of texts of another size than stated")
    cuts = ends if data.isascii() else np.append(letters, len(data))[ends]
    buffers = map(pa.py_buffer, (cuts, data, np.packbits(~missing, bitorder="little")))
    return pa.LargeStringArray.from_buffers(len(missing), *buffers)


def _shape(form: Any) -> tuple[int, ...]:
    if not isinstance(form, list) or len(form) > 8:
        raise WireError("the message has an array without a shape")
    if not all(isinstance(n, int) and 0 <= n <= MAX_LENGTH for n in form):
        raise WireError("the message has an array without a shape")
    # What holds nothing must not become something large when it is summed over an axis.
    if 0 in form and math.prod(filter(None, form)) > MAX_LENGTH:
        raise WireError("the message has an empty array that is too large")
    return tuple(form)


def _objects(items: list[Any]) -> Any:
    import numpy as np

    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = item  # one by one: of a whole list, NumPy would ask each item for its length
    return array
