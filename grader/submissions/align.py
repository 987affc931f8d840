"""From a submitted notebook to one that can be run and graded: `align`.

The release notebook is rebuilt around the answers found; the learner's own cells are kept, and
what had to be repaired is said in sentences.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader.exercises import notebook
from grader.exercises.cells import names as cell_names
from grader.exercises.cells import parse, statements
from grader.exercises.folder import Exercise
from grader.submissions import upload

_BEFORE, _AFTER = 0, 1


class Status(StrEnum):
    """What was found of an answer."""

    ANSWERED = "answered"
    UNCHANGED = "unchanged"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner handed in for one task; `source` is empty when it is missing.

    `sha256` is of the text and of the attachments: the same as long as the answer is.
    """

    task: str
    source: str
    status: Status
    sha256: str


@dataclass(frozen=True, slots=True)
class Aligned:
    """The release notebook with the learner's answers and own cells; `repairs` are sentences."""

    notebook: NotebookNode
    repairs: tuple[str, ...]
    answers: dict[str, Answer]


def read_aligned(path: Path, exercise: Exercise) -> Aligned:
    """Read a submitted notebook and align it to the exercise's release."""
    return align(upload.read(path), notebook.release(exercise), exercise)


def align(submitted: NotebookNode, released: NotebookNode, exercise: Exercise) -> Aligned:
    """Rebuild the release notebook with the learner's answers and the learner's own cells.

    An answer is found by nbgrader's id, by the cell's id, by the names that it defines, and a
    written one by its place. Nothing of the learner's is dropped but copies of what was given.
    """
    claims = submitted.metadata.grader
    repairs: list[str] = list(claims.notes)
    if claims.exercise not in ("", exercise.slug):
        repairs.append(f"This is the notebook of {claims.exercise}, not of {exercise.slug}.")
    pieces = _pieces(submitted, released)
    repairs += _doubled(pieces)
    pieces = _placed(pieces, released, repairs)
    pieces = _joined(pieces, repairs)
    slots = list(_slots(released, exercise))
    finds = _finds(slots, pieces)
    for slot in slots:
        repairs += _sentences(slot, finds, pieces)
    answers = {slot.task: _answer(slot, finds[slot.task], pieces) for slot in slots}
    return Aligned(_rebuilt(released, slots, pieces, finds), tuple(repairs), answers)


def _answer(slot: _Slot, find: _Find, pieces: list[_Piece]) -> Answer:
    # A picture may be all that there is of an answer, in a cell whose text is as it was.
    parts = [piece for piece in pieces if piece in find.pieces or piece.claim == slot.index]
    text = find.key if find.status is Status.ANSWERED else ""
    whole = "\0".join([text, *(piece.attachments for piece in parts if piece.attachments)])
    sha256 = hashlib.sha256(whole.encode()).hexdigest()
    return Answer(slot.task, find.text, find.status, sha256)


def _doubled(pieces: list[_Piece]) -> Iterator[str]:
    """Tell of cells of the release that came more than once, word for word."""
    keys = [(piece.key, piece.claim) for piece in pieces if piece.key and piece.claims]
    again = len(keys) - len(set(keys))
    if again:
        yield f"{again} cells were there more than once; what is repeated counts once."


@dataclass(eq=False, slots=True)
class _Piece:
    """A submitted cell; `slot` is the given cell of the release that it is a copy of."""

    text: str
    kind: str
    id: str = ""
    # The cells of the release that it says it is: by nbgrader's grade_id first, then by its id.
    claims: list[tuple[int, str]] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    attachments: str = ""  # their hash
    slot: int | None = None
    key: str = ""  # the text without what an editor may change
    is_python: bool = False
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.key = _key(self.text)
        self.is_python = bool(self.key) and parse(self.text) is not None
        if self.key and (self.kind == "code" or self.is_python):
            self.names = cell_names(self.text, imports=False)

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


def _slots(released: NotebookNode, exercise: Exercise) -> Iterator[_Slot]:
    references = notebook.references(exercise)
    for index, cell in enumerate(released.cells):
        if cell.metadata.grader.origin == "answer":
            task = exercise.task(cell.metadata.grader.task)
            texts = () if task.manual else (cell.source, references[task.name])
            named = [cell_names(text, imports=False) for text in texts] or [frozenset()]
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
        attached = told.get("attachments", "")
        pieces.append(_Piece(cell.source, cell.cell_type, told.id, known, outputs, attached))
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
    known = [chunk.strip() for chunk in statements(given.source)]
    defined = cell_names(given.source)
    kept = [chunk for chunk in statements(text) if chunk.strip() not in known]
    kept = [chunk for chunk in kept if not (names := cell_names(chunk)) or names - defined]
    return "\n".join(kept).strip("\n")


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
    return parse(f"{before.text}\n{piece.text}") is not None


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
    chunks = statements(text)
    ends = {
        slot: max((n for n, chunk in enumerate(chunks, 1) if slot.wanted & cell_names(chunk)))
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
    return is_code or bool(slot.wanted & cell_names(piece.text))


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


def _key(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))
