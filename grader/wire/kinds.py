"""Classes whose instances have a plain value, those of learners' subclasses too.

Whatever a subclass defines, its plain value is what the class of Python's own that it extends says.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PosixPath, PurePosixPath, PureWindowsPath, WindowsPath
from typing import Any

# What a defaultdict may make of a missing key on the other side, too.
FACTORIES = {kind.__name__: kind for kind in (bool, int, float, str, list, tuple, dict, set)}


@dataclass(frozen=True, slots=True)
class Kind:
    """A class, what its instances' plain values are of, and how to get these by its own methods.

    Of what can change, the plain value is asked anew each time.
    """

    base: type
    plain_type: type
    plain: Callable[[Any], Any]
    changes: bool = False


def _fields(base: type, *names: str) -> Callable[[Any], Any]:
    read = [(name, getattr(base, name)) for name in names]
    return lambda value: base(**{name: field.__get__(value) for name, field in read})


def _counter(value: Any) -> Any:
    counts: Counter[Any] = Counter()
    dict.update(counts, dict.items(value))
    return counts


def _defaultdict(value: Any) -> Any:
    factory = vars(defaultdict)["default_factory"].__get__(value)
    known = factory is None or factory in FACTORIES.values()
    return defaultdict(factory, dict.items(value)) if known else dict(dict.items(value))


def _deque(value: Any) -> Any:
    return deque(deque.__iter__(value), vars(deque)["maxlen"].__get__(value))


def _fraction(value: Any) -> Fraction:
    return Fraction(value._numerator, value._denominator)


_DAY = ("year", "month", "day")
_CLOCK = ("hour", "minute", "second", "microsecond", "tzinfo", "fold")
_LIST = (
    Kind(int, int, int.__index__),
    Kind(float, float, float.__float__),
    Kind(complex, complex, complex.__complex__),
    Kind(str, str, str.__str__),
    Kind(bytes, bytes, lambda value: bytes.__getitem__(value, slice(None))),
    Kind(tuple, tuple, lambda value: tuple(tuple.__iter__(value))),
    Kind(frozenset, frozenset, lambda value: frozenset(frozenset.__iter__(value))),
    Kind(Fraction, Fraction, _fraction),
    Kind(Decimal, Decimal, lambda value: Decimal(Decimal.__str__(value))),
    Kind(datetime, datetime, _fields(datetime, *_DAY, *_CLOCK)),
    Kind(date, date, _fields(date, *_DAY)),
    Kind(time, time, _fields(time, *_CLOCK)),
    Kind(timedelta, timedelta, _fields(timedelta, "days", "seconds", "microseconds")),
    # Files are where the learner's code runs: a path answers questions about them there.
    Kind(PosixPath, PurePosixPath, lambda value: PurePosixPath(PurePosixPath.__str__(value))),
    Kind(WindowsPath, PureWindowsPath, lambda v: PureWindowsPath(PureWindowsPath.__str__(v))),
    Kind(PurePosixPath, PurePosixPath, lambda v: PurePosixPath(PurePosixPath.__str__(v))),
    Kind(PureWindowsPath, PureWindowsPath, lambda v: PureWindowsPath(PureWindowsPath.__str__(v))),
    Kind(list, list, lambda value: [*list.__iter__(value)], changes=True),
    Kind(dict, dict, lambda value: dict(dict.items(value)), changes=True),
    Kind(set, set, lambda value: {*set.__iter__(value)}, changes=True),
    Kind(bytearray, bytearray, lambda v: bytearray.__getitem__(v, slice(None)), changes=True),
    Kind(Counter, Counter, _counter, changes=True),
    Kind(OrderedDict, OrderedDict, lambda v: OrderedDict(OrderedDict.items(v)), changes=True),
    Kind(defaultdict, defaultdict, _defaultdict, changes=True),
    Kind(deque, deque, _deque, changes=True),
)
_BY_CLASS = {kind.base: kind for kind in _LIST}
_BASES = tuple(_BY_CLASS)
KINDS = {kind.base.__name__: kind for kind in _LIST}


def kind_of(value: Any) -> Kind | None:
    """Find the kind that a value's class extends, whatever that class says of itself."""
    for base in type.__dict__["__mro__"].__get__(type(value)):
        if base in _BY_CLASS:
            return _BY_CLASS[base]
    return None


def pretends(value: Any) -> bool:
    """Tell whether a value says of itself that it is of such a class, and is not."""
    return kind_of(value) is None and isinstance(value, _BASES)
