"""From the bytes that a learner handed in to cells: text, kind and claims, and nothing else.

Nothing is trusted. Sizes and counts are bounded, no type is believed, and whatever cannot be read
becomes one sentence that a learner understands.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader.errors import SubmissionError
from grader.exercises import notebook
from grader.submissions import dialects, pictures, untrusted
from grader.submissions.pictures import MAX_IMAGE
from grader.text import cut

LIMIT_MB = 20
MAX_CELLS = 2_000
MAX_SOURCE = 500_000  # characters of all cells; parsing them takes seconds at most
MAX_BRACKETS = 2_000_000  # each may cost 64 bytes in memory
MAX_OUTPUTS = 50  # a cell
MAX_KEPT = 10_000_000  # characters of all outputs
MAX_RECEIPT = 1_000  # bytes: nbgrader's hold a time, and a random name
CLEAR = "clear the outputs (Edit, Clear Outputs of All Cells), save, and hand in again"

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
# zip, gzip, bzip2, xz, 7-Zip, RAR
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"", "utf-8-sig"),
)


def read(path: Path) -> NotebookNode:
    """Read a submitted notebook; raise SubmissionError with a sentence for the learner.

    The cells' `metadata.grader` holds their claims (`grade_id`, `id`): not to be trusted.
    """
    return parse(contents(path))


def parse(data: bytes) -> NotebookNode:
    """Make a notebook of submitted bytes, valid whatever they were, or raise SubmissionError."""
    whole = _json(_decoded(data))
    raw, notes = _raw_cells(whole)
    if len(raw) > MAX_CELLS:
        raise SubmissionError(f"The notebook has {len(raw)} cells; at most {MAX_CELLS} are read.")
    room = _Room(MAX_KEPT)
    cells = [made for n, cell in enumerate(raw) if (made := _cell(cell, n, room)) is not None]
    if sum(map(_length, cells)) > MAX_SOURCE:
        raise SubmissionError(
            f"The cells hold more than {MAX_SOURCE:,} characters: keep data in files, not in cells."
        )
    notes += dialects.translate(cells)
    if len(cells) < len(raw):
        notes.append(f"{len(raw) - len(cells)} damaged cells could not be read and were left out.")
    claimed = untrusted.mapping(whole, "metadata", "grader")
    names = {key: _claim(claimed.get(key)) for key in ("assignment", "exercise")}
    ours = {"notes": notes, **names}
    return notebook.node(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {"grader": ours}, "cells": cells}
    )


def _length(cell: dict[str, Any]) -> int:
    # A picture in a text is not run, and no learner can tell that it is a part of the text.
    text: str = cell["source"]
    return len(text) if cell["cell_type"] == "code" else pictures.length(text)


def receipt(path: Path) -> bytes:
    """Read a small file that lies beside a notebook, in UTF-8; empty where there is none to trust.

    Whoever hands in chooses what has that name: a link, a device, gigabytes.
    """
    try:
        data = bounded(path, MAX_RECEIPT)
    except SubmissionError:
        return b""
    told = data.decode(_encoding(data), "replace")  # Windows writes UTF-16, and marks in front
    return told.encode() if len(data) <= MAX_RECEIPT and told.strip().isprintable() else b""


@dataclass(slots=True)
class _Room:
    left: int

    def take(self, text: str) -> str:
        self.left -= len(text)
        return text if self.left >= 0 else ""


def contents(path: Path) -> bytes:
    """Read a submitted file, whatever it is; raise SubmissionError where it cannot be one."""
    data = bounded(path, LIMIT_MB * 1_000_000)
    if len(data) > LIMIT_MB * 1_000_000:
        raise SubmissionError(f"{path.name} is larger than {LIMIT_MB} MB: {CLEAR}.")
    return data


def bounded(path: Path, limit: int, *, alone: bool = False) -> bytes:
    """Read a regular file, and no more of it than one byte past the limit.

    A file that is to be `alone` has no other name: one of another person's, perhaps.
    """
    # O_NONBLOCK: opening a FIFO would wait for ever for its other end.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise SubmissionError(f"{path.name} was not handed in.") from None
    except OSError as error:
        why = "it is a link" if error.errno == errno.ELOOP else error.strerror
        raise SubmissionError(f"{path.name} cannot be opened: {why}.") from None
    try:
        known = os.fstat(descriptor)
        if not stat.S_ISREG(known.st_mode):
            raise SubmissionError(f"{path.name} is not a file but a folder, a pipe or a device.")
        if alone and known.st_nlink > 1:
            raise SubmissionError(f"{path.name} is another file, too: it is a hard link.")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(limit + 1)
    finally:
        os.close(descriptor)


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise SubmissionError("The notebook file is empty: save the notebook and hand in again.")
    if data.startswith(_ARCHIVES) or data[257:262] == b"ustar":
        raise SubmissionError("The file is an archive: unpack it and hand in the notebook in it.")
    try:
        return data.decode(_encoding(data))
    except UnicodeDecodeError:
        raise SubmissionError(
            "The notebook file is damaged: it is not text in UTF-8. Save it again in Jupyter."
        ) from None


def _encoding(data: bytes) -> str:
    return next(name for mark, name in _BOMS if data.startswith(mark))


def _json(text: str) -> dict[str, Any]:
    if text.count("[") + text.count("{") > MAX_BRACKETS:
        raise SubmissionError(f"The notebook holds too much data: {CLEAR}.")
    try:
        whole = json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_constant=lambda _: None
        )
    except RecursionError:
        raise SubmissionError("The notebook file is nested too deeply to be read.") from None
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise SubmissionError(
            f"The file is not a complete notebook{place}: save it again in Jupyter, "
            "and hand in the .ipynb file itself."
        ) from None
    if not isinstance(whole, dict):
        raise SubmissionError("The file is not a notebook: hand in the .ipynb file itself.")
    return whole


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        # Readers differ in which of the two they take: a person might see another answer than ran.
        raise SubmissionError(
            "The notebook file is damaged: one of its fields is there twice. Save it again."
        )
    return made


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) < 19 else None


def _raw_cells(whole: dict[str, Any]) -> tuple[list[Any], list[str]]:
    cells, sheets = whole.get("cells"), untrusted.items(whole, "worksheets")
    version = _format(whole.get("nbformat"))
    if version in (2, 3):
        found = [cell for sheet in sheets for cell in untrusted.items(sheet, "cells")]
        return found, ["The notebook was in the old format 3; it was read as today's format."]
    lost = whole.get("nbformat") is None and cells  # the number alone
    if version != 4 and not lost:
        raise SubmissionError(
            "The file is not a notebook of format 4: open it in JupyterLab, save it, hand in again."
        )
    if not isinstance(cells, list):
        raise SubmissionError("The notebook file is damaged: it has no list of cells.")
    return cells, []


def _format(told: Any) -> int | None:
    """Read the major number of a format; some tools write it as text, or with a point."""
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    number = re.fullmatch(r"\s*(\d{1,3})(?:\.\d*)?\s*", str(told), re.ASCII)
    return int(number[1]) if number else None


def _cell(raw: Any, number: int, room: _Room) -> dict[str, Any] | None:
    # Format 3 calls the source of code its input.
    text = untrusted.text_or_none(raw, "source" if "source" in untrusted.mapping(raw) else "input")
    if text is None:
        return None
    kind = untrusted.get(raw, "cell_type")
    if kind in ("heading", "html"):  # of format 3
        kind = "markdown"
    claims: dict[str, Any] = {
        "grade_id": _claim(untrusted.get(raw, "metadata", "nbgrader", "grade_id")),
        # Colab moves a cell's id into its metadata.
        "id": _claim(raw.get("id")) or _claim(untrusted.get(raw, "metadata", "id")),
    }
    if attachments := untrusted.mapping(raw, "attachments"):
        # A picture is a part of an answer: whether it is the same one is known by its hash.
        claims["attachments"] = _hash(attachments)
        claims["pictures"] = {name: _picture(data) for name, data in attachments.items()}
    cell: dict[str, Any] = {"id": f"submitted-{number}", "source": text}
    cell["metadata"] = {"grader": claims}
    if kind != "code":
        return {**cell, "cell_type": "markdown" if kind == "markdown" else "raw"}
    outputs = list(_outputs(raw, room))
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": outputs}


def _picture(data: Any) -> str:
    kinds = ("image/png", "image/jpeg", "image/jpg")
    return next(filter(None, (untrusted.text(data, kind) for kind in kinds)), "")


def _hash(attachments: dict[str, Any]) -> str:
    parts = sorted(
        (name, kind, untrusted.text(data))
        for name, kinds in attachments.items()
        for kind, data in untrusted.mapping(kinds).items()
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest() if parts else ""


def _claim(value: Any) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _outputs(cell: Any, room: _Room) -> Iterator[dict[str, Any]]:
    """Yield what is inert of a cell's outputs: text and pictures; no HTML, scripts or widgets."""
    for output in untrusted.items(cell, "outputs")[:MAX_OUTPUTS]:
        kind = untrusted.get(output, "output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield {"output_type": kind, "name": name, "text": _cut(output, room, "text")}
        elif kind == "error":
            text = {key: _cut(output, room, key) for key in ("ename", "evalue")}
            lines = untrusted.items(output, "traceback")[:MAX_OUTPUTS]
            yield {"output_type": kind, **text, "traceback": [_cut(line, room) for line in lines]}
        elif kind in ("display_data", "execute_result"):
            data = dict(_shown(untrusted.mapping(output, "data"), room))
            yield {"output_type": "display_data", "data": data, "metadata": {}}


def _shown(data: dict[str, Any], room: _Room) -> Iterator[tuple[str, str]]:
    if "text/plain" in data:
        yield "text/plain", _cut(data, room, "text/plain")
    image = untrusted.text(data, "image/png")  # the only kind of picture that pages can vouch for
    # A quotation mark in a "picture" would end the attribute that it is shown in.
    if image and len(image) <= MAX_IMAGE and _BASE64.fullmatch(image):
        yield "image/png", room.take(image)


def _cut(node: Any, room: _Room, *path: str) -> str:
    return room.take(cut(untrusted.text(node, *path)))
