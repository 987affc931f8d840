"""From a submitted notebook to one that can be run and graded: `align`.

The release notebook is rebuilt around the answers found; the learner's own cells are kept, and
what had to be repaired is said in sentences.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode

from grader.exercises import notebook
from grader.exercises.folder import Exercise
from grader.submissions.matching import find_answers, joined, placed
from grader.submissions.pictures import Album
from grader.submissions.pieces import (
    Aligned,
    Answer,
    Find,
    Piece,
    Slot,
    Status,
    pieces_of,
    slots_of,
)
from grader.submissions.repairs import earlier_answers, of_answer, of_doubled_cells

_BEFORE, _AFTER = 0, 1


def align(submitted: NotebookNode, released: NotebookNode, exercise: Exercise) -> Aligned:
    """Rebuild the release notebook with the learner's answers and the learner's own cells.

    An answer is found by nbgrader's id, by the cell's id, by the names that it defines, and a
    written one by its place. Nothing of the learner's is dropped but copies of what was given.
    """
    claims = submitted.metadata.grader
    repairs: list[str] = list(claims.notes)
    if claims.exercise not in ("", exercise.slug):
        repairs.append(f"This is the notebook of {claims.exercise}, not of {exercise.slug}.")
    pieces = pieces_of(submitted, released)
    repairs += of_doubled_cells(pieces)
    # Given cells first: what is theirs can be no answer, and no part of a statement of one.
    pieces, moved = placed(pieces, released)
    pieces, mended = joined(pieces)
    repairs += [*moved, *mended]
    slots = list(slots_of(released, exercise))
    finds = find_answers(slots, pieces)
    for slot in slots:
        repairs += of_answer(slot, finds, pieces)
    # Only now is everything put in order: a repair tells of the notebook as it was handed in.
    answers = {slot.task: _answer(slot, finds[slot.task], pieces) for slot in slots}
    return Aligned(_rebuilt(released, slots, pieces, finds), tuple(repairs), answers)


def _answer(slot: Slot, find: Find, pieces: list[Piece]) -> Answer:
    # A picture may be all that there is of an answer, in a cell whose text is as it was.
    parts = [piece for piece in pieces if piece in find.pieces or piece.claim == slot.index]
    text = find.key if find.status is Status.ANSWERED else ""
    whole = "\0".join([text, *(piece.attachments for piece in parts if piece.attachments)])
    sha256 = hashlib.sha256(whole.encode()).hexdigest()
    return Answer(slot.task, find.text, find.status, sha256)


def _rebuilt(
    released: NotebookNode, slots: list[Slot], pieces: list[Piece], finds: dict[str, Find]
) -> NotebookNode:
    around = _around(len(released.cells), slots, pieces, finds)
    ids = {cell.id for cell in released.cells}
    cells: list[NotebookNode] = []
    album = Album()
    for index, given in enumerate(released.cells):
        cells += [_learners(piece, ids, album) for piece in around.get((index, _BEFORE), ())]
        claiming = [piece for piece in pieces if piece.claim == index]
        cells.append(_filled(given, finds, claiming, album))
        cells += [_learners(piece, ids, album) for piece in around.get((index, _AFTER), ())]
    return notebook.node({**released, "cells": cells})


def _around(
    length: int, slots: list[Slot], pieces: list[Piece], finds: dict[str, Find]
) -> dict[tuple[int, int], list[Piece]]:
    """Say before or after which cell of the release each of the learner's own cells goes.

    It stays behind the cell that it followed; but before an answer that it stood before, which
    may need it even when the answer itself comes to another place.
    """
    places = _places(slots, pieces, finds)
    # Earlier answers to the same task stay, as a learner may build on what they define; they are
    # run before the one that counts, which so has the last word.
    rivals = {
        p: slot.index for slot in slots for p in earlier_answers(slot, finds[slot.task], pieces)
    }
    # Untouched stubs and copies of an answer: run again, a stub would undo the answer.
    dropped = {"", *(slot.key for slot in slots), *(find.key for find in finds.values())}
    used = {piece for find in finds.values() for piece in find.pieces}
    answers = {slot.index for slot in slots}
    around: dict[tuple[int, int], list[Piece]] = {}
    # Own cells wait until the next cell with a place is met: that tells on which side they go.
    waiting: list[Piece] = []
    last: int | None = None
    for piece in pieces:
        if piece in places:
            first, *_ = places[piece]
            key = (first, _BEFORE) if last is None or first in answers else (last, _AFTER)
            around.setdefault(key, []).extend(waiting)
            waiting, last = [], places[piece][-1]
        elif piece in rivals:
            around.setdefault((rivals[piece], _BEFORE), []).append(piece)
        elif piece not in used and piece.key not in dropped:
            waiting.append(piece)
    around.setdefault((length - 1 if last is None else last, _AFTER), []).extend(waiting)
    return around


def _places(
    slots: list[Slot], pieces: list[Piece], finds: dict[str, Find]
) -> dict[Piece, list[int]]:
    places = {piece: [piece.slot] for piece in pieces if piece.slot is not None}
    for slot in slots:
        # An answer of several cells stands where its last one does: all it needs is there by then.
        for part in finds[slot.task].pieces[-1:]:
            places.setdefault(part, []).append(slot.index)
    return places


def _filled(
    given: NotebookNode, finds: dict[str, Find], claiming: list[Piece], album: Album
) -> NotebookNode:
    cell = copy.deepcopy(given)
    if cell.metadata.grader.origin == "answer":
        find = finds[cell.metadata.grader.task]
        if find.status is Status.ANSWERED:
            cell.source = find.text
            if cell.cell_type == "code":
                cell.outputs = find.pieces[-1].outputs
            else:
                cell |= _mounted(find.pieces, album)
        elif cell.cell_type != "code" and any(piece.pictures for piece in claiming):
            cell |= _mounted(claiming, album, every=True)
    return cell


def _mounted(pieces: Iterable[Piece], album: Album, *, every: bool = False) -> dict[str, Any]:
    """Return the text of cells taken together, with the pictures in it."""
    mounted = [album.mount(piece.text, piece.pictures, every=every) for piece in pieces]
    attached = {name: data for _, each in mounted for name, data in each.items()}
    text = "\n\n\n".join(text for text, _ in mounted)
    return {"source": text, **({"attachments": attached} if attached else {})}


def _learners(piece: Piece, ids: set[str], album: Album) -> NotebookNode:
    # nbformat wants each id once; a copied cell has its original's.
    id = piece.id if piece.id and piece.id not in ids else f"learner-{len(ids)}"
    while id in ids:
        id += "x"
    ids.add(id)
    cell: dict[str, Any] = {"id": id, "cell_type": piece.kind, "source": piece.text}
    cell["metadata"] = {"grader": {"origin": "learner"}}
    if piece.kind == "code":
        cell |= {"execution_count": None, "outputs": piece.outputs}
    else:
        cell |= _mounted([piece], album)
    return notebook.node(cell)
