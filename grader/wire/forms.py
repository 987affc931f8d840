"""What writer and reader agree on: how deep, large and long a form may be, what names may say.

The inside cuts texts, and the outside cuts again: the inside may be the learner's by then, so the
reader believes no length. A `Budget` bounds what is read of many messages together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_DEPTH = 60
PLAIN_INT = 2**53
MAX_DIGITS = 3500  # hexadecimal, of one number; Python writes no longer ones in decimal
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
PERIOD = re.compile(r"(?:[1-9]\d{0,3})?(?:[YQW]-[A-Z]{3}|[MBDhs]|min|ms|us|ns)")

_QUICK = (type(None), bool, float, complex, date, time, timedelta, Decimal)

# How long texts may be that are told beside values, in characters.
NAME = 100  # of a class's or a module's name
MESSAGE = 2_000  # of an exception's message
LINE = NAME + len(": ") + MESSAGE  # of an exception in one line
STDOUT = 20_000  # of what a cell printed
WARNING = 500  # of one warning's line
WARNINGS = 100  # of a call


class WireError(Exception):
    """Report bytes that are no message, or a value that fits into none."""


class Spent(WireError):
    """Report a message that is more than what was left to be read."""


@dataclass(slots=True)
class Budget:
    """What may yet be read of messages: their bytes and what these become, whatever each may hold.

    `values` are those of JSON, and what takes as much room: a table counts as `TABLE` of them, a
    handle as `HANDLE`, and of a range, which takes none before somebody goes through it, each
    `RANGED`th number. `compared` is what it costs to compare keys, see `decode`. What is taken is
    taken of a larger budget, `whole`, too: that of a run, while this one is of a test.
    """

    bytes: int
    messages: int
    values: int
    texts: int
    compared: int
    whole: Budget | None = None

    def take(self, kind: str, count: int) -> None:
        """Take so much of one of these, or raise Spent."""
        left = getattr(self, kind) - count
        if left < 0:
            raise Spent("the message is more than what was left to be read")
        setattr(self, kind, left)
        if self.whole is not None:
            self.whole.take(kind, count)


def hashable(form: Any) -> bool:
    """Tell whether a form's value can be a key where it is read, with no question to anybody.

    Of a kept object its plain value is hashed; for one without, the learner's code would be asked.
    """
    if not isinstance(form, dict):
        return not isinstance(form, list)
    if form.get("t") == "kept":
        return "plain" in form and hashable(form["plain"])
    if form.get("t") in ("tuple", "frozenset"):
        return isinstance(form.get("v"), list) and all(map(hashable, form["v"]))
    return True


def weight(key: Any) -> int:
    """Tell what it costs to compare a key with one that is as long and almost the same.

    One is what it costs for a short number. The class is asked and never the key itself: that may
    be a handle.
    """
    kind = type(key)
    if kind is tuple or kind is frozenset:
        return 1 + sum(map(weight, key))
    if issubclass(kind, str | bytes):  # as a part of another key
        return 1 + len(key) // 64
    if kind is int:
        return 1 + int(key.bit_length()) // 512
    if kind is Fraction:
        return 8 + weight(key.numerator) + weight(key.denominator)
    # All else but numbers and moments is compared by Python's or pandas' own code.
    return 1 if issubclass(kind, _QUICK) or kind.__module__ == "numpy" else 8


def text(said: Any, length: int) -> str:
    """Return the beginning of a text; "" for what is none."""
    return said[:length] if type(said) is str else ""
