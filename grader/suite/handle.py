"""What stands in a test for an object of the learner's: questions to it are forwarded.

A test compares data, and what a learner's class says of data is no evidence: an object that calls
itself equal to everything would pass. So there are two ways to compare.

Data decides     An object of a subclass of list, int and the like has a plain value, which its
                 class has no say in. Beside anything but an object, it is compared as that.
The class does   Two objects of the learner's, or one that the test itself made of a class (by a
                 name that begins with a capital) and that has no plain value: then the question is
                 what the class answers.

All else is refused with a sentence: a comparison that cannot fail must not look like a test.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from grader.errors import LearnerError
from grader.wire import forms, kinds, raised

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
# What a class, a function or an object says of itself under such names is no method of ours.
_OPEN = {"__name__", "__qualname__", "__dict__", "__annotations__", "__members__", "__wrapped__"}
_ARITHMETIC = (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
    *("and", "or", "xor", "lshift", "rshift"),
)


@dataclass(slots=True)
class Kept:
    """What is known of an object that stays where it is."""

    ask: Callable[..., Any]
    id: int
    type_name: str
    kind: kinds.Kind | None = None
    sent: Any = None  # the plain value, unless it may change
    named: bool = False  # a name of the notebook that begins with a capital
    made: bool = False  # by the test, of such a name

    def operate(self, name: str, *operands: Any) -> Any:
        """Have an operator work on operands beside the learner's objects."""
        return self.ask("operate", name, *operands)["value"]


class Handle:
    """Stand for an object; see the module for what compares and what is refused."""

    __slots__ = ("__kept", "__weakref__")

    def __init__(self, kept: Kept) -> None:
        object.__setattr__(self, "_Handle__kept", kept)

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # what isinstance asks
        kept = of(self)
        return _extended(kept.type_name, kept.kind.base) if kept.kind else type(self)

    def __repr__(self) -> str:
        said = _text(self, "repr")
        if said.startswith("<") and _ADDRESS.search(said):
            return describe(self)
        return _ADDRESS.sub("", said)

    def __str__(self) -> str:
        said = _text(self, "str")
        return describe(self) if said.startswith("<") and _ADDRESS.search(said) else said

    def __format__(self, spec: str) -> str:
        return _text(self, "format", spec) if spec else str(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _OPEN:
            raise AttributeError(name)
        return of(self).ask("attribute", self, name)["value"]

    def __setattr__(self, name: str, value: Any) -> None:
        of(self).operate("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        of(self).operate("delattr", self, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return made_of(self, of(self).ask("call", self, list(args), kwargs)["value"])

    def __getitem__(self, key: Any) -> Any:
        return of(self).ask("item", self, key)["value"]

    def __setitem__(self, key: Any, value: Any) -> None:
        of(self).operate("setitem", self, key, value)

    def __delitem__(self, key: Any) -> None:
        of(self).operate("delitem", self, key)

    def __len__(self) -> int:
        length = of(self).ask("length", self)["value"]
        if type(length) is not int or length < 0:
            raise LearnerError("TypeError", "len() of the learner's object is no number")
        return length

    def __iter__(self) -> Iterator[Any]:
        kept = of(self)
        iterator = kept.ask("iterate", self)["value"]
        while "stop" not in (answer := kept.ask("next", iterator)):
            yield answer["value"]

    def __next__(self) -> Any:
        answer = of(self).ask("next", self)
        if "stop" in answer:
            raise StopIteration
        return answer["value"]

    def __reversed__(self) -> Iterator[Any]:
        return iter(of(self).operate("reversed", self))

    def __contains__(self, item: Any) -> bool:
        kept = of(self)
        if kept.kind:
            return item in plain(self)
        if kept.made or isinstance(item, Handle):
            return _yes(kept.operate("contains", self, item))
        return any(each is item or each == item for each in self)

    def __bool__(self) -> bool:
        kept = of(self)
        if kept.kind:
            return bool(plain(self))
        truth = kept.operate("bool", self) if kept.made else None
        if truth is None:
            raise TypeError(f"{describe(self)} has no truth value here; ask it something")
        return _yes(truth)

    def __hash__(self) -> int:
        kept = of(self)
        number = plain(self) if kept.kind else _certain(kept.operate("hash", self), int)
        return hash(number)

    def __enter__(self) -> Any:
        return of(self).operate("enter", self)

    def __exit__(self, kind: type[BaseException] | None, error: Any, _: object) -> None:
        # Swallowing it is not for the object to decide: what failed may be the test. Nor is an
        # assertion told, which says what was expected.
        told = None if error is None or _is_verdict(error) else raised.told(error)
        of(self).operate("exit", self, told)

    def __instancecheck__(self, instance: Any) -> bool:
        return _yes(of(self).operate("isinstance", instance, self))

    def __subclasscheck__(self, subclass: Any) -> bool:
        return _yes(of(self).operate("issubclass", subclass, self))

    def __copy__(self) -> Any:
        return of(self).operate("copy", self)

    def __deepcopy__(self, memo: Any) -> Any:
        return of(self).operate("deepcopy", self)


def of(handle: Handle) -> Kept:
    """Return what is known of a handle's object; its attributes are the learner's."""
    kept: Kept = object.__getattribute__(handle, "_Handle__kept")
    return kept


def handle(kept: Kept) -> Handle:
    """Make a handle, of a class that has the name of the object's."""
    return _named(kept.type_name)(kept)


def named(value: Any) -> Any:
    """Note of what the notebook has under a name with a capital that what it makes is the test's.

    The handle is another than that of the same object elsewhere: there the learner chose it.
    """
    if not isinstance(value, Handle):
        return value
    return handle(replace(of(value), named=True, made=False))


def made_of(maker: Any, value: Any) -> Any:
    """Note on what a call returned that the test made it, where it did."""
    if not (isinstance(value, Handle) and isinstance(maker, Handle) and of(maker).named):
        return value
    return handle(replace(of(value), named=False, made=True))


def plain(value: Any) -> Any:
    """Return the plain value of an object that has one, and anything else as it is."""
    if not isinstance(value, Handle):
        return value
    kept = of(value)
    if kept.kind is None or not kept.kind.changes:
        return kept.sent if kept.kind else value
    now = kept.ask("plain", value)["value"]
    if type(now) not in (kept.kind.plain_type, dict):
        raise LearnerError("TypeError", f"{describe(value)} has no plain value")
    return now


def describe(value: Handle) -> str:
    """Name an object without asking it."""
    return f"<the learner's {of(value).type_name}>"


def _text(value: Handle, name: str, *more: Any) -> str:
    return forms.text(_certain(of(value).operate(name, value, *more), str), forms.STDOUT)


def _certain(value: Any, kind: type) -> Any:
    """Return what came from inside if it is exactly of a kind."""
    if type(value) is not kind:
        raise LearnerError("TypeError", f"the learner's object gave no {kind.__name__}")
    return value


def _yes(value: Any) -> bool:
    return _certain(value, bool) is True


def _is_verdict(error: BaseException) -> bool:
    return isinstance(error, AssertionError) or not isinstance(error, Exception)


@lru_cache(maxsize=256)
def _named(name: str) -> type[Handle]:
    if not name.isidentifier():
        return Handle
    return type(name, (Handle,), {"__slots__": (), "__doc__": _DOC})


@lru_cache(maxsize=256)
def _extended(name: str, base: type) -> type:
    return type(name, (base,), {}) if name.isidentifier() else base


_DOC = property(lambda self: of(self).ask("attribute", self, "__doc__")["value"])


def _compare(name: str) -> Callable[[Handle, Any], Any]:
    compare = getattr(operator, name)

    def compared(self: Handle, other: Any) -> Any:
        mine = of(self)
        if isinstance(other, Handle):
            theirs = of(other)
            classes_decide = mine.made or theirs.made or not (mine.kind and theirs.kind)
        else:
            classes_decide = mine.made and not mine.kind
            if not (classes_decide or mine.kind):
                raise TypeError(f"{describe(self)} cannot be compared here; ask it for plain data")
        if classes_decide:
            return mine.operate(name, self, other)
        return compare(plain(self), plain(other))

    return compared


def _calculate(name: str, *, swapped: bool) -> Callable[[Handle, Any], Any]:
    calculate = getattr(operator, f"{name}_" if name in ("and", "or") else name)

    def calculated(self: Handle, other: Any) -> Any:
        mine, operands = of(self), (other, self) if swapped else (self, other)
        # Nor would an object that gets what is expected, and may say what the difference is, be
        # evidence.
        if mine.made or isinstance(other, Handle):
            return mine.operate(name, *operands)
        if mine.kind is None:
            raise TypeError(f"{describe(self)} is no number here; ask it for plain data")
        return calculate(*map(plain, operands))

    return calculated


def _ask_alone(name: str, kind: type | None = None) -> Callable[..., Any]:
    def asked(self: Handle, *more: Any) -> Any:
        kept = of(self)
        if kind is not None and kept.kind and not kept.kind.changes:
            return getattr(kept.sent, f"__{name}__")()
        value = kept.operate(name, self, *more)
        return value if kind is None else _certain(value, kind)

    return asked


for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Handle, f"__{_name}__", _compare(_name))
for _name in _ARITHMETIC:
    setattr(Handle, f"__{_name}__", _calculate(_name, swapped=False))
    setattr(Handle, f"__r{_name}__", _calculate(_name, swapped=True))
for _name in ("neg", "pos", "invert", "abs", "round"):
    setattr(Handle, f"__{_name}__", _ask_alone(_name))
for _name, _kind in (("int", int), ("float", float), ("complex", complex), ("index", int)):
    setattr(Handle, f"__{_name}__", _ask_alone(_name, _kind))
