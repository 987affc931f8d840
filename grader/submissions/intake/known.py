"""Which exercise a notebook is of, by what is in it: what it claims, and what its cells define."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from grader.errors import ExerciseError, SubmissionError
from grader.exercises import notebook
from grader.exercises.cells import names as cell_names
from grader.exercises.folder import Exercise, Name, Survey
from grader.submissions import upload
from grader.submissions.align import align
from grader.submissions.pieces import Status, key_of, slots_of


@dataclass(frozen=True, slots=True)
class Said:
    """What a notebook says of itself: whose exercises' it claims to be, and what it defines."""

    claimed: frozenset[Name] = frozenset()
    defined: frozenset[Name] = frozenset()
    fault: str = ""  # why it could not be read

    @property
    def exercise(self) -> Name | None:
        """Return the only exercise that it can be of; None where that cannot be told.

        A claim counts unless what the cells define belies it: an editor keeps metadata of a
        notebook in which somebody has written something else.
        """
        both = self.claimed & self.defined
        found = both or (frozenset() if self.claimed and self.defined else self._either)
        return next(iter(found)) if len(found) == 1 else None

    @property
    def _either(self) -> frozenset[Name]:
        return self.claimed or self.defined

    def within(self, assignment: str) -> Name | None:
        """Return the only exercise that it can be of where it lies in an assignment's folder.

        One of another assignment is named, too, unless this one has an exercise that fits as well.
        """
        claimed, defined = (
            frozenset(name for name in names if name[0] == assignment)
            for names in (self.claimed, self.defined)
        )
        narrow = Said(claimed, defined) if claimed or not self.claimed else Said()
        return narrow.exercise or self.exercise


@dataclass(frozen=True, slots=True)
class _Marks:
    """How to know the notebooks of an exercise."""

    name: Name
    ids: frozenset[str]
    grade_ids: frozenset[str]
    given: frozenset[str]
    wanted: tuple[frozenset[str], ...]


@dataclass(slots=True)
class Known:
    """The exercises of a course, as far as they can be read."""

    surveyed: Survey
    releases: dict[Name, NotebookNode] = field(default_factory=dict)
    marks: dict[Name, _Marks] = field(default_factory=dict)

    @property
    def slugs(self) -> dict[str, list[str]]:
        """Return all exercises by assignment, also those that have a fault."""
        found, faults = self.surveyed
        slugs: dict[str, list[str]] = {}
        for assignment, slug in [*(exercise.name for exercise in found), *faults]:
            slugs.setdefault(assignment, []).append(slug)
        return slugs

    def is_answered(self, name: Name, path: Path) -> bool:
        """Tell whether a notebook holds an answer to any task of an exercise."""
        for exercise in self.surveyed[0]:
            if exercise.name == name:
                with contextlib.suppress(SubmissionError, ExerciseError, OSError):
                    aligned = align(upload.read(path), self._release(exercise), exercise)
                    return any(a.status is Status.ANSWERED for a in aligned.answers.values())
        return False

    def said(self, path: Path) -> Said:
        """Read what a notebook says of itself."""
        try:
            submitted = upload.read(path)
        except (SubmissionError, OSError) as error:
            return Said(fault=str(error))
        marks = list(self._marks())
        claimed = _claimed(submitted, marks, self.slugs)
        return Said(claimed, frozenset(_defined(submitted, marks)))

    def _marks(self) -> Iterable[_Marks]:
        for exercise in self.surveyed[0]:
            with contextlib.suppress(ExerciseError, OSError):
                if exercise.name not in self.marks:
                    self.marks[exercise.name] = _marks_of(exercise, self._release(exercise))
                yield self.marks[exercise.name]

    def _release(self, exercise: Exercise) -> NotebookNode:
        if exercise.name not in self.releases:
            self.releases[exercise.name] = notebook.release(exercise)
        return self.releases[exercise.name]


def _marks_of(exercise: Exercise, released: NotebookNode) -> _Marks:
    cells = released.cells
    own = [cell for cell in cells if cell.metadata.grader.origin != "given"]
    return _Marks(
        exercise.name,
        frozenset(cell.id for cell in cells),
        frozenset(cell.metadata.nbgrader.grade_id for cell in own),
        frozenset(key_of(cell.source) for cell in cells if cell not in own),
        tuple(slot.wanted for slot in slots_of(released, exercise) if slot.wanted),
    )


def _claimed(
    submitted: NotebookNode, marks: list[_Marks], assignments: Container[str]
) -> frozenset[Name]:
    """Return what its metadata names; where they name nothing, what most of its cells' ids do."""
    ours = submitted.metadata.grader
    named = {one.name for one in marks if one.name[1] == ours.exercise}
    if ours.assignment in assignments:
        named = {name for name in named if name[0] == ours.assignment}
    if named:
        return frozenset(named)
    told = [cell.metadata.grader for cell in submitted.cells]
    for kind in ("id", "grade_id"):
        found: Counter[Name] = Counter()
        for one in marks:
            its = one.ids if kind == "id" else one.grade_ids
            found[one.name] = sum(claims[kind] in its for claims in told)
        most = max(found.values(), default=0)
        if most:
            return frozenset(name for name, count in found.items() if count == most)
    return frozenset()


def _defined(submitted: NotebookNode, marks: list[_Marks]) -> Iterable[Name]:
    given = frozenset[str]().union(*(one.given for one in marks))
    code = [cell.source for cell in submitted.cells if cell.cell_type == "code"]
    own = (text for text in code if key_of(text) not in given)
    names = frozenset[str]().union(*(cell_names(text, imports=False) for text in own))
    return (one.name for one in marks if any(wanted <= names for wanted in one.wanted))
