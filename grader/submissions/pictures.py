"""Pictures: those in texts, pasted as attachments (Jupyter) or as data (Colab), and in outputs.

What is shown to people has been decoded and is a PNG or a JPEG of a bounded size. In texts, such a
picture becomes an attachment whose name is ours; of any other the text says that it was left out.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from grader.submissions import untrusted

MAX_IMAGE = 2_000_000  # characters of one picture in base64
MAX_PIXELS = 20_000_000
MAX_PICTURES = 50  # in the texts of a notebook
MAX_KEPT = 10_000_000  # characters of all of these
LEFT_OUT = (
    "*(A picture was left out here: PNG and JPEG of up to 1.5 MB are shown. "
    "It is in the notebook that was handed in, in submitted/.)*"
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


def length(text: str) -> int:
    """Count the characters of a text without the pictures in it."""
    return len(_SET_ASIDE.sub("", text))


@dataclass(slots=True)
class Album:
    """The pictures in the texts of one notebook, which are bounded together."""

    count: int = 0
    left: int = MAX_KEPT

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
        kind, image = vouched(data)
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


def attached(cell: Any) -> dict[str, dict[str, str]]:
    """Return the attachments of a cell that have names of ours and can be shown."""
    found = {}
    for name, data in untrusted.mapping(cell, "attachments").items():
        kind, image = vouched(next(filter(None, map(str, untrusted.mapping(data).values())), ""))
        if NAME.fullmatch(name) and image:
            found[name] = {kind: image}
    return found


def vouched(value: str) -> tuple[str, str]:
    """Return the kind of a picture and its base64, if it is one that can be shown."""
    if image := png(value):
        return "image/png", image
    image = jpeg(value)
    return ("image/jpeg" if image else ""), image


def png(value: str) -> str:
    """Return a picture as base64 when it decodes as PNG of a reasonable size, else ""."""
    return _read(value, lambda raw: _is_whole(dict(_chunks(raw))))


def jpeg(value: str) -> str:
    """Return a picture as base64 when its head is a JPEG's of a reasonable size, else ""."""
    return _read(value, _is_jpeg)


def _read(value: str, is_good: Callable[[bytes], bool]) -> str:
    if not value or len(value) > MAX_IMAGE:
        return ""
    try:
        raw = base64.b64decode("".join(value.split()), validate=True)
        return base64.b64encode(raw).decode() if is_good(raw) else ""
    except (ValueError, LookupError, zlib.error):
        return ""


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not raw.startswith(_PNG):
        raise ValueError("no PNG")
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


def _is_whole(chunks: Mapping[bytes, bytes]) -> bool:
    header = chunks[b"IHDR"]
    width, height = (int.from_bytes(header[n : n + 4], "big") for n in (0, 4))
    if not 0 < width * height <= MAX_PIXELS or header[8] > 16 or b"IEND" not in chunks:
        return False
    bits = width * height * header[8] * _CHANNELS[header[9]]
    pixels = zlib.decompressobj().decompress(chunks[b"IDAT"], bits // 8 + 1)
    return len(pixels) >= bits // 8


def _is_jpeg(raw: bytes) -> bool:
    """Walk from segment to segment to the first scan; the frame before it tells the size."""
    if not raw.startswith(_JPEG) or b"\xff\xd9" not in raw[-65_536:]:
        return False
    place, pixels = 2, 0
    while raw[place] == 0xFF and (marker := raw[place + 1]) != _SCAN:
        if marker in _FRAMES:
            height, width = (int.from_bytes(raw[place + n : place + n + 2]) for n in (5, 7))
            pixels = max(pixels, height * width)
        # Fill bytes are skipped; all that comes before a scan has a length.
        place += 1 if marker == 0xFF else 2 + int.from_bytes(raw[place + 2 : place + 4])
    return raw[place] == 0xFF and 0 < pixels <= MAX_PIXELS
