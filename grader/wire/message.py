"""Messages between tests and learner code, over a socket, in both directions.

A message is a JSON header (`encode`, `decode`) followed by the binary blobs that it names. Its
size and the number of its values are bounded before anything of it is parsed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from socket import socket
from typing import Any

from grader.wire.decode import Reader
from grader.wire.encode import Writer
from grader.wire.forms import Budget, WireError

MAX_NODES = 1_000_000
MAX_BLOBS = 20_000
MAX_HEADER_BYTES = 32 * 2**20


def frame(value: Any, keep: Callable[..., Any] | None = None) -> bytes:
    """Encode one message; `keep(object)` names what has no inert form, or raises WireError."""
    return _joined(*_parts(value, keep))


def _parts(value: Any, keep: Callable[..., Any] | None) -> tuple[bytes, list[bytes]]:
    writer = Writer(keep)
    header = json.dumps(writer.encode(value), separators=(",", ":"), allow_nan=False).encode()
    return header, writer.blobs


def _joined(header: bytes, blobs: list[bytes]) -> bytes:
    sizes = [len(blob) for blob in blobs]
    prefix = struct.pack(f"<II{len(sizes)}I", len(header), len(sizes), *sizes)
    return b"".join([prefix, header, *blobs])


def crossing(value: Any, keep: Callable[[Any], Any], max_bytes: int) -> bytes:
    """Encode a message that the other side will be able to read; else WireError says why not.

    It is read once before it is sent, by the reader itself: no value of honest code arrives as what
    is no message.
    """
    header, blobs = _parts(value, keep)
    if len(header) + sum(map(len, blobs)) > max_bytes:
        most = f"{max_bytes / 2**20:.3g} MB"
        raise WireError(f"the value is larger than the exercise allows, {most}; give less")
    try:
        _refuse_sizes(len(header), len(blobs), max_bytes)
        decode_parts(header, blobs, _Unasked)
    except WireError as error:
        said = str(error).replace("the message", "the value")
        raise WireError(f"{said}: it cannot cross; give less, or plainer values") from None
    return _joined(header, blobs)


class _Unasked:
    """Stand where a handle will stand, while a message is tried."""

    def __init__(self, name: Any, kind: str = "", plain: Any = None) -> None:
        self.plain = plain

    def __hash__(self) -> int:
        return hash(self.plain)

    def __eq__(self, other: object) -> bool:
        return bool(self.plain == (other.plain if isinstance(other, _Unasked) else other))


def unframe(
    read: Callable[[int], bytes], max_bytes: int, found: Callable[..., Any] | None = None
) -> Any:
    """Read one message: `read(n)` gives exactly n bytes.

    `found` gives what a handle's name means, and knows also its kind and, unless that may change,
    its plain value.

    Raises WireError for anything that is not a whole, well-formed message within `max_bytes`.
    """
    return decode_parts(*read_parts(read, max_bytes), found)


def read_parts(
    read: Callable[[int], bytes], max_bytes: int, budget: Budget | None = None
) -> tuple[bytes, list[bytes]]:
    """Read one message's header and blobs, and look into neither.

    Raises Spent where that is more than the `budget` leaves, before any of it is taken.
    """
    header_bytes, count = struct.unpack("<II", read(8))
    _refuse_sizes(header_bytes, count, max_bytes)
    sizes = struct.unpack(f"<{count}I", read(4 * count))
    if header_bytes + sum(sizes) > max_bytes:
        raise WireError("the message is too large")
    if budget is not None:
        budget.take("messages", 1)
        budget.take("bytes", header_bytes + sum(sizes))
    return read(header_bytes), [read(size) for size in sizes]


def _refuse_sizes(header_bytes: int, count: int, max_bytes: int) -> None:
    if header_bytes > min(max_bytes, MAX_HEADER_BYTES) or count > MAX_BLOBS:
        raise WireError("the message is too large")


def decode_parts(
    header: bytes,
    blobs: list[bytes],
    found: Callable[..., Any] | None = None,
    budget: Budget | None = None,
) -> Any:
    """Turn a message's parts into its value; raises WireError like `unframe`."""
    return Reader(blobs, found, budget).value(_parse(header, budget))


def _parse(header: bytes, budget: Budget | None) -> Any:
    # Counted before parsing: "[[],[],…" is small as text and large as objects.
    values = sum(header.count(mark) for mark in (b",", b"[", b"{"))
    if values > MAX_NODES:
        raise WireError("the message has too many values")
    if budget is not None:
        budget.take("values", values)
    try:
        return json.loads(header.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise WireError(f"the message is not JSON: {type(error).__name__}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def send(sock: socket, value: Any) -> None:
    """Write one message to a socket; its timeout bounds the whole of it."""
    sock.sendall(frame(value))


def receive(sock: socket, max_bytes: int, found: Callable[..., Any] | None = None) -> Any:
    """Read one message from a blocking socket; raise EOFError when the other side is gone."""

    def read(count: int) -> bytes:
        parts = []
        while count:
            part = sock.recv(min(count, 2**20))
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    return unframe(read, max_bytes, found)
