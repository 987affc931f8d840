"""The wire carries every inert value unchanged, in both directions, and reads no nonsense."""

from __future__ import annotations

import contextlib
import io
import json
import math
import struct
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from time import process_time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.wire import message as wire
from grader.wire.forms import Budget, Spent, WireError

MB = 2**20


def there_and_back(value: Any) -> Any:
    stream = io.BytesIO(wire.frame(value))
    return wire.unframe(stream.read, 64 * MB)


def read(data: bytes, max_bytes: int = 64 * MB, found: Any = None) -> Any:
    stream = io.BytesIO(data)

    def exactly(count: int) -> bytes:
        part = stream.read(count)
        if len(part) < count:
            raise EOFError
        return part

    return wire.unframe(exactly, max_bytes, found)


def message(header: Any, *blobs: bytes) -> bytes:
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    sizes = [len(blob) for blob in blobs]
    return struct.pack(f"<II{len(blobs)}I", len(data), len(blobs), *sizes) + data + b"".join(blobs)


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec=None), max_size=20)
    | st.binary(max_size=20)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.decimals(allow_nan=False, places=4, min_value=-(10**9), max_value=10**9)
)
hashable = scalars | st.tuples(scalars, scalars) | st.frozensets(scalars, max_size=3)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner)
        | st.dictionaries(hashable, inner, max_size=4)
        | st.sets(hashable, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
@settings(max_examples=300, deadline=None)
def test_plain_values_come_back_equal_and_of_the_same_type(value: Any) -> None:
    back = there_and_back(value)

    assert back == value
    assert type(back) is type(value)


@given(st.floats())
def test_every_float_comes_back_bit_for_bit(value: float) -> None:
    back = there_and_back(value)

    assert (
        math.isnan(back) if math.isnan(value) else struct.pack("d", back) == struct.pack("d", value)
    )


ARRAYS = [
    np.arange(6).reshape(2, 3),
    np.array([1.5, np.nan, -np.inf]),
    np.array([], dtype="int8"),
    np.array(["a", "bcd"]),
    np.array([True, False]),
    np.array(["2013-03-10", "NaT"], dtype="datetime64[s]"),
    np.array([1, "a", None, (1, 2)], dtype=object),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array([1 + 2j]),
]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: str(array.dtype))
def test_arrays_come_back_with_type_and_shape(array: np.ndarray) -> None:
    back = there_and_back(array)

    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
    back[...] = back  # and may be written to


COLUMNS = {
    "int": [1, 2, 3],
    "float": [1.0, np.nan, 3.0],
    "str": ["x", None, "é\ud800"],
    "object": pd.Series(["x", 1, None], dtype=object),
    "mixed": pd.Series([[1], (2,), {"a": 1}], dtype=object),
    "Int64": pd.array([1, None, 2**62], dtype="Int64"),
    "UInt8": pd.array([1, None, 255], dtype="UInt8"),
    "Float64": pd.array([1.5, None, 3], dtype="Float64"),
    "boolean": pd.array([True, None, False], dtype="boolean"),
    "string": pd.array(["a", pd.NA, "b"], dtype="string"),
    "category": pd.Categorical(["u", None, "u"], categories=["v", "u"], ordered=True),
    "datetime": pd.to_datetime(["2013-01-01 00:00", None, "2013-03-10 02:30"]),
    "zoned": pd.to_datetime(["2013-11-03 05:30", None, "2013-11-03 06:30"], utc=True).tz_convert(
        "America/New_York"
    ),
    "timedelta": pd.to_timedelta([1, None, 3], unit="h"),
    "interval": pd.cut([1, 5, np.nan], [0, 3, 6]).astype("interval[float64, right]"),
    "cut": pd.cut([1, 5, np.nan], [0, 3, 6]),
    "period": pd.PeriodIndex(["2013-01", None, "2013-03"], freq="M"),
    "arrow": pd.array([1, None, 3], dtype="int64[pyarrow]"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_come_back_with_their_dtype(name: str) -> None:
    values = COLUMNS[name]
    if name == "str":
        values = ["x", None, "é"]
    table = pd.DataFrame({name: values})

    back = there_and_back(table)

    pd.testing.assert_frame_equal(back, table)
    pd.testing.assert_series_equal(there_and_back(table[name]), table[name])


def test_tables_come_back_with_index_names_and_repeated_columns() -> None:
    table = pd.DataFrame(np.arange(8).reshape(2, 4), columns=["a", "b", "a", "c"])
    table.index = pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", None])
    table.columns.name = "columns"

    pd.testing.assert_frame_equal(there_and_back(table), table)


@pytest.mark.parametrize(
    "index",
    [
        pd.RangeIndex(3, 9, 2, name="r"),
        pd.Index([], dtype="int64"),
        pd.Index(["a", None]),
        pd.DatetimeIndex(["2013-01-01"], tz="UTC"),
    ],
)
def test_indexes_come_back(index: pd.Index) -> None:
    pd.testing.assert_index_equal(there_and_back(index), index)


@pytest.mark.parametrize(
    "value",
    [
        np.float64(1.5),
        np.int8(-3),
        np.bool_(True),
        np.datetime64("2013-01-01T00:00"),
        pd.Timestamp("2013-11-03 06:30", tz="UTC").tz_convert("America/New_York"),
        pd.Timestamp("2262-04-11"),
        pd.Timestamp("1500-01-01"),
        pd.Timedelta("-1 days +03:00:00"),
        datetime(2013, 11, 3, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York")),
        datetime(2013, 1, 1, tzinfo=UTC),
        datetime(2013, 1, 1, tzinfo=timezone(timedelta(hours=-5))),
        date(2013, 1, 1),
        time(23, 59, 59, 5),
        Decimal("1.50"),
        range(3, 9, 2),
        slice(1, None, "x"),
        1 - 2j,
        Fraction(-1, 3),
        time(1, 2, fold=1, tzinfo=UTC),
        ZoneInfo("Europe/Berlin"),
        UUID(int=5),
        PurePosixPath("a/b"),
        bytearray(b"x"),
        pd.Interval(pd.Timestamp("2013"), pd.Timestamp("2014"), closed="both"),
        pd.Period("2013-01-02", "15min"),
        deque([1, 2], 2),
        defaultdict(list, a=[1]),
        Counter("aab"),
        OrderedDict(b=1, a=2),
    ],
    ids=lambda value: f"{type(value).__name__}-{value}",
)
def test_moments_and_scalars_come_back(value: Any) -> None:
    back = there_and_back(value)

    assert back == value
    assert type(back) is type(value)


def test_missing_values_keep_their_identity() -> None:
    assert there_and_back(pd.NaT) is pd.NaT
    assert there_and_back(pd.NA) is pd.NA


def test_friendly_subclasses_come_back_as_their_plain_kind() -> None:
    point = namedtuple("point", "x y")

    assert there_and_back(point(1, 2)) == (1, 2)
    assert there_and_back(OrderedDict(a=1)) == {"a": 1}
    assert there_and_back(Counter("aa")) == {"a": 2}


def test_what_has_no_inert_form_is_refused_or_kept() -> None:
    with pytest.raises(WireError, match="function"):
        wire.frame(lambda: 1)

    framed = wire.frame([len], keep=lambda value: value.__name__)

    assert wire.unframe(io.BytesIO(framed).read, MB, found=str.upper) == ["LEN"]


def test_a_cycle_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)

    with pytest.raises(WireError, match="deep"):
        wire.frame(loop)


LIES = {
    "not JSON": b"{",
    "NaN": b"NaN",
    "unknown tag": {"t": "pickle", "v": "x"},
    "no tag": {},
    "handle where none can be": {"t": "kept", "v": {"id": 0}},
    "a part that is not there": {"t": "bytes", "b": 3},
    "a negative part": {"t": "bytes", "b": -1},
    "object dtype": {"t": "array", "v": {"d": "|O", "s": [1], "b": 0}},
    "void dtype": {"t": "array", "v": {"d": "|V8", "s": [1], "b": 0}},
    "wrong shape": {"t": "array", "v": {"d": "<i8", "s": [10**9], "b": 0}},
    "negative shape": {"t": "array", "v": {"d": "<i8", "s": [-1], "b": 0}},
    "many dimensions": {"t": "array", "v": {"d": "<i8", "s": [1] * 40, "b": 0}},
    "a kept key without a value": {"t": "dict", "v": [[{"t": "kept", "v": {"id": 0}}, 1]]},
    "a kind that is none": {"t": "kept", "v": {"id": 0}, "k": "object", "plain": 1},
    "an int that is a text": {"t": "kept", "v": {"id": 0}, "k": "int", "plain": "1"},
    "an int without a value": {"t": "kept", "v": {"id": 0}, "k": "int"},
    "a factory that is none": {"t": "defaultdict", "v": [], "of": "exec"},
    "a period long ago": {"t": "period", "v": -(2**40), "f": "D"},
    "a frequency that is none": {"t": "period", "v": 1, "f": "evil"},
    "an interval of texts": {"t": "interval", "v": ["a", "b"], "c": "left"},
    "a fraction of nothing": {"t": "fraction", "v": [1, 0]},
    "a name that is none": {"t": "name", "v": "exit"},
    "unhashable key": {"t": "dict", "v": [[[1], 2]]},
    "pairs that are none": {"t": "dict", "v": [[1]]},
    "huge range": {"t": "range_index", "v": [0, 10**15, 1], "name": None},
    "zero step": {"t": "range", "v": [0, 1, 0]},
    "huge decimal": {"t": "decimal", "v": "1E99999999"},
    "long number": {"t": "int", "v": "f" * 5000},
    "zone outside": {"t": "datetime", "v": "2013-01-01", "fold": 0, "tz": "../../etc/passwd"},
    "codes outside": {
        "t": "extension",
        "v": {
            "c": "category",
            "of": {"t": "range_index", "v": [0, 1, 1], "name": None},
            "v": {"d": "<i8", "s": [1], "b": 0},
            "ordered": False,
        },
    },
    "texts past the end": {
        "t": "extension",
        "v": {"c": "texts", "v": 0, "n": {"d": "<i8", "s": [1], "b": 0}, "na": "", "in": ""},
    },
    "a frame of ragged columns": {
        "t": "frame",
        "v": [{"c": "objects", "v": [1, 2], "d": ""}],
        "index": {"t": "range_index", "v": [0, 1, 1], "name": None},
        "columns": {"t": "range_index", "v": [0, 1, 1], "name": None},
    },
    "an index that is none": {"t": "series", "v": {}, "index": [1], "name": None},
    "nothing of fifty million columns": {
        "t": "array",
        "v": {"d": "<f8", "s": [0, 50_000_000, 2], "b": 0},
    },
    "an index of a thousand levels": {
        "t": "multi_index",
        "v": [{"c": "objects", "v": [], "d": ""}] * 1_000,
        "names": [None] * 1_000,
    },
    "too deep": json.loads("[" * 100 + "]" * 100),
}


@pytest.mark.parametrize("lie", LIES)
def test_lies_are_no_messages(lie: str) -> None:
    found = None if lie == "handle where none can be" else lambda *_: object()

    with pytest.raises(WireError):
        read(message(LIES[lie], struct.pack("<q", 99)), found=found)


def test_sizes_are_refused_before_memory_is_taken() -> None:
    with pytest.raises(WireError, match="large"):
        read(struct.pack("<II", 2**31, 0))
    with pytest.raises(WireError, match="large"):
        read(struct.pack("<II", 2, 2**31))
    with pytest.raises(WireError, match="large"):
        read(struct.pack("<III", 2, 1, 2**31))
    with pytest.raises(WireError, match="too many values"):
        read(message(b"[" + b"[]," * 1_500_000 + b"1]"))


def test_many_colliding_keys_are_refused() -> None:
    prime = 2**61 - 1
    pairs = [[{"t": "int", "v": f"{n * prime:x}"}, 0] for n in range(30_000)]

    with pytest.raises(WireError, match="keys"):
        read(message({"t": "dict", "v": pairs}))


P = 2**61 - 1  # what Python's hashes of numbers are taken by
ALIKE: dict[str, Any] = {
    "tuples": lambda n: {"t": "tuple", "v": [*range(40), {"t": "int", "v": f"{n * P:x}"}]},
    "tuples of texts": lambda n: {"t": "tuple", "v": ["x" * 640, {"t": "int", "v": f"{n * P:x}"}]},
    "long numbers": lambda n: {"t": "int", "v": f"{2**6000 + n * P:x}"},
    "fractions": lambda n: {"t": "fraction", "v": [{"t": "int", "v": f"{n * P:x}"}, 1]},
    "decimals": lambda n: {"t": "decimal", "v": str(n * P)},
    "uuids": lambda n: {"t": "uuid", "v": f"{n * P:032x}"},
    "frozen sets": lambda n: {"t": "frozenset", "v": [{"t": "int", "v": f"{n * P:x}"}]},
    "complex numbers": lambda n: {"t": "complex", "v": [1000003.0 * n, -float(n)]},
}


@pytest.mark.parametrize("kind", ALIKE)
def test_keys_of_one_hash_cost_what_it_takes_to_compare_them(kind: str) -> None:
    few, many = ([ALIKE[kind](n) for n in range(1, count)] for count in (150, 5_000))
    assert len(read(message({"t": "set", "v": few}))) == len(few)

    begin = process_time()
    with pytest.raises(WireError, match="one hash"):
        read(message({"t": "set", "v": many}))
    assert process_time() - begin < 3  # all comparisons took from 2 seconds to half a minute


def test_an_index_of_texts_is_read_by_hashes_that_nobody_can_choose() -> None:
    # Texts of 16 bytes with one hash in Arrow: see tests/attacks/wire/texts_that_collide.py.
    random, texts = np.random.default_rng(0), []
    while len(texts) < 30_000:
        first = random.integers(97, 113, size=(500_000, 8), dtype="u1").view("<u8").ravel()
        half = (first * np.uint64(14029467366897019727)).byteswap() ^ np.uint64(1)
        factor = pow(11400714785074694791, -1, 2**64)
        last = (half.byteswap() * np.uint64(factor)).view("u1").reshape(-1, 8)
        good = (last < 128).all(axis=1)
        both = np.hstack([first.view("u1").reshape(-1, 8)[good], last[good]])
        texts += [row.tobytes().decode() for row in both]
    assert slow(pa.array(texts[:8_000]).dictionary_encode) > 20 * slow(
        pa.array([f"{n:016}" for n in range(8_000)]).dictionary_encode
    )
    blobs = ["".join(texts).encode(), np.full(len(texts), 16, dtype="<i4").tobytes()]
    lengths = {"d": "<i4", "s": [len(texts)], "b": 1}
    column = {"c": "texts", "v": 0, "n": lengths, "na": "nan", "in": "pyarrow"}
    framed = message({"t": "multi_index", "v": [column], "names": [None]}, *blobs)

    assert slow(lambda: read(framed)) < 2


def slow(work: Any) -> float:
    begin = process_time()
    work()
    return process_time() - begin


def test_an_index_of_repeated_objects_comes_back() -> None:
    column = pd.array(np.array([1, "a", 1, None, (1, 2), "a"], dtype=object))
    index = pd.MultiIndex.from_arrays([column, range(6)])

    back = there_and_back(index)

    pd.testing.assert_index_equal(back, index)
    assert back.nlevels == 2 and [type(item) for item in back.levels[0]] == [int, str, tuple]


def a_budget(**left: int) -> Budget:
    whole = {"bytes": MB, "messages": 10, "values": 1_000, "texts": 100, "compared": 1_000}
    return Budget(**{**whole, **left}, whole=None)


SPENDS: dict[str, tuple[dict[str, int], Any, tuple[bytes, ...]]] = {
    "messages": ({"messages": 0}, 1, ()),
    "bytes": ({"bytes": 100}, 1, (bytes(101),)),
    "values": ({"values": 9}, [1] * 10, ()),
    "a range": ({"values": 99}, {"t": "range", "v": [0, 1_000, 1]}, ()),
    "an index": ({"values": 99}, {"t": "range_index", "v": [0, 1_000, 1], "name": None}, ()),
    "a handle": ({"values": 9}, {"t": "kept", "v": {"id": 0}}, ()),
    "keys of one hash": ({"compared": 9}, {"t": "set", "v": [0, {"t": "int", "v": f"{P:x}"}] * 5},
                         ()),
}  # fmt: skip


@pytest.mark.parametrize("what", SPENDS)
def test_what_is_read_is_taken_of_a_budget_and_of_the_one_that_it_is_a_part_of(what: str) -> None:
    left, form, blobs = SPENDS[what]
    data = message(form, *blobs)

    def reads(budget: Budget) -> Any:
        parts = wire.read_parts(io.BytesIO(data).read, MB, budget)
        return wire.decode_parts(*parts, lambda *_: object(), budget)

    reads(replace(a_budget(), whole=a_budget()))
    with pytest.raises(Spent):
        reads(a_budget(**left))
    with pytest.raises(Spent):
        reads(replace(a_budget(), whole=a_budget(**left)))


def test_texts_of_columns_are_taken_of_a_budget() -> None:
    framed = wire.frame(pd.Series(["a"] * 50, dtype="str"))

    def reads(budget: Budget) -> Any:
        return wire.decode_parts(
            *wire.read_parts(io.BytesIO(framed).read, MB, budget), None, budget
        )

    assert len(reads(a_budget())) == 50
    with pytest.raises(Spent):
        reads(a_budget(texts=49))


@given(st.binary(max_size=200))
@settings(max_examples=500, deadline=None)
def test_random_bytes_are_a_message_or_refused(data: bytes) -> None:
    refuses_or_reads(data)


@given(values, st.data())
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_messages_are_read_or_refused(value: Any, data: st.DataObject) -> None:
    damaged = bytearray(wire.frame(value))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))

    refuses_or_reads(bytes(damaged))


forms = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["t", "v", "b", "c", "d", "s", "na", "n", "of"]), inner)
    ),
)
TAGS = """
    tuple set frozenset dict bytes array scalar objects extension range_index index multi_index
    series frame int float range decimal timestamp timedelta_pd datetime date time timedelta NaT NA
    kept complex fraction slice zone uuid path name bytearray deque Counter OrderedDict defaultdict
    interval period
"""
KEYS = ["v", "b", "c", "f", "k", "n", "of", "plain", "index", "columns", "name", "unit", "tz"]
tags = st.sampled_from(TAGS.split())


@given(
    tags,
    st.dictionaries(st.sampled_from(KEYS), forms),
)
@settings(max_examples=500, deadline=None)
def test_malformed_forms_of_known_tags_are_read_or_refused(tag: str, form: dict[str, Any]) -> None:
    refuses_or_reads(message({"t": tag, **form}, b"\0" * 16))


def refuses_or_reads(data: bytes) -> None:
    with contextlib.suppress(WireError, EOFError):
        read(data)
