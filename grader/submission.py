"""From the bytes that a learner handed in to a notebook that can be run and graded.

Two steps. `read` trusts nothing: of a file it takes cells, their text, and their claims to be a
certain cell (ids), all bounded; whatever else is in it is dropped. `align` rebuilds the release
notebook around the answers found, keeps the learner's own cells, and says what it had to repair.
"""

from __future__ import annotations

import copy
import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader import notebook
from grader.errors import SubmissionError
from grader.exercise import Exercise

LIMIT_MB = 20
MAX_CELLS = 2_000
MAX_SOURCE = 500_000  # characters of all cells; parsing them takes seconds at most
MAX_BRACKETS = 2_000_000  # each may cost 64 bytes in memory
MAX_OUTPUTS = 50  # a cell
MAX_OUTPUT = 20_000  # characters of one text
MAX_IMAGE = 2_000_000  # characters of one picture in base64
MAX_KEPT = 10_000_000  # characters of all outputs
_BEFORE, _AFTER = 0, 1
CLEAR = "clear the outputs (Edit, Clear Outputs of All Cells), save, and hand in again"

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"", "utf-8-sig"),
)


class Status(StrEnum):
    """What was found of an answer."""

    ANSWERED = "answered"
    UNCHANGED = "unchanged"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner handed in for one task; `source` is empty when it is missing."""

    task: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class Aligned:
    """The release notebook with the learner's answers and own cells; `repairs` are sentences."""

    notebook: NotebookNode
    repairs: tuple[str, ...]
    answers: dict[str, Answer]


def sha256(path: Path, limit_mb: int = LIMIT_MB) -> str:
    """Hash the file as it was handed in; refuse what `read` refuses to open."""
    return hashlib.sha256(_contents(path, limit_mb)).hexdigest()


def read(path: Path, limit_mb: int = LIMIT_MB) -> NotebookNode:
    """Read a submitted notebook; raise SubmissionError with a sentence for the learner.

    The cells' `metadata.grader` holds their claims (`grade_id`, `id`): not to be trusted.
    """
    return parse(_contents(path, limit_mb))


def read_aligned(path: Path, exercise: Exercise) -> Aligned:
    """Read a submitted notebook and align it to the exercise's release."""
    return align(read(path), notebook.release(exercise), exercise)


def parse(data: bytes) -> NotebookNode:
    """Make a notebook of submitted bytes, valid whatever they were, or raise SubmissionError."""
    whole = _json(_decoded(data))
    raw, notes = _raw_cells(whole)
    if len(raw) > MAX_CELLS:
        raise SubmissionError(f"The notebook has {len(raw)} cells; at most {MAX_CELLS} are read.")
    room = _Room(MAX_KEPT)
    cells = [made for n, cell in enumerate(raw) if (made := _cell(cell, n, room)) is not None]
    if sum(len(cell["source"]) for cell in cells) > MAX_SOURCE:
        raise SubmissionError(
            f"The cells hold more than {MAX_SOURCE:,} characters: keep data in files, not in cells."
        )
    if len(cells) < len(raw):
        notes.append(f"{len(raw) - len(cells)} damaged cells could not be read and were left out.")
    ours = {"notes": notes, "exercise": _claim(_dict(whole, "metadata", "grader").get("exercise"))}
    return notebook.node(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {"grader": ours}, "cells": cells}
    )


@dataclass(slots=True)
class _Room:
    left: int

    def take(self, text: str) -> str:
        self.left -= len(text)
        return text if self.left >= 0 else ""


def _contents(path: Path, limit_mb: int) -> bytes:
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
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError(f"{path.name} is not a file but a folder, a pipe or a device.")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(limit_mb * 1_000_000 + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit_mb * 1_000_000:
        raise SubmissionError(f"{path.name} is larger than {limit_mb} MB: {CLEAR}.")
    return data


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise SubmissionError("The notebook file is empty: save the notebook and hand in again.")
    encoding = next(name for mark, name in _BOMS if data.startswith(mark))
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise SubmissionError(
            "The notebook file is damaged: it is not text in UTF-8. Save it again in Jupyter."
        ) from None


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
    version, cells = whole.get("nbformat"), whole.get("cells")
    if version == 3:
        sheets = whole.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for some in lists if isinstance(some, list) for cell in some]
        return cells, ["The notebook was in the old format 3; it was read as today's format."]
    if version != 4 or isinstance(version, bool):
        raise SubmissionError(
            "The file is not a notebook of format 4: open it in JupyterLab, save it, hand in again."
        )
    if not isinstance(cells, list):
        raise SubmissionError("The notebook file is damaged: it has no list of cells.")
    return cells, []


def _cell(raw: Any, number: int, room: _Room) -> dict[str, Any] | None:
    if not isinstance(raw, dict):
        return None
    text = _text(raw.get("source", raw.get("input")))
    if text is None:
        return None
    kind = raw.get("cell_type")
    if kind in ("heading", "html"):  # of format 3
        kind = "markdown"
    claims = {
        "grade_id": _claim(_dict(raw, "metadata", "nbgrader").get("grade_id")),
        # Colab moves a cell's id into its metadata.
        "id": _claim(raw.get("id")) or _claim(_dict(raw, "metadata").get("id")),
    }
    cell: dict[str, Any] = {"id": f"submitted-{number}", "source": text}
    cell["metadata"] = {"grader": claims}
    if kind != "code":
        return {**cell, "cell_type": "markdown" if kind == "markdown" else "raw"}
    outputs = list(_outputs(raw.get("outputs"), room))
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": outputs}


def _text(value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if not isinstance(value, str):
        return None
    whole = value.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", whole)  # half a character can be neither hashed nor written


def _claim(value: Any) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _dict(value: Any, *path: str) -> dict[str, Any]:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _outputs(raw: Any, room: _Room) -> Iterator[dict[str, Any]]:
    """Yield what is inert of a cell's outputs: text and pictures; no HTML, scripts or widgets."""
    for output in raw[:MAX_OUTPUTS] if isinstance(raw, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield {"output_type": kind, "name": name, "text": _cut(output.get("text"), room)}
        elif kind == "error":
            text = {key: _cut(output.get(key), room) for key in ("ename", "evalue")}
            lines = output.get("traceback")
            lines = lines[:MAX_OUTPUTS] if isinstance(lines, list) else []
            yield {"output_type": kind, **text, "traceback": [_cut(line, room) for line in lines]}
        elif kind in ("display_data", "execute_result"):
            data = dict(_shown(_dict(output, "data"), room))
            yield {"output_type": "display_data", "data": data, "metadata": {}}


def _shown(data: dict[str, Any], room: _Room) -> Iterator[tuple[str, str]]:
    if "text/plain" in data:
        yield "text/plain", _cut(data["text/plain"], room)
    for mime in ("image/png", "image/jpeg"):
        image = _text(data.get(mime))
        # A quotation mark in a "picture" would end the attribute that it is shown in.
        if image and len(image) <= MAX_IMAGE and _BASE64.fullmatch(image):
            yield mime, room.take(image)


def _cut(value: Any, room: _Room) -> str:
    text = _text(value) or ""
    return room.take(text if len(text) <= MAX_OUTPUT else text[:MAX_OUTPUT] + "\n… (cut)")


def align(submitted: NotebookNode, released: NotebookNode, exercise: Exercise) -> Aligned:
    """Rebuild the release notebook with the learner's answers and the learner's own cells.

    An answer is found by nbgrader's id, by the cell's id, by the names that it defines, and a
    written one by its place. Nothing of the learner's is dropped but copies of what was given.
    """
    claims = submitted.metadata.grader
    repairs: list[str] = list(claims.notes)
    if claims.exercise not in ("", exercise.slug):
        repairs.append(f"This is the notebook of {claims.exercise}, not of {exercise.slug}.")
    pieces = _placed(_pieces(submitted, released), released, repairs)
    pieces = _joined(pieces, repairs)
    slots = list(_slots(released, exercise))
    finds = _finds(slots, pieces)
    for slot in slots:
        repairs += _sentences(slot, finds, pieces)
    answers = {task: Answer(task, find.text, find.status) for task, find in finds.items()}
    return Aligned(_rebuilt(released, slots, pieces, finds), tuple(repairs), answers)


@dataclass(eq=False, slots=True)
class _Piece:
    """A submitted cell; `slot` is the given cell of the release that it is a copy of."""

    text: str
    kind: str
    id: str = ""
    # The cells of the release that it says it is: by nbgrader's grade_id first, then by its id.
    claims: list[tuple[int, str]] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    slot: int | None = None
    key: str = ""  # the text without what an editor may change
    is_python: bool = False
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.key = _key(self.text)
        self.is_python = bool(self.key) and notebook.parse(self.text) is not None
        if self.key and (self.kind == "code" or self.is_python):
            self.names = notebook.names(self.text, imports=False)

    @property
    def claim(self) -> int | None:
        return self.claims[0][0] if self.claims else None


@dataclass(frozen=True, slots=True)
class _Slot:
    """The place of an answer in the release, and how to know an answer for it."""

    index: int
    task: str
    manual: bool
    stub: str
    key: str
    wanted: frozenset[str]  # the names that the stub defines, else those of the reference
    every: bool  # an answer defines all of them; a reference may have names of its own

    def fits(self, piece: _Piece) -> bool:
        if self.every:
            return self.wanted <= piece.names
        return not self.wanted or bool(self.wanted & piece.names)


@dataclass(frozen=True, slots=True)
class _Find:
    """What was found for a task, and the pieces that it was made of."""

    status: Status
    text: str = ""
    pieces: tuple[_Piece, ...] = ()

    @property
    def key(self) -> str:
        return _key(self.text)


def _key(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _slots(released: NotebookNode, exercise: Exercise) -> Iterator[_Slot]:
    references = notebook.references(exercise)
    for index, cell in enumerate(released.cells):
        if cell.metadata.grader.origin == "answer":
            task = exercise.task(cell.metadata.grader.task)
            texts = () if task.manual else (cell.source, references[task.name])
            named = [notebook.names(text, imports=False) for text in texts] or [frozenset()]
            wanted = named[0] or named[-1]
            stub = cell.source
            yield _Slot(index, task.name, task.manual, stub, _key(stub), wanted, bool(named[0]))


def _pieces(submitted: NotebookNode, released: NotebookNode) -> list[_Piece]:
    grade_ids = {cell.metadata.nbgrader.grade_id: n for n, cell in enumerate(released.cells)}
    ids = {cell.id: n for n, cell in enumerate(released.cells)}
    pieces = []
    for cell in submitted.cells:
        told = cell.metadata.grader
        claims = [(grade_ids.get(told.grade_id), "grade_id"), (ids.get(told.id), "id")]
        known = [(index, by) for index, by in claims if index is not None]
        outputs = cell.get("outputs", [])
        pieces.append(_Piece(cell.source, cell.cell_type, told.id, known, outputs))
    return pieces


def _placed(pieces: list[_Piece], released: NotebookNode, repairs: list[str]) -> list[_Piece]:
    """Find the given cells, by text before claim; what was added to one is the learner's own."""
    locked = {n: c for n, c in enumerate(released.cells) if c.metadata.grader.origin != "answer"}
    for index, cell in locked.items():
        key = _key(cell.source)
        same = [piece for piece in pieces if piece.slot is None and piece.key == key]
        if same:
            max(same, key=lambda piece: piece.claim == index).slot = index
    there = {piece.slot for piece in pieces}
    keys = {_key(cell.source): cell for cell in released.cells}
    placed, changed = [], 0
    for piece in pieces:
        twin = keys.get(piece.key)
        missing = [n for n, _ in piece.claims if n in locked and n not in there]
        missing = [n for n in missing if _shares_a_line(piece.text, locked[n].source)]
        copied = twin is not None and twin.metadata.grader.origin != "answer"
        piece.claims = [(n, by) for n, by in piece.claims if n not in locked and not copied]
        if piece.slot is None and twin is None and missing:
            there.add(missing[0])
            changed += 1
            placed.append(_Piece("", piece.kind, slot=missing[0]))
            rest = _added(piece.text, locked[missing[0]])
            placed += [_Piece(rest, piece.kind, outputs=piece.outputs)] if rest else []
        elif piece.slot is not None or not (twin and _is_copy(twin)):
            placed.append(piece)
    repairs += _given_sentences(placed, len(locked.keys() - there), changed)
    return placed


def _shares_a_line(text: str, given: str) -> bool:
    lines = {line.strip() for line in given.split("\n")} - {""}
    return not lines.isdisjoint(line.strip() for line in text.split("\n"))


def _is_copy(twin: NotebookNode) -> bool:
    # A given code cell that stands twice may be run twice on purpose; a text or check never.
    origin: str = twin.metadata.grader.origin
    return origin == "check" or (origin == "given" and twin.cell_type != "code")


def _given_sentences(placed: list[_Piece], missing: int, changed: int) -> Iterator[str]:
    order = [piece.slot for piece in placed if piece.slot is not None]
    if missing:
        yield f"{_given_cells(missing)} missing; put back."
    if changed:
        yield f"{_given_cells(changed)} changed; put back, and what you had added was kept."
    if order != sorted(order):
        yield "Given cells had been moved; they were put back in their order."


def _given_cells(count: int) -> str:
    return "A given cell was" if count == 1 else f"{count} given cells were"


def _added(text: str, given: NotebookNode) -> str:
    """Return what a learner wrote into a given cell, without new values for what it defines."""
    if given.cell_type != "code":
        known = given.source.split("\n")
        return "\n".join(line for line in text.split("\n") if line not in known).strip("\n")
    known = [chunk.strip() for chunk in _chunks(given.source)]
    defined = notebook.names(given.source)
    kept = [chunk for chunk in _chunks(text) if chunk.strip() not in known]
    kept = [chunk for chunk in kept if not (names := notebook.names(chunk)) or names - defined]
    return "\n".join(kept).strip("\n")


def _chunks(text: str) -> list[str]:
    """Cut code after each top-level statement; code that is not Python is one chunk."""
    tree = notebook.parse(text)
    lines = text.split("\n")
    ends = sorted({node.end_lineno or 0 for node in tree.body} if tree else ())
    cuts = [0, *ends[:-1], len(lines)]
    return ["\n".join(lines[start:end]) for start, end in pairwise(cuts)]


def _joined(pieces: list[_Piece], repairs: list[str]) -> list[_Piece]:
    """Put code together again that was split in the middle of a statement."""
    joined: list[_Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before is None or not _continues(before, piece):
            joined.append(piece)
            continue
        whole = f"{before.text}\n{piece.text}"
        outputs = before.outputs + piece.outputs
        joined[-1] = _Piece(whole, "code", before.id, before.claims, outputs)
        repairs.append("A cell was split in the middle of a statement; it was put together again.")
    return joined


def _continues(before: _Piece, piece: _Piece) -> bool:
    own_code = all(part.kind == "code" and part.slot is None for part in (before, piece))
    if not own_code or not piece.key or piece.is_python:
        return False
    return notebook.parse(f"{before.text}\n{piece.text}") is not None


def _finds(slots: list[_Slot], pieces: list[_Piece]) -> dict[str, _Find]:
    live = _live(slots, pieces)
    chosen = {slot.task: _chosen(slot, live) for slot in slots}
    places = {piece: piece.slot for piece in pieces if piece.slot is not None}
    places |= {part: slot.index for slot in slots for part in chosen[slot.task]}
    for slot in slots:
        if not slot.wanted and not chosen[slot.task]:
            chosen[slot.task] = _by_place(slot, pieces, live, places)
    finds = {slot.task: _find(slot, chosen[slot.task], pieces) for slot in slots}
    for shared in {parts for parts in chosen.values() if len(parts) == 1}:
        merged = [slot for slot in slots if slot.wanted and chosen[slot.task] == shared]
        if len(merged) > 1:
            texts = _divided(shared[0].text, merged)
            finds |= {task: _Find(Status.ANSWERED, text, shared) for task, text in texts.items()}
    return finds


def _divided(text: str, slots: list[_Slot]) -> dict[str, str]:
    """Divide a cell that holds several answers, each part ending with what it answers."""
    chunks = _chunks(text)
    ends = {
        slot: max((n for n, chunk in enumerate(chunks, 1) if slot.wanted & notebook.names(chunk)))
        for slot in slots
    }
    *firsts, last = sorted(slots, key=lambda slot: ends[slot])
    parts, start = {}, 0
    for slot in firsts:
        parts[slot.task] = "\n".join(chunks[start : ends[slot]])
        start = ends[slot]
    parts[last.task] = "\n".join(chunks[start:])
    return {task: part.strip("\n") or "# Answered in another cell." for task, part in parts.items()}


def _live(slots: list[_Slot], pieces: list[_Piece]) -> list[_Piece]:
    """Return what may be an answer, and take back claims that what the cell defines belies."""
    untouched = {"", *(slot.key for slot in slots)}
    live = [piece for piece in pieces if piece.slot is None and piece.key not in untouched]
    for piece in live:
        elsewhere = {slot.index for slot in slots if slot.every and slot.fits(piece)}
        credible = {s.index for s in slots if _is_credible(s, piece, elsewhere - {s.index})}
        piece.claims = [(index, by) for index, by in piece.claims if index in credible]
    return live


def _is_credible(slot: _Slot, piece: _Piece, elsewhere: set[int]) -> bool:
    if slot.manual:
        return not piece.names  # code that defines something is no text
    if elsewhere:
        return bool(slot.wanted & piece.names)
    is_code = piece.kind == "code" or piece.is_python
    return is_code or bool(slot.wanted & notebook.names(piece.text))


def _chosen(slot: _Slot, live: list[_Piece]) -> tuple[_Piece, ...]:
    claimed = [piece for piece in live if piece.claim == slot.index]
    fitting = [piece for piece in claimed if slot.fits(piece)]
    if fitting or not slot.wanted:
        return tuple(fitting[-1:])
    last = {name: piece for piece in live for name in slot.wanted & piece.names}
    parts = tuple(piece for piece in live if piece in last.values())
    if not slot.every:
        parts = tuple(sorted(parts, key=lambda piece: len(slot.wanted & piece.names))[-1:])
    elif len(last) < len(slot.wanted):
        return tuple(claimed[-1:]) or parts
    return parts or tuple(claimed[-1:])


def _by_place(
    slot: _Slot, pieces: list[_Piece], live: list[_Piece], places: dict[_Piece, int]
) -> tuple[_Piece, ...]:
    """Find a written answer behind the cell that it follows; failing that, take every text."""
    before = max((place for place in places.values() if place < slot.index), default=-1)
    free, at = set(live) - places.keys(), -1
    here: list[_Piece] = []
    anywhere: list[_Piece] = []
    for piece in pieces:
        at = places.get(piece, at)
        is_text = piece.kind != "code" or not piece.is_python
        if piece in free and is_text == slot.manual:
            anywhere.append(piece)
            here += [piece] if at == before else []
    found = here or (anywhere if slot.manual else [])
    # A text typed into a code cell is taken for one only where there is no other.
    return tuple([piece for piece in found if piece.kind != "code"] or found)


def _find(slot: _Slot, parts: tuple[_Piece, ...], pieces: list[_Piece]) -> _Find:
    if parts:
        return _Find(Status.ANSWERED, "\n\n\n".join(part.text for part in parts), parts)
    untouched = [piece for piece in pieces if piece.slot is None and piece.key == slot.key]
    if untouched:
        return _Find(Status.UNCHANGED, slot.stub, tuple(untouched[:1]))
    return _Find(Status.MISSING)


def _sentences(slot: _Slot, finds: dict[str, _Find], pieces: list[_Piece]) -> Iterator[str]:
    find, names = finds[slot.task], " and ".join(sorted(slot.wanted))
    if find.status is Status.MISSING:
        why = f"no cell defines {names}" if names else "there is no text for it"
        yield f"No answer to {slot.task} was found: {why}."
    if find.status is not Status.ANSWERED:
        return
    part, own = find.pieces[-1], [piece for piece in pieces if piece.slot is None]
    if (part.kind == "code") == slot.manual:
        yield f"The cell of the answer to {slot.task} had another type; it was changed back."
    if any(find.pieces == other.pieces for task, other in finds.items() if task != slot.task):
        yield f"The answer to {slot.task} shared a cell with another answer; it was divided."
    elif len(find.pieces) > 1:
        yield f"The answer to {slot.task} was found in {len(find.pieces)} cells, taken together."
    elif part.claims[:1] != [(slot.index, "grade_id")]:
        elsewhere = any(piece.claim == slot.index for piece in own if piece is not part)
        yield _how(slot, part, elsewhere, names)
    if len(find.pieces) == 1 and not slot.fits(part):
        yield f"The cell of the answer to {slot.task} does not define {names}."
    earlier = _earlier(slot, find, pieces)
    if earlier:
        yield f"There were {len(earlier) + 1} answers to {slot.task}; the last one counts."
    if any(_rivals(slot, find, piece) and piece not in earlier for piece in own):
        yield (
            f"A cell further down answers {slot.task} again; as when the notebook is run from top "
            "to bottom, what it defines counts."
        )


def _how(slot: _Slot, part: _Piece, elsewhere: bool, names: str) -> str:
    if part.claim == slot.index:
        how = "it was found by the id of its cell"
    elif slot.wanted:
        noun = "name" if len(slot.wanted) == 1 else "names"
        how = f"it was found by the {noun} that it defines, {names}"
    else:
        how = "it was found by its place"
    lost = "was not in its own cell" if elsewhere else "had lost its nbgrader metadata"
    return f"The answer to {slot.task} {lost}; {how}."


def _earlier(slot: _Slot, find: _Find, pieces: list[_Piece]) -> set[_Piece]:
    """Return the cells before the answer that answer the task too."""
    until = pieces.index(find.pieces[-1]) if find.pieces else 0
    return {piece for piece in pieces[:until] if _rivals(slot, find, piece)}


def _rivals(slot: _Slot, find: _Find, piece: _Piece) -> bool:
    if piece.slot is not None or piece in find.pieces or piece.key in ("", slot.key, find.key):
        return False
    claims = piece.claim == slot.index and slot.fits(piece)
    return claims or (slot.every and bool(slot.wanted & piece.names))


def _rebuilt(
    released: NotebookNode, slots: list[_Slot], pieces: list[_Piece], finds: dict[str, _Find]
) -> NotebookNode:
    around = _around(len(released.cells), slots, pieces, finds)
    ids = {cell.id for cell in released.cells}
    cells: list[NotebookNode] = []
    for index, given in enumerate(released.cells):
        cells += [_learners(piece, ids) for piece in around.get((index, _BEFORE), ())]
        cells.append(_filled(given, finds))
        cells += [_learners(piece, ids) for piece in around.get((index, _AFTER), ())]
    return notebook.node({**released, "cells": cells})


def _around(
    length: int, slots: list[_Slot], pieces: list[_Piece], finds: dict[str, _Find]
) -> dict[tuple[int, int], list[_Piece]]:
    """Say before or after which cell of the release each of the learner's own cells goes.

    It stays behind the cell that it followed; but before an answer that it stood before, which
    may need it even when the answer itself comes to another place.
    """
    places = _places(slots, pieces, finds)
    rivals = {p: slot.index for slot in slots for p in _earlier(slot, finds[slot.task], pieces)}
    dropped = {"", *(slot.key for slot in slots), *(find.key for find in finds.values())}
    used = {piece for find in finds.values() for piece in find.pieces}
    answers = {slot.index for slot in slots}
    around: dict[tuple[int, int], list[_Piece]] = {}
    waiting: list[_Piece] = []
    last: int | None = None
    for piece in pieces:
        if piece in places:
            first, *_ = places[piece]
            key = (first, _BEFORE) if last is None or first in answers else (last, _AFTER)
            around.setdefault(key, []).extend(waiting)
            waiting, last = [], places[piece][-1]
        elif piece in rivals:
            # Behind the answer it would replace what counts.
            around.setdefault((rivals[piece], _BEFORE), []).append(piece)
        elif piece not in used and piece.key not in dropped:
            waiting.append(piece)
    around.setdefault((length - 1 if last is None else last, _AFTER), []).extend(waiting)
    return around


def _places(
    slots: list[_Slot], pieces: list[_Piece], finds: dict[str, _Find]
) -> dict[_Piece, list[int]]:
    places = {piece: [piece.slot] for piece in pieces if piece.slot is not None}
    for slot in slots:
        for part in finds[slot.task].pieces[-1:]:
            places.setdefault(part, []).append(slot.index)
    return places


def _filled(given: NotebookNode, finds: dict[str, _Find]) -> NotebookNode:
    cell = copy.deepcopy(given)
    if cell.metadata.grader.origin == "answer":
        find = finds[cell.metadata.grader.task]
        if find.status is Status.ANSWERED:
            cell.source = find.text
            if cell.cell_type == "code":
                cell.outputs = find.pieces[-1].outputs
    return cell


def _learners(piece: _Piece, ids: set[str]) -> NotebookNode:
    id = piece.id if piece.id and piece.id not in ids else f"learner-{len(ids)}"
    while id in ids:
        id += "x"
    ids.add(id)
    cell: dict[str, Any] = {"id": id, "cell_type": piece.kind, "source": piece.text}
    cell["metadata"] = {"grader": {"origin": "learner"}}
    if piece.kind == "code":
        cell |= {"execution_count": None, "outputs": piece.outputs}
    return notebook.node(cell)
