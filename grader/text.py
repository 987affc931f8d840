"""What may be printed or shown."""

from __future__ import annotations

import re

CALLED = "The test called "  # what a line begins with that tells a visible test's call
LONGEST = 20_000  # characters of one text that people are shown

# Those that turn the direction of text are among them: code could be shown in another order than
# it runs in. So is the carriage return: in a terminal, what follows it covers what came before.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_HALVES = re.compile("[\ud800-\udfff]")
_LEFT_OUT = "\n… ({:,} more characters were left out)"


def printable(value: str) -> str:
    """Replace what HTML forbids, UTF-8 cannot write or readers cannot see: control characters."""
    return _CONTROL.sub("\ufffd", value)


def encodable(value: str) -> str:
    """Replace halves of characters alone: these can be neither hashed nor written."""
    return _HALVES.sub("\ufffd", value)


def cut(value: str, limit: int = LONGEST) -> str:
    """Leave out what is too long, and say how much; cut once more, the result stays as it is."""
    if len(value) <= limit:
        return value
    kept = limit - len(_LEFT_OUT.format(len(value)))
    return value[:kept] + _LEFT_OUT.format(len(value) - kept)
