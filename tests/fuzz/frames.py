"""Messages of the wire: real ones mutated, and forms that are nearly those of the format."""

from __future__ import annotations

import io
import json
import random
import struct
import warnings
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from grader.suite import handle
from grader.wire import message as wire
from grader.wire.forms import WireError
from grader.wire.kinds import KINDS
from tests.fuzz import mutate

MAX_BYTES = 8 * 2**20
MAX_HANDLES = 1000


class Kept:
    """What a handle's name means here: an object that notes every question, as none may be asked.

    On the trusted side each would be sent to the learner's process, in the middle of reading.
    """

    __hash__ = None  # type: ignore[assignment]
    asked: list[str] = []  # noqa: RUF012 - of all of them

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__"):
            self.asked.append(name)
        raise AttributeError(name)

    def _note(self, *_: Any) -> Any:
        self.asked.append("an operator")
        raise TypeError

    __len__ = __iter__ = __getitem__ = __bool__ = __call__ = _note
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _note


class Level(IntEnum):
    """Numbers with names."""

    LOW = 1


class Ordered(list[int]):
    """A list with a class of its own."""


def _values() -> list[Any]:
    times = pd.to_datetime(["2013-01-01 00:00", None, "2013-03-10 02:30"])
    columns: dict[str, Any] = {
        "int": [1, 2, 3],
        "float": [1.0, np.nan, 3.0],
        "texts": ["x", None, "é"],
        "object": pd.Series(["x", [1, (2,)], None], dtype=object),
        "Int64": pd.array([1, None, 2**62], dtype="Int64"),
        "boolean": pd.array([True, None, False], dtype="boolean"),
        "string": pd.array(["a", pd.NA, "b"], dtype="string"),
        "category": pd.Categorical(["u", None, "u"], categories=["v", "u"], ordered=True),
        "time": times,
        "zoned": times.tz_localize("UTC").tz_convert("America/New_York"),
        "span": pd.to_timedelta([1, None, 3], unit="h"),
        "arrow": pd.array([1, None, 3], dtype="int64[pyarrow]"),
        "flag": [True, False, True],
    }
    table = pd.DataFrame(columns)
    parts = [table[[name]].set_index(name).index for name in ("int", "texts", "zoned", "Int64")]
    return [
        None,
        [1, -1.5, "text\ud800", b"bytes", 2**70, float("nan"), Decimal("1.50"), range(3, 9, 2)],
        ({1, "a", (2, 3)}, frozenset({None}), {"a": {1: [True]}, (1, 2): date(2013, 1, 1)}),
        [datetime(2013, 1, 1, tzinfo=UTC), time(23, 59), timedelta(days=-1), pd.NaT, pd.NA],
        [pd.Timestamp("2013-11-03", tz="America/New_York"), pd.Timedelta("1h"), np.int8(-3)],
        [np.arange(6).reshape(2, 3), np.array(["a", "bcd"]), np.array([1 + 2j]), np.array(True)],
        np.array([1, "a", None, (1, 2)], dtype=object),
        table,
        *(table[name] for name in columns),
        *(pd.MultiIndex.from_arrays([part, table["int"]], names=["k", None]) for part in parts),
        table.set_index(["int", "texts"]),
        pd.CategoricalIndex(table["category"]),
        [object(), {"estimator": object()}],
        pd.Series([object(), 1, None], dtype=object),
        [1 + 2j, Fraction(1, 3), slice(1, None), ..., bytearray(b"x"), time(1, tzinfo=UTC), UTC],
        [Counter("aab"), OrderedDict(a=1), defaultdict(list, a=[1]), deque([1, 2], 2)],
        [Level.LOW, {Level.LOW: 1}, {Level.LOW}, Ordered([1]), (Level.LOW, Ordered())],
        pd.cut(pd.Series([1, 5, None]), [0, 3, 6]),
        [pd.Interval(0, 1), pd.Period("2013-01", "M"), pd.interval_range(times[0], periods=2)],
        pd.Series(pd.period_range("2013-01", periods=3, freq="Q")),
        {"id": 1, "value": [1, 2]},
        {"id": 1, "error": ["no", [["__main__", "Odd"], ["builtins", "ValueError"]]]},
    ]


FRAMES = [wire.frame(value, keep=lambda _: {"id": 0, "type": "x"}) for value in _values()]


def parts(frame: bytes) -> tuple[Any, list[bytes]]:
    """Take a message apart: its header, and its blobs."""
    length, count = struct.unpack_from("<II", frame)
    sizes = struct.unpack_from(f"<{count}I", frame, 8)
    at = 8 + 4 * count
    header, at = json.loads(frame[at : at + length]), at + length
    blobs = []
    for size in sizes:
        blobs.append(frame[at : at + size])
        at += size
    return header, blobs


def message(header: Any, blobs: list[bytes]) -> bytes:
    """Put a message together, whatever its header says."""
    data = json.dumps(header).encode()
    sizes = [len(blob) for blob in blobs]
    start = struct.pack(f"<II{len(blobs)}I", len(data), len(blobs), *sizes)
    return b"".join([start, data, *blobs])


def mutated(seed: int) -> bytes:
    """Damage a real message a few times: its header, its blobs or its bytes."""
    chance = random.Random(seed)
    frame, other = chance.choice(FRAMES), chance.choice(FRAMES)
    (header, blobs), (elsewhere, _) = parts(frame), parts(other)
    times = chance.randint(1, 4)
    if chance.random() < 0.25:
        for _ in range(times):
            frame = mutate.damaged(frame, other, chance)
        return frame
    for _ in range(times):
        if blobs and chance.random() < 0.2:
            at = chance.randrange(len(blobs))
            blobs[at] = mutate.damaged(blobs[at], b"\xff" * 64, chance)
        else:
            header = mutate.changed(header, elsewhere, chance, mutate.ODD)
    return message(header, blobs)


_small = st.integers(-2, 6)
_leaf = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | _small
    | st.sampled_from(["nan", "UTC", "America/New_York", "../x", "-3600", "s", "1E5", "2013-01-01"])
    | st.just({"t": "kept", "v": {"id": 0}}) | st.sampled_from([{"t": "NA"}, {"t": "NaT"}])
)  # fmt: skip
_dtypes = st.sampled_from(
    ["<i8", "|i1", "<u2", "|u1", "<f8", "<f2", ">i4", "|b1", "<c16", "<U1", ">U2", "|S3", "<M8[ns]",
     "<M8[D]", "<m8[s]", "<M8", "|O", "|V8", "<U0"]
)  # fmt: skip
_kinds = st.sampled_from(
    ["plain", "texts", "masked", "category", "zoned", "objects", "interval", "period", "other"]
)
_known = st.sampled_from(["int", "str", "tuple", "list", "dict", "Fraction", "PosixPath", "x"])
_masked = st.sampled_from(["Int64", "boolean", "Float32", "int64[pyarrow]", "string[pyarrow]", ""])
_tags = st.sampled_from(
    """tuple set frozenset dict bytes array scalar objects extension range_index index multi_index
    series frame int float range decimal timestamp timedelta_pd datetime date time timedelta NaT NA
    complex fraction slice zone uuid path name bytearray deque Counter OrderedDict defaultdict
    interval period kept pickle""".split()  # noqa: SIM905 - a list of thirty names is no easier to read
)
_array = st.fixed_dictionaries({"d": _dtypes, "s": st.lists(_small, max_size=3), "b": _small})


def _forms(inner: Any) -> Any:
    column = st.fixed_dictionaries(
        {
            "c": _kinds,
            "v": _array | _small | st.lists(inner, max_size=4),
            "d": _masked | _dtypes,
            "na": _array | st.just("NA"),
            "n": _array,
            "of": inner,
            "in": st.sampled_from(["python", "pyarrow"]),
            "ordered": inner,
            "unit": st.sampled_from(["ns", "s", "x"]),
            "tz": _leaf,
            "l": inner,
            "r": inner,
            "f": st.sampled_from(["M", "Q-DEC", "2D", "ns", "x"]),
            "closed": st.sampled_from(["left", "x"]),
        }
    )
    value = inner | _array | column | st.lists(inner | column, max_size=4) | _small
    rest = {key: inner for key in ("index", "columns", "name", "names", "unit", "tz", "fold", "s")}
    return st.lists(inner, max_size=4) | st.fixed_dictionaries(
        {"t": _tags, "v": value},
        optional={"b": _small, "k": _known, "plain": inner, "c": _kinds, **rest},
    )


FORGED = st.builds(
    message,
    st.recursive(_leaf, _forms, max_leaves=12),
    st.lists(st.sampled_from([b"", b"\0", b"\xff" * 8, bytes(range(16)), b"ab" * 24]), max_size=6),
)


def check(data: bytes) -> str:
    """Read one message; what is read must be whole, so that it can be shown and sent again."""
    stream, kept = io.BytesIO(data), Kept()
    Kept.asked.clear()

    def exactly(count: int) -> bytes:
        part = stream.read(count)
        if len(part) < count:
            raise EOFError
        return part

    try:
        value = wire.unframe(exactly, MAX_BYTES, found=_found(kept))
    except (WireError, EOFError):
        return "refused"
    finally:
        assert not Kept.asked, f"a handle was asked for {Kept.asked[0]} while reading"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _used(value)
    return "read"


def _found(kept: Kept) -> Callable[..., Any]:
    """Make what stands for a handle: of an object with a plain value, what stands in tests."""

    def asked(*_: Any) -> Any:
        Kept.asked.append("a question")
        raise TypeError

    def found(name: Any, kind: str = "", plain: Any = None) -> Any:
        known = handle.Kept(asked, 0, "x", KINDS[kind] if kind else None, plain)
        return handle.handle(known) if kind else kept

    return found


def _used(value: Any) -> None:
    again = wire.frame(value, keep=lambda thing: {"id": 0, "type": type(thing).__name__})
    header, _ = parts(again)
    repr(value if b"kept" not in again else header)
