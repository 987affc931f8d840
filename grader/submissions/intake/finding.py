"""Which exercise each file of one learner is of: by its name, and where that says none, by content.

A name that says an exercise is believed without a look inside, but for a notebook that says itself
that it is another exercise's, and has no answer to this one.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader import text
from grader.errors import SubmissionError
from grader.exercises.folder import Name
from grader.submissions import upload
from grader.submissions.intake import layout
from grader.submissions.intake.filenames import (
    Spelling,
    is_archive,
    is_notebook,
    spelling,
    squeezed,
)
from grader.submissions.intake.known import Said
from grader.submissions.intake.layout import ABOVE, Handed, Lying

# In a release's metadata, and not in code, where quotation marks are escaped: quick to look for.
_CLAIM = re.compile(rb'"exercise":\s*"([a-z0-9_]+)"')

MOST_OPENED = 20  # files of one learner's assignment whose names say nothing

Left = list[tuple[Path, str]]  # what is left alone, and why


@dataclass(eq=False, slots=True)
class Notebook:
    """A file of one learner; `slug` is the exercise that it was found to be of."""

    path: Path
    depth: int
    spelled: Spelling
    slug: str = ""
    is_named: bool = True  # it is the name that says the exercise
    _looked: tuple[str, frozenset[str]] | None = None

    @classmethod
    def of(cls, lying: Lying) -> Notebook:
        return cls(lying.path, lying.depth, spelling(lying.path.name))

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders it lies in, up to its place or the learner's folder."""
        parents = self.path.parents
        return tuple(parents[: 1 if self.depth == ABOVE else self.depth + 1])

    @property
    def sha256(self) -> str:
        return self._look()[0]

    @property
    def claims(self) -> frozenset[str]:
        """Return the exercises that its metadata seems to name, at a quick look."""
        return self._look()[1]

    def _look(self) -> tuple[str, frozenset[str]]:
        self._looked = self._looked or look(self.path)
        return self._looked


def look(path: Path) -> tuple[str, frozenset[str]]:
    """Hash a file, and look for names of exercises; where it cannot be read, hash why."""
    try:
        data = upload.contents(path)
    except (SubmissionError, OSError) as error:
        known = path.lstat() if os.path.lexists(path) else None
        told = (str(error), known and (known.st_size, known.st_mtime_ns))
        return hashlib.sha256(repr(told).encode()).hexdigest(), frozenset()
    claims = frozenset(name.decode() for name in _CLAIM.findall(data))
    return hashlib.sha256(data).hexdigest(), claims


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds exercises by names and contents."""

    slugs: Mapping[str, Collection[str]]  # by assignment
    said: Callable[[Path], Said]

    def find(self, files: list[Notebook], assignment: str) -> tuple[Left, Left]:
        """Set the exercise of each file; return those that are not for here, and the unknown."""
        left: Left = []
        unknown: Left = []
        opened = 0
        persons = {one.spelled.person for one in files} - {""}
        for one in files:
            if one.spelled.person and len(persons) > 1:
                left.append((one.path, f"of several learners: {self.home_of(one.path)}"))
                continue
            one.slug = one.spelled.slug(self.slugs[assignment])
            if not one.slug:
                one.is_named, opened = False, opened + 1
                if opened > MOST_OPENED:
                    unknown.append((one.path, "no exercise has this name, nor those before it"))
                    continue
                elsewhere, reason = self._by_content(one, assignment)
                if reason:
                    (left if elsewhere else unknown).append((one.path, reason))
        self._mend_swapped([one for one in files if one.slug and one.is_named], assignment)
        return left, unknown

    def _by_content(self, one: Notebook, assignment: str) -> tuple[bool, str]:
        """Find the exercise of a file whose name says none, or say why that cannot be."""
        said = self.said(one.path)
        name = said.within(assignment)
        if name is None and not (said.claimed or said.defined):
            one.slug = one.spelled.mentioned(self.slugs[assignment])
            name = None if one.slug else self._by_name(one.spelled)
        elif name and name[0] == assignment:
            one.slug = name[1]
        if one.slug:
            return False, ""
        if name:
            return True, f"no exercise of {assignment} has this name; {_belongs(name)}"
        return False, f"no exercise has this name, and {_silence(said)}"

    def _by_name(self, spelled: Spelling) -> Name | None:
        names = [(a, slug) for a, slugs in self.slugs.items() if (slug := spelled.slug(slugs))]
        return names[0] if len(names) == 1 else None

    def _mend_swapped(self, named: list[Notebook], assignment: str) -> None:
        """Give notebooks that were saved under another's name to their exercise, if that has none.

        Where it has one, nothing is won: the page of the wrong exercise says whose notebook it is.
        """
        moving = {one: slug for one in named if (slug := self._belied(one, assignment))}
        while moving:
            taken = {one.slug for one in named if one not in moving}
            blocked = [one for one, slug in moving.items() if slug in taken]
            if not blocked:
                break
            for one in blocked:
                del moving[one]
        for one, slug in moving.items():
            one.slug, one.is_named = slug, False

    def _belied(self, one: Notebook, assignment: str) -> str:
        """Return the exercise that a notebook is of, if its name clearly says a wrong one."""
        if one.slug in one.claims or one.claims.isdisjoint(self.slugs[assignment]):
            return ""
        said = self.said(one.path)
        name = said.exercise
        if name is None or name[0] != assignment or (assignment, one.slug) in said.defined:
            return ""
        return name[1] if name[1] != one.slug else ""

    def above(self, handed: Handed) -> tuple[dict[str, list[Notebook]], Left]:
        """Find by assignment what lies in no assignment's folder; return the rest with reasons."""
        by_name: dict[Name, list[Notebook]] = {}
        left: Left = []
        for path in handed.above:
            one = Notebook.of(Lying(path, ABOVE))
            name = self._above(one, handed) if is_notebook(path.name) else None
            if name:
                one.slug = name[1]
                by_name.setdefault(name, []).append(one)
            elif is_notebook(path.name) or is_archive(path.name):
                left.append((path, self.home_of(path)))
        found: dict[str, list[Notebook]] = {}
        for (assignment, slug), files in by_name.items():
            # Copies of one file have one name; others may be other people's.
            if len({squeezed(one.spelled.stem) for one in files}) == 1:
                found.setdefault(assignment, []).extend(files)
            else:
                why = f"one of several for {slug} outside of an assignment's folder: "
                left += [(one.path, why + self.home_of(one.path)) for one in files]
        return found, left

    def _above(self, one: Notebook, handed: Handed) -> Name | None:
        if one.spelled.person or layout.assignment_of(handed.learner, self.slugs):
            return None
        name = self._by_name(one.spelled)
        if name is None:
            name, one.is_named = self.said(one.path).exercise, False
        return name

    def home_of(self, path: Path) -> str:
        """Say where a file belongs that lies in no learner's or no assignment's folder."""
        if is_archive(path.name):
            return "an archive is not opened: unpack it into submitted/LEARNER/ASSIGNMENT/"
        if not is_notebook(path.name):
            return "it lies in no learner's folder"
        spelled = spelling(path.name)
        above = layout.assignment_of(path.parent.name, self.slugs)
        name = self._by_name(spelled) or self.said(path).exercise
        if above and (slug := spelled.slug(self.slugs[above])):
            name = (above, slug)
        whose = "whose it is cannot be told"
        if spelled.person:
            whose = f"whose it is is not guessed (its name says {spelled.person})"
        place = f"submitted/LEARNER/{'/'.join(name or ('ASSIGNMENT', 'EXERCISE'))}.ipynb"
        return f"{whose}: it belongs in {place}"

    def home_of_folder(self, folder: Path) -> str:
        """Say where a folder belongs that has no assignment's name."""
        known = layout.advice(folder, self.slugs)
        first = None if known else layout.first_notebook(folder)
        if first and (name := self._by_name(spelling(first.name)) or self.said(first).exercise):
            known = f"{first.name} in it {_belongs(name)}"
        return "no assignment has this name" + (f"; {known}" if known else "")


def repairs(one: Notebook, assignment: str) -> tuple[str, ...]:
    """Tell a learner what a file was taken for."""
    return tuple(_repairs(one, assignment))


def _repairs(one: Notebook, assignment: str) -> Iterator[str]:
    folder = one.folders[-1].name
    if one.depth == ABOVE:
        yield f"The file was not in a folder {assignment}; it was read as if it were."
    elif one.depth:
        yield f"The file was in a folder inside of {assignment}; it was read as if it were not."
    if one.depth != ABOVE and folder != assignment:
        yield f"The folder was called {text.printable(folder)}; it was read as {assignment}."
    if one.path.name != f"{one.slug}.ipynb":
        yield f"The file was called {text.printable(one.path.name)}; it was read as {one.slug}."


def cannot_tell(names: Iterable[str]) -> str:
    """Tell a learner that no file was found to be an exercise's; `{slug}` is left to fill in."""
    called = text.printable(", ".join(sorted(names)[:3])).replace("{", "{{").replace("}", "}}")
    return (
        f"Which exercise {called} is of cannot be told: if it is of {{slug}}, rename it to "
        "{slug}.ipynb and hand it in again."
    )


def _belongs(name: Name) -> str:
    return f"is of {'/'.join(name)} and belongs in submitted/LEARNER/{'/'.join(name)}.ipynb"


def _silence(said: Said) -> str:
    if said.fault:
        return f"it cannot be read: {said.fault}"
    names = sorted("/".join(name) for name in said.claimed | said.defined)
    if names:
        return f"what is in it is of {' and '.join(names)}: rename it to the exercise that it is of"
    return "what is in it is of none: rename it to the exercise that it is of"
