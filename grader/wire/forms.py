"""What writer and reader agree on: how deep, large and long a form may be, what names may say.

The inside cuts texts, and the outside cuts again: the inside may be the learner's by then, so the
reader believes no length.
"""

from __future__ import annotations

import re
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

# How long texts may be that are told beside values, in characters.
NAME = 100  # of a class's or a module's name
MESSAGE = 2_000  # of an exception's message
LINE = NAME + len(": ") + MESSAGE  # of an exception in one line
STDOUT = 20_000  # of what a cell printed
WARNING = 500  # of one warning's line
WARNINGS = 100  # of a call


class WireError(Exception):
    """Report bytes that are no message, or a value that fits into none."""


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


def text(said: Any, length: int) -> str:
    """Return the beginning of a text; "" for what is none."""
    return said[:length] if type(said) is str else ""
