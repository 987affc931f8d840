"""What may be printed or shown."""

from __future__ import annotations

import re

# Those that turn the direction of text are among them: code could be shown in another order than
# it runs in.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(value: str) -> str:
    """Replace what HTML forbids, UTF-8 cannot write or readers cannot see: control characters."""
    return _CONTROL.sub("\ufffd", value)
