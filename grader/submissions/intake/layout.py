"""Whose and which assignment's a file is, by where it lies.

Its place is submitted/LEARNER/ASSIGNMENT/. Course systems and people put it a folder too deep or
too high, and spell folders otherwise, or in two ways. What a folder says beyond doubt is taken;
everything else is left, with its reason.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from grader.score.attempt import LONGEST_NAME
from grader.submissions.intake.filenames import (
    is_moodles,
    is_noise,
    is_notebook,
    same,
)

MOST_FILES = 5_000  # of one learner's assignment
DEEPEST = 6  # folders in an assignment's
ABOVE = DEEPEST + 1  # the depth of what lies beside the assignments' folders


@dataclass(frozen=True, slots=True)
class Lying:
    """A file, and how many folders away from its place it lies."""

    path: Path
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """What nobody looks into, and why."""

    path: Path
    why: str


@dataclass(slots=True)
class Handed:
    """All that lies in one learner's folder, or in several that spell the same name."""

    learner: str
    files: dict[str, list[Lying]] = field(default_factory=dict)  # by assignment
    homes: dict[str, list[Path]] = field(default_factory=dict)  # the assignments' folders
    above: list[Path] = field(default_factory=list)  # directly in the learner's folder
    strange: list[Path] = field(default_factory=list)  # folders of no assignment
    left: list[Left] = field(default_factory=list)


def normal(name: str) -> str:
    """Spell a name as it is compared and kept: a letter with its marks is one character."""
    return unicodedata.normalize("NFC", name)


def read(root: Path, assignments: Collection[str]) -> tuple[list[Handed], list[Path]]:
    """Sort what lies in submitted/ by learner; return that, and the files directly in it."""
    folders: dict[str, list[Path]] = {}
    loose: list[Path] = []
    for path in _entries(root):
        if path.name.startswith(".") and is_folder(path) and first_notebook(path) is None:
            continue  # some program's
        if is_folder(path):
            folders.setdefault(normal(path.name), []).append(path)
        else:
            loose.append(path)
    by_name = sorted(folders.items())
    return [_handed(learner, paths, assignments) for learner, paths in by_name], loose


def assignment_of(folder: str, assignments: Collection[str]) -> str:
    """Return the assignment whose folder has that name, or one that is spelled almost so."""
    near = [folder] if folder in assignments else same(folder, assignments)
    return near[0] if len(near) == 1 else ""


def places(course: Path, learner: str, assignment: str) -> list[list[Path]]:
    """List where what a learner handed in for an assignment may lie: its place, and inside, above.

    Each of the three may be several folders, whose names are spelled in several ways.
    """
    root = course / "submitted"
    spelled = dict.fromkeys(unicodedata.normalize(form, learner) for form in ("NFC", "NFD"))
    above = [root / name for name in spelled if is_folder(root / name)]
    homes: list[Path] = []
    for folder in above:
        exact = folder / assignment
        inner = [exact] if is_folder(exact) else _folders(folder)
        homes += [home for home in inner if assignment_of(home.name, [assignment])]
    return [homes, [inner for home in homes for inner in _folders(home)], above]


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder; a name too long, or in a folder closed to us, is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_folder_name(name: str) -> bool:
    """Tell whether a name can be a folder's here and on the web, and shown on a page."""
    odd = name in ("", ".", "..", "index.html") or "/" in name or "\\" in name
    return not odd and name.isprintable()


def _folders(folder: Path) -> list[Path]:
    try:
        return [path for path in _entries(folder) if is_folder(path)]
    except OSError:
        return []


def _has_files(path: Path) -> bool:
    """Tell whether a folder is looked through: not one in place of a notebook, and without one."""
    real = is_folder(path) and not path.is_symlink()
    return real and not (is_notebook(path.name) and first_notebook(path) is None)


def _entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not is_noise(path.name))


def _handed(learner: str, folders: list[Path], assignments: Collection[str]) -> Handed:
    its = Handed(learner)
    for folder in folders:
        if fault := _fault_of(learner, folder, assignments):
            its.left.append(Left(folder, fault))
            continue
        try:
            entries = _entries(folder)
        except OSError as error:  # a learner's folder that may not be read stops nobody else
            its.left.append(Left(folder, str(error.strerror)))
            continue
        if not entries:
            its.left.append(Left(folder, "there is no notebook in it"))
        for path in entries:
            _sort_in(its, path, assignments)
    return its


def _sort_in(its: Handed, path: Path, assignments: Collection[str]) -> None:
    assignment = assignment_of(path.name, assignments)
    if not is_folder(path):
        its.above.append(path)
    elif path.is_symlink():
        its.left.append(Left(path, "a link, not a folder"))
    elif not assignment:
        its.strange.append(path)
    else:
        _look_through(its, path, assignment)


def _look_through(its: Handed, home: Path, assignment: str) -> None:
    """List all files in an assignment's folder, what is nearest to its place first."""
    found: list[Lying] = []
    waiting = [(home, 0)]
    while waiting and len(found) <= MOST_FILES:
        folder, depth = waiting.pop(0)
        try:
            entries = _entries(folder)
        except OSError as error:
            its.left.append(Left(folder, str(error.strerror)))
            if folder == home:
                return
            continue
        inner = [path for path in entries if _has_files(path)]
        if depth < DEEPEST:
            waiting += [(path, depth + 1) for path in inner]
        else:
            its.left += [Left(path, "it lies too deep") for path in inner if first_notebook(path)]
        found += [Lying(path, depth) for path in entries if path not in inner]
    if len(found) > MOST_FILES:
        its.left.append(
            Left(found[-1].path.parent, f"more than {MOST_FILES:,} files are before it")
        )
    its.homes.setdefault(assignment, []).append(home)
    its.files.setdefault(assignment, []).extend(found[:MOST_FILES])


def _fault_of(learner: str, folder: Path, assignments: Collection[str]) -> str:
    if folder.is_symlink():
        return "a link, not a folder"
    if len(learner) > LONGEST_NAME:
        return f"the learner's name has more than {LONGEST_NAME} characters"
    if not is_folder_name(learner):
        return "no page can have the learner's name"
    if learner.startswith("."):
        return "a learner's name does not begin with a dot"
    who, assignment, *rest = f"{learner}+".split("+")
    if rest[1:] and assignment in assignments:
        return f"a folder of nbgrader's exchange, which belongs in submitted/{who}/{assignment}/"
    return ""


def inside(folder: Path) -> list[Path]:
    """List the files somewhere in a folder, as far as it may be read."""
    files = (Path(at, name) for at, _, names in os.walk(folder) for name in sorted(names))
    return list(islice((path for path in files if not is_noise(path.name)), MOST_FILES))


def advice(folder: Path, assignments: Collection[str]) -> str:
    """Say where a folder belongs that has no assignment's name, if its neighbors tell."""
    above = assignment_of(folder.parent.name, assignments)
    if above:
        return f"learners come first: it belongs in submitted/{folder.name}/{above}/"
    inner = [assignment_of(path.name, assignments) for path in _folders(folder)]
    if any(inner) or is_moodles(folder.name):
        return f"it lies too deep and belongs in submitted/{folder.name}/"
    return ""


def first_notebook(folder: Path) -> Path | None:
    return next((path for path in inside(folder) if is_notebook(path.name)), None)
