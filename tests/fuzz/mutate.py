"""Small damages, of bytes and of JSON, decided by a random generator with a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

ODD: list[Any] = [
    None, True, False, 0, 1, -1, 2, 7, 255, 2**31, 2**53, -(2**63), 2**64, 10**30, 0.5, -0.0, 1e308,
    "", "0", "-1", "nan", "é", "\ud800", "\x00", "x" * 300, "<script>alert(1)</script>",
    [], {}, [[]], [None], [0, 0], {"t": "kept", "v": {"id": 0}}, {"t": "NA"},
    {"t": "bytes", "b": 0}, "../../etc",
]  # fmt: skip
PIECES = [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"0", b"9" * 30, b"-", b"e9", b"null"]


def damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Change, insert, leave out, repeat or cut a few bytes, or go on with another item's."""
    raw = bytearray(data)
    at, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2)) if raw else (0, 0)
    kind = chance.randrange(7)
    if kind == 0 and at < len(raw):
        raw[at] = chance.randrange(256)
    elif kind == 1 and at < len(raw):
        raw[at] ^= 1 << chance.randrange(8)
    elif kind == 2:
        raw[at:at] = chance.choice(PIECES)
    elif kind == 3:
        del raw[at : min(end, at + 8)]
    elif kind == 4:
        raw[at:at] = raw[at : min(end, at + 200)]
    elif kind == 5:
        del raw[end:]
    else:
        raw[at:] = other[chance.randrange(len(other) + 1) :]
    return bytes(raw)


def changed(tree: Any, other: Any, chance: random.Random, odd: list[Any]) -> Any:
    """Replace, leave out, repeat or rename one part of a JSON tree, chosen anywhere in it."""
    whole = [json.loads(json.dumps(tree))]
    holder, key = chance.choice([*places(whole)])
    kind = chance.randrange(6)
    if kind <= 2:
        holder[key] = chance.choice(odd)
    elif kind == 3:
        found = chance.choice([*places([other])])
        holder[key] = found[0][found[1]]
    elif kind == 4:
        del holder[key]
    elif isinstance(holder, list):
        holder[key:key] = [holder[key]] * chance.choice([1, 2, 60])
    else:
        holder[str(chance.choice(odd))] = holder.pop(key)
    return whole[0] if whole else None


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every part of a tree as the container and the key that it is under."""
    pending = [tree]
    while pending:
        node = pending.pop()
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            yield node, key
            if isinstance(value, dict | list):
                pending.append(value)
