"""Pictures: those in texts, pasted as attachments (Jupyter) or as data (Colab), and in outputs.

What is shown to people has been decoded and is a PNG or a JPEG of a bounded size. In texts, such a
picture becomes an attachment whose name is ours; of any other the text says that it was left out.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from grader.submissions import untrusted

MAX_IMAGE = 2_000_000  # characters of one picture in base64
MAX_PIXELS = 20_000_000
# Of all pictures on a page, or in the texts of a notebook: 160 MB in a browser. A hundred plots of
# the usual size have 31 million.
PAGE_PIXELS = 40_000_000
MAX_PICTURES = 50  # in the texts of a notebook
MAX_KEPT = 10_000_000  # characters of all of these
LEFT_OUT = (
    "*(A picture was left out here: PNG and JPEG of up to 1.5 MB are shown, "
    "40 million pixels in all. It is in the notebook that was handed in, in submitted/.)*"
)
NAME = re.compile(r"picture-\d{1,3}\.(?:png|jpg)")

_DATA = r"data:image/[\w.+-]+(?:;[\w=.-]+)*,[^\s)\"'<>]*|data:[\w.+/-]+;base64,[\w+/=%-]{64,}"
_INSIDE = rf"{_DATA}|attachment:[^\s)\"'<>]+"
_REFERENCE = re.compile(
    rf"!\[(?P<alt>[^\[\]\n]{{0,500}})\]\(\s*"
    rf"(?:<(?P<a>{_DATA}|attachment:[^>\n]{{1,300}})>|(?P<b>{_INSIDE}))"
    r"(?:\s[^)\n]{0,300})?\)"
    rf"|<img\b[^<>]{{0,300}}?\bsrc\s*=\s*[\"']?(?P<c>{_INSIDE})[^<>]{{0,300}}>"
    rf"|^ {{0,3}}\[[^\]\n]{{1,100}}\]:[ \t]*<?(?P<d>{_INSIDE})[^\n]{{0,300}}$"
    rf"|(?P<e>{_DATA})",
    re.MULTILINE | re.ASCII,
)
_SET_ASIDE = re.compile(_DATA, re.ASCII)
_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_JPEG = b"\xff\xd8\xff"
# A JPEG's frames by their markers: C0 to CF but those of the tables for its coding.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_PIECE = 2**20


def length(text: str) -> int:
    """Count the characters of a text without the pictures in it."""
    return len(_SET_ASIDE.sub("", text))


@dataclass(slots=True)
class Room:
    """What is left of the pixels that a page's pictures may have together."""

    pixels: int = PAGE_PIXELS


@dataclass(slots=True)
class Album:
    """The pictures in the texts of one notebook, which are bounded together."""

    count: int = 0
    left: int = MAX_KEPT
    room: Room = field(default_factory=Room)

    def mount(
        self, text: str, given: Mapping[str, str], *, every: bool = False
    ) -> tuple[str, dict[str, dict[str, str]]]:
        """Return a text that refers to its pictures by names of ours, and its attachments.

        `given` are the attachments that it had, in base64; empty what was neither PNG nor JPEG.
        `every` one of them may be meant, also where the text does not refer to it.
        """
        attachments: dict[str, dict[str, str]] = {}

        def reference(data: str, alt: str) -> str:
            kind, image = self._kept(data)
            if not image:
                return LEFT_OUT
            name = f"picture-{self.count}.{'png' if kind == 'image/png' else 'jpg'}"
            attachments[name] = {kind: image}
            return f"![{alt or 'picture'}](attachment:{name})"

        def mounted(match: re.Match[str]) -> str:
            data = _data_of(match, given)
            # One that refers to nothing that was handed in stays as it is.
            return match[0] if data is None else reference(data, match["alt"])

        whole = _REFERENCE.sub(mounted, text)
        if every:
            whole += "".join(f"\n\n{reference(data, '')}" for data in given.values())
        return whole, attachments

    def _kept(self, data: str) -> tuple[str, str]:
        if self.count >= MAX_PICTURES or len(data) > self.left:
            return "", ""
        kind, image = vouched(data, self.room)
        if image:
            self.count += 1
            self.left -= len(image)
        return kind, image


def _data_of(match: re.Match[str], given: Mapping[str, str]) -> str | None:
    """Return a picture's base64, empty if it has none; None where there is no picture."""
    url = next(filter(None, match.group("a", "b", "c", "d", "e")))
    if url.startswith("attachment:"):
        name = url.removeprefix("attachment:")
        return next((given[one] for one in (name, unquote(name)) if one in given), None)
    head, _, data = url.partition(",")
    return unquote(data) if head.endswith(";base64") else ""


def attached(cell: Any, room: Room | None = None) -> dict[str, dict[str, str]]:
    """Return the attachments of a cell that have names of ours and can be shown."""
    found = {}
    for name, data in untrusted.mapping(cell, "attachments").items():
        given = next(filter(None, map(str, untrusted.mapping(data).values())), "")
        kind, image = vouched(given, room) if NAME.fullmatch(name) else ("", "")
        if image:
            found[name] = {kind: image}
    return found


def vouched(value: str, room: Room | None = None) -> tuple[str, str]:
    """Return the kind of a picture and its base64, if it is one that can be shown."""
    if not value or len(value) > MAX_IMAGE:
        return "", ""
    room = room or Room()
    try:
        raw = base64.b64decode("".join(value.split()), validate=True)
        kind, pixels = _head(raw)
        if not 0 < pixels <= min(MAX_PIXELS, room.pixels) or not _is_whole(_Seen(raw)):
            return "", ""
    except (ValueError, LookupError, zlib.error):
        return "", ""
    room.pixels -= pixels
    return kind, base64.b64encode(raw).decode()


def png(value: str, room: Room | None = None) -> str:
    """Return a picture as base64 when it decodes as PNG of a reasonable size, else ""."""
    kind, image = vouched(value, room)
    return image if kind == "image/png" else ""


def _head(raw: bytes) -> tuple[str, int]:
    """Tell what a picture says of itself: its kind, and its pixels."""
    if raw.startswith(_PNG) and raw[12:16] == b"IHDR":
        width, height = (int.from_bytes(raw[n : n + 4], "big") for n in (16, 20))
        return "image/png", width * height
    return "image/jpeg", _jpeg_pixels(raw)


class _Seen:
    """A picture that is the same as every other with its hash: each is decoded once.

    Of one that has been, the bytes are let go.
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.sha256 = hashlib.sha256(raw).digest()

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Seen) and self.sha256 == other.sha256


@lru_cache(maxsize=1_000)
def _is_whole(seen: _Seen) -> bool:
    raw, seen.raw = seen.raw, b""
    try:
        return raw.startswith(_JPEG) or _decodes(raw[16:26], dict(_chunks(raw)))
    except (ValueError, LookupError, zlib.error):
        return False


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    place, drawn = len(_PNG), b""
    while place < len(raw):
        size = int.from_bytes(raw[place : place + 4], "big")
        name, end = raw[place + 4 : place + 8], place + 8 + size
        data = raw[place + 8 : end]
        if zlib.crc32(name + data) != int.from_bytes(raw[end : end + 4], "big"):
            raise ValueError("damaged")
        if name == b"IDAT":
            drawn += data
        yield name, drawn if name == b"IDAT" else data
        place = end + 4


def _decodes(header: bytes, chunks: Mapping[bytes, bytes]) -> bool:
    width, height = (int.from_bytes(header[n : n + 4], "big") for n in (0, 4))
    if header[8] > 16 or b"IEND" not in chunks:
        return False
    left = max(width * height * header[8] * _CHANNELS[header[9]] // 8, 1)
    packed, pixels = chunks[b"IDAT"], zlib.decompressobj()
    while left > 0:  # piece by piece: what is drawn may be a hundred times what is sent
        piece = pixels.decompress(packed, min(left, _PIECE))
        if not piece:
            return False
        left, packed = left - len(piece), pixels.unconsumed_tail
    return True


def _jpeg_pixels(raw: bytes) -> int:
    """Walk from segment to segment to the first scan; the frame before it tells the size."""
    if not raw.startswith(_JPEG) or b"\xff\xd9" not in raw[-65_536:]:
        return 0
    place, pixels = 2, 0
    while raw[place] == 0xFF and (marker := raw[place + 1]) != _SCAN:
        if marker in _FRAMES:
            height, width = (int.from_bytes(raw[place + n : place + n + 2]) for n in (5, 7))
            pixels = max(pixels, height * width)
        # Fill bytes are skipped; all that comes before a scan has a length.
        place += 1 if marker == 0xFF else 2 + int.from_bytes(raw[place + 2 : place + 4])
    return pixels if raw[place] == 0xFF else 0
