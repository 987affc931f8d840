"""A lesson: one jupytext percent file, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode

from course.site import claims
from course.site.claims import Claim
from course.site.fault import Fault, SiteError

KNOWN = {"minutes", "difficulty", "needs", "exercises"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a lesson's file says. `name` is its page without the ending: "4-cleaning/why"."""

    source: Path
    name: str
    title: str
    minutes: int
    difficulty: int
    needs: tuple[str, ...]
    exercises: tuple[str, ...]
    notebook: NotebookNode

    @property
    def slug(self) -> str:
        """Return the last part of the name: what files of this lesson are called."""
        return self.name.rpartition("/")[2]

    @property
    def module(self) -> str:
        """Return the folder that the lesson is in."""
        return self.name.partition("/")[0]

    @property
    def code_cells(self) -> tuple[NotebookNode, ...]:
        """Return the code cells in their order."""
        return tuple(cell for cell in self.notebook.cells if cell.cell_type == "code")

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Return all that the text, or a plot's description, takes from the data."""
        texts = (_prose(cell) for cell in self.notebook.cells)
        return tuple(claim for text in texts for claim in claims.find(text))


def read(source: Path, docs: Path) -> Lesson:
    """Read one lesson; raise SiteError that names the file and the field."""
    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    name = source.relative_to(docs).with_suffix("").as_posix()
    about = dict(notebook.metadata.get("course", {}))
    faults = [Fault(source, text) for text in _faults(notebook, about)]
    if faults:
        raise SiteError(faults)
    return Lesson(
        source=source,
        name=name,
        title=claims.plain(_title(notebook)),
        minutes=about["minutes"],
        difficulty=about["difficulty"],
        needs=tuple(about.get("needs", ())),
        exercises=tuple(about.get("exercises", ())),
        notebook=notebook,
    )


def tags(cell: NotebookNode) -> frozenset[str]:
    """Return a cell's tags."""
    return frozenset(cell.metadata.get("tags", ()))


def place(cell: NotebookNode, number: int) -> str:
    """Name a cell so that an author finds it: jupytext keeps no line numbers."""
    first = next(iter(cell.source.splitlines()), "")
    return f"cell {number} ({first[:60]})"


def _prose(cell: NotebookNode) -> str:
    return cell.source if cell.cell_type == "markdown" else str(cell.metadata.get("alt", ""))


def _title(notebook: NotebookNode) -> str:
    first = notebook.cells[0].source if notebook.cells else ""
    return first.partition("\n")[0].removeprefix("# ").strip()


def _faults(notebook: NotebookNode, about: dict[str, Any]) -> Iterator[str]:
    for key in sorted(set(about) - KNOWN):
        yield f"unknown key {key!r} in the header's course: {sorted(KNOWN)} are known"
    for key, high in (("minutes", 600), ("difficulty", 3)):
        value = about.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= high:
            yield f"course.{key} in the header is a whole number from 1 to {high}, not {value!r}"
    if not (notebook.cells and re.match(r"# \S", notebook.cells[0].source)):
        yield "the first cell is Markdown and starts with the title: # Title"
    for number, cell in enumerate(notebook.cells, 1):
        for fault in _unproven(cell):
            yield f"{place(cell, number)}: {fault}"


def _unproven(cell: NotebookNode) -> Iterator[str]:
    prose = _prose(cell)
    if stray := claims.stray(prose):
        yield f"{stray!r} is no claim; write {{{{ literal | expression:format }}}}"
    for claim in claims.find(prose):
        if claim.proves_nothing:
            yield f"{claim.literal} is proven by {claim.expression}; name what computes it"
    markdown = cell.cell_type == "markdown"
    for description in claims.descriptions(prose) if markdown else [prose]:
        if typed := claims.typed_number(description):
            yield claims.BY_HAND.format(typed)
