"""What aligning works on: submitted cells as pieces, the places of answers, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from nbformat import NotebookNode

from grader.exercises import source
from grader.exercises.cells import names as cell_names
from grader.exercises.cells import parse
from grader.exercises.folder import Exercise


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


@dataclass(eq=False, slots=True)
class Piece:
    """A submitted cell; `slot` is the given cell of the release that it is a copy of."""

    text: str
    kind: str
    id: str = ""
    # The cells of the release that it says it is: by nbgrader's grade_id first, then by its id.
    claims: list[tuple[int, str]] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    attachments: str = ""  # their hash
    pictures: dict[str, str] = field(default_factory=dict)  # in base64, by their names
    slot: int | None = None
    key: str = ""  # the text without what an editor may change
    is_python: bool = False
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.key = key_of(self.text)
        self.is_python = bool(self.key) and parse(self.text) is not None
        if self.key and (self.kind == "code" or self.is_python):
            self.names = cell_names(self.text, imports=False)

    @property
    def claim(self) -> int | None:
        return self.claims[0][0] if self.claims else None


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of an answer in the release, and how to know an answer for it."""

    index: int
    task: str
    manual: bool
    stub: str
    key: str
    wanted: frozenset[str]  # the names that the stub defines, else those of the reference
    every: bool  # an answer defines all of them; a reference may have names of its own

    def fits(self, piece: Piece) -> bool:
        if self.every:
            return self.wanted <= piece.names
        return not self.wanted or bool(self.wanted & piece.names)


@dataclass(frozen=True, slots=True)
class Find:
    """What was found for a task, and the pieces that it was made of."""

    status: Status
    text: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def key(self) -> str:
        return key_of(self.text)


def slots_of(released: NotebookNode, exercise: Exercise) -> Iterator[Slot]:
    references = source.references(exercise)
    for index, cell in enumerate(released.cells):
        if cell.metadata.grader.origin == "answer":
            task = exercise.task(cell.metadata.grader.task)
            texts = () if task.manual else (cell.source, references[task.name])
            named = [cell_names(text, imports=False) for text in texts] or [frozenset()]
            wanted = named[0] or named[-1]
            stub = cell.source
            yield Slot(index, task.name, task.manual, stub, key_of(stub), wanted, bool(named[0]))


def pieces_of(submitted: NotebookNode, released: NotebookNode) -> list[Piece]:
    grade_ids = {cell.metadata.nbgrader.grade_id: n for n, cell in enumerate(released.cells)}
    ids = {cell.id: n for n, cell in enumerate(released.cells)}
    pieces = []
    for cell in submitted.cells:
        told = cell.metadata.grader
        claims = [(grade_ids.get(told.grade_id), "grade_id"), (ids.get(told.id), "id")]
        known = [(index, by) for index, by in claims if index is not None]
        outputs = cell.get("outputs", [])
        attached = told.get("attachments", "")
        pictures = told.get("pictures", {})
        pieces.append(
            Piece(cell.source, cell.cell_type, told.id, known, outputs, attached, pictures)
        )
    return pieces


def key_of(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))
