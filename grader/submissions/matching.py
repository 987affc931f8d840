"""Which piece is which: given cells by text, answers by id, name and place."""

from __future__ import annotations

from collections.abc import Mapping

from nbformat import NotebookNode

from grader.exercises.cells import names as cell_names
from grader.exercises.cells import parse, statements
from grader.submissions.pieces import Find, Piece, Slot, Status, key_of
from grader.submissions.repairs import of_given_cells

MOST_PARTS = 20  # of a split cell: all of it is parsed again for each of them


def placed(pieces: list[Piece], released: NotebookNode) -> tuple[list[Piece], list[str]]:
    """Find the given cells, by text before claim; what was added to one is the learner's own.

    Returns the pieces that are left, those that are given cells with their `slot`, and sentences.
    """
    locked = {n: c for n, c in enumerate(released.cells) if c.metadata.grader.origin != "answer"}
    _find_same_text(pieces, locked)
    there = {piece.slot for piece in pieces}
    keys = {key_of(cell.source): cell for cell in released.cells}
    placed, changed = [], 0
    for piece in pieces:
        twin = keys.get(piece.key)
        # Ids travel with a cell that is copied and written over: the claim to be a given cell is
        # believed only where that cell is nowhere else, and something of its text is still here.
        missing = [n for n, _ in piece.claims if n in locked and n not in there]
        missing = [n for n in missing if _shares_a_line(piece.text, locked[n].source)]
        # What is word for word a given cell is no answer, wherever its id comes from.
        copied = twin is not None and twin.metadata.grader.origin != "answer"
        piece.claims = [(n, by) for n, by in piece.claims if n not in locked and not copied]
        if piece.slot is None and twin is None and missing:
            # The release's own text is what will be run; the learner's lines go behind it.
            there.add(missing[0])
            changed += 1
            placed.append(Piece("", piece.kind, slot=missing[0]))
            rest = _added(piece.text, locked[missing[0]])
            own = Piece(rest, piece.kind, outputs=piece.outputs, pictures=piece.pictures)
            placed += [own] if rest else []
        elif piece.slot is not None or not (twin and _is_copy(twin)):
            placed.append(piece)
    return placed, list(of_given_cells(placed, len(locked.keys() - there), changed))


def _find_same_text(pieces: list[Piece], locked: Mapping[int, NotebookNode]) -> None:
    for index, cell in locked.items():
        key = key_of(cell.source)
        same = [piece for piece in pieces if piece.slot is None and piece.key == key]
        if same:
            # Of copies the one with the cell's own id: it is more likely where the cell was.
            max(same, key=lambda piece: piece.claim == index).slot = index


def _shares_a_line(text: str, given: str) -> bool:
    lines = {line.strip() for line in given.split("\n")} - {""}
    return not lines.isdisjoint(line.strip() for line in text.split("\n"))


def _is_copy(twin: NotebookNode) -> bool:
    # A given code cell that stands twice may be run twice on purpose; a text or check never.
    origin: str = twin.metadata.grader.origin
    return origin == "check" or (origin == "given" and twin.cell_type != "code")


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


def joined(pieces: list[Piece]) -> tuple[list[Piece], list[str]]:
    """Put code together again that was split in the middle of a statement; say so."""
    joined: list[Piece] = []
    repairs: list[str] = []
    parts = 1
    for piece in pieces:
        before = joined[-1] if joined else None
        if before is None or parts == MOST_PARTS or not _continues(before, piece):
            joined.append(piece)
            parts = 1
            continue
        parts += 1
        whole = f"{before.text}\n{piece.text}"
        outputs = before.outputs + piece.outputs
        joined[-1] = Piece(whole, "code", before.id, before.claims, outputs)
        repairs.append("A cell was split in the middle of a statement; it was put together again.")
    return joined, repairs


def _continues(before: Piece, piece: Piece) -> bool:
    own_code = all(part.kind == "code" and part.slot is None for part in (before, piece))
    # A second half that is Python by itself may be a cell of its own: it is left as one.
    if not own_code or not piece.key or piece.is_python:
        return False
    return parse(f"{before.text}\n{piece.text}") is not None


def find_answers(slots: list[Slot], pieces: list[Piece]) -> dict[str, Find]:
    """Find each task's answer: by what it claims and defines, and a written one by its place."""
    live = _live(slots, pieces)
    chosen = {slot.task: _chosen(slot, live) for slot in slots}
    # Texts define nothing, so they are looked for when it is known where all else stands.
    places = {piece: piece.slot for piece in pieces if piece.slot is not None}
    places |= {part: slot.index for slot in slots for part in chosen[slot.task]}
    for slot in slots:
        if not slot.wanted and not chosen[slot.task]:
            chosen[slot.task] = _by_place(slot, pieces, live, places)
    finds = {slot.task: _find(slot, chosen[slot.task], pieces) for slot in slots}
    # Cells that a learner has merged: one piece is the only answer to several tasks.
    for shared in {parts for parts in chosen.values() if len(parts) == 1}:
        merged = [slot for slot in slots if slot.wanted and chosen[slot.task] == shared]
        if len(merged) > 1:
            texts = _divided(shared[0].text, merged)
            finds |= {task: Find(Status.ANSWERED, text, shared) for task, text in texts.items()}
    return finds


def _divided(text: str, slots: list[Slot]) -> dict[str, str]:
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


def _live(slots: list[Slot], pieces: list[Piece]) -> list[Piece]:
    """Return what may be an answer, and take back claims that what the cell defines belies."""
    untouched = {"", *(slot.key for slot in slots)}
    live = [piece for piece in pieces if piece.slot is None and piece.key not in untouched]
    for piece in live:
        # A cell that was duplicated for a second answer has the first one's id: what it defines
        # says which it is.
        elsewhere = {slot.index for slot in slots if slot.every and slot.fits(piece)}
        credible = {s.index for s in slots if _is_credible(s, piece, elsewhere - {s.index})}
        piece.claims = [(index, by) for index, by in piece.claims if index in credible]
    return live


def _is_credible(slot: Slot, piece: Piece, elsewhere: set[int]) -> bool:
    if slot.manual:
        return not piece.names  # code that defines something is no text
    if elsewhere:
        return bool(slot.wanted & piece.names)
    is_code = piece.kind == "code" or piece.is_python
    return is_code or bool(slot.wanted & cell_names(piece.text))


def _chosen(slot: Slot, live: list[Piece]) -> tuple[Piece, ...]:
    claimed = [piece for piece in live if piece.claim == slot.index]
    fitting = [piece for piece in claimed if slot.fits(piece)]
    if fitting or not slot.wanted:
        return tuple(fitting[-1:])
    # Of each name the last definition, as when the notebook is run from top to bottom.
    last = {name: piece for piece in live for name in slot.wanted & piece.names}
    parts = tuple(piece for piece in live if piece in last.values())
    if not slot.every:
        parts = tuple(sorted(parts, key=lambda piece: len(slot.wanted & piece.names))[-1:])
    elif len(last) < len(slot.wanted):
        # No cells define all that is wanted. A cell with the answer's own id is unfinished work,
        # and says more than a cell that happens to define one of the names.
        return tuple(claimed[-1:]) or parts
    return parts or tuple(claimed[-1:])


def _by_place(
    slot: Slot, pieces: list[Piece], live: list[Piece], places: dict[Piece, int]
) -> tuple[Piece, ...]:
    """Find a written answer behind the cell that it follows; failing that, take every text."""
    before = max((place for place in places.values() if place < slot.index), default=-1)
    free, at = set(live) - places.keys(), -1
    here: list[Piece] = []
    anywhere: list[Piece] = []
    for piece in pieces:
        at = places.get(piece, at)
        is_text = piece.kind != "code" or not piece.is_python
        if piece in free and is_text == slot.manual:
            anywhere.append(piece)
            here += [piece] if at == before else []
    found = here or (anywhere if slot.manual else [])
    # A text typed into a code cell is taken for one only where there is no other.
    return tuple([piece for piece in found if piece.kind != "code"] or found)


def _find(slot: Slot, parts: tuple[Piece, ...], pieces: list[Piece]) -> Find:
    if parts:
        return Find(Status.ANSWERED, "\n\n\n".join(part.text for part in parts), parts)
    untouched = [piece for piece in pieces if piece.slot is None and piece.key == slot.key]
    if untouched:
        return Find(Status.UNCHANGED, slot.stub, tuple(untouched[:1]))
    return Find(Status.MISSING)
