"""What had to be repaired, in sentences for the learner."""

from __future__ import annotations

from collections.abc import Iterator

from grader.submissions.pieces import Find, Piece, Slot, Status


def of_doubled_cells(pieces: list[Piece]) -> Iterator[str]:
    """Tell of cells of the release that came more than once, word for word."""
    keys = [(piece.key, piece.claim) for piece in pieces if piece.key and piece.claims]
    again = len(keys) - len(set(keys))
    if again:
        yield f"{again} cells were there more than once; what is repeated counts once."


def of_given_cells(placed: list[Piece], missing: int, changed: int) -> Iterator[str]:
    order = [piece.slot for piece in placed if piece.slot is not None]
    if missing:
        yield f"{_given_cells(missing)} missing; put back."
    if changed:
        yield f"{_given_cells(changed)} changed; put back, and what you had added was kept."
    if order != sorted(order):
        yield "Given cells had been moved; they were put back in their order."


def _given_cells(count: int) -> str:
    return "A given cell was" if count == 1 else f"{count} given cells were"


def of_answer(slot: Slot, finds: dict[str, Find], pieces: list[Piece]) -> Iterator[str]:
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
    earlier = earlier_answers(slot, find, pieces)
    if earlier:
        yield f"There were {len(earlier) + 1} answers to {slot.task}; the last one counts."
    if any(_rivals(slot, find, piece) and piece not in earlier for piece in own):
        yield (
            f"A cell further down answers {slot.task} again; as when the notebook is run from top "
            "to bottom, what it defines counts."
        )


def _how(slot: Slot, part: Piece, elsewhere: bool, names: str) -> str:
    if part.claim == slot.index:
        how = "it was found by the id of its cell"
    elif slot.wanted:
        noun = "name" if len(slot.wanted) == 1 else "names"
        how = f"it was found by the {noun} that it defines, {names}"
    else:
        how = "it was found by its place"
    lost = "was not in its own cell" if elsewhere else "had lost its nbgrader metadata"
    return f"The answer to {slot.task} {lost}; {how}."


def earlier_answers(slot: Slot, find: Find, pieces: list[Piece]) -> set[Piece]:
    """Return the cells before the answer that answer the task too."""
    until = pieces.index(find.pieces[-1]) if find.pieces else 0
    return {piece for piece in pieces[:until] if _rivals(slot, find, piece)}


def _rivals(slot: Slot, find: Find, piece: Piece) -> bool:
    if piece.slot is not None or piece in find.pieces or piece.key in ("", slot.key, find.key):
        return False
    claims = piece.claim == slot.index and slot.fits(piece)
    return claims or (slot.every and bool(slot.wanted & piece.names))
