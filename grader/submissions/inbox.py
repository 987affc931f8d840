"""What was handed in: the files under submitted/, one for each learner's exercise.

Nothing is graded here. A file that fits no exercise, and one beside another that counts, becomes a
sentence for the instructor.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from grader import lean
from grader.book.records import LONGEST_NAME
from grader.errors import SubmissionError
from grader.exercises.folder import Name
from grader.submissions import companions, upload

MOST_NOTICES = 10  # of one folder
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
TIMESTAMP = "timestamp.txt"
# What browsers, file managers, Jupyter and Canvas add to the name of another file of that name.
_COPY = re.compile(r"(?i)( ?\(\d+\)|[-_ ]*copy[-_ ]?\d*|-\d+)+$")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file for one learner's exercise; `others` are the names of those that do not count."""

    learner: str
    assignment: str
    slug: str
    path: Path
    sha256: str
    others: tuple[str, ...] = ()

    @property
    def exercise(self) -> Name:
        """Return assignment and slug, as an exercise's name."""
        return (self.assignment, self.slug)

    @property
    def name(self) -> str:
        """Return the submission's place in the course: learner, assignment and exercise."""
        return f"{self.learner}/{self.assignment}/{self.slug}"


@dataclass(slots=True)
class Inbox:
    """All that was handed in, and what somebody has to look at."""

    found: list[HandedIn] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def others(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """Return the files that do not count, by assignment, exercise and learner."""
        return {(o.assignment, o.slug, o.learner): o.others for o in self.found if o.others}


def read(
    course: Path,
    known: Mapping[str, Collection[str]],
    is_answered: Callable[[Name, Path], bool],
) -> Inbox:
    """List what was handed in for the `known` exercises, by assignment.

    Of several files for one exercise counts an answered one before an untouched one, then the one
    with the highest number in its name, then the one handed in last, then the one whose hash is
    the highest: the same one always.
    """
    root = course / "submitted"
    if not root.is_dir():
        message = (
            "nothing was handed in yet: put submissions there as LEARNER/ASSIGNMENT/NAME.ipynb"
        )
        raise SubmissionError(f"{root}: {message}")
    inbox = Inbox()
    for folder in sorted(root.glob("*/*/")):
        if folder.parent.name.startswith("."):
            continue
        slugs = known.get(folder.name, ())
        if fault := _fault_of(folder, slugs):
            inbox.notices.append(f"{folder}: {fault}; the folder was left alone")
            continue
        try:
            its = _read_folder(folder, slugs, is_answered)
        except OSError as error:  # a learner's folder that may not be read stops nobody else
            its = Inbox(notices=[f"{folder}: {error.strerror}; the folder was left alone"])
        inbox.found += its.found
        inbox.notices += its.notices[:MOST_NOTICES]
        if (more := len(its.notices) - MOST_NOTICES) > 0:
            inbox.notices.append(f"{folder}: and {more} more files that were left alone")
    inbox.found.sort(key=lambda one: (one.assignment, one.slug, one.learner))
    return inbox


def others(course: Path, learner: str, name: Name, counted_sha256: str) -> tuple[str, ...]:
    """Name the files for an exercise that lie beside the one that counts."""
    assignment, slug = name
    folder = course / "submitted" / learner / assignment
    paths = [path for path in sorted(folder.glob("*.ipynb")) if _slug_of(path, {slug}) == slug]
    if len(paths) < 2:
        return ()
    beside = companions.look(folder).contents()
    hashes = {path: hash_of(path) for path in paths}
    same = {path for path in paths if companions.combined(hashes[path], beside) == counted_sha256}
    # Of an attempt from before companions counted it is the notebook's alone.
    same |= {path for path in paths if hashes[path] == counted_sha256}
    return tuple(path.name for path in paths if path not in same)


def hash_of(path: Path) -> str:
    """Hash a submitted file; for one that cannot be read, why, and what is known of it."""
    try:
        return upload.sha256(path)
    except (SubmissionError, OSError) as error:
        known = path.lstat() if os.path.lexists(path) else None
        told = (str(error), known and (known.st_size, known.st_mtime_ns))
        return hashlib.sha256(repr(told).encode()).hexdigest()


def times(course: Path) -> Callable[[str, str], datetime | None]:
    """Return what tells when a learner handed in an assignment."""
    return lambda learner, assignment: handed_in(course / "submitted" / learner / assignment)


def handed_in(folder: Path) -> datetime | None:
    """Read when a folder was handed in; a file that holds no time is as good as none."""
    written = upload.receipt(folder / TIMESTAMP)[:100].decode("utf-8", "replace").strip()
    if not written:
        return None
    try:
        parsed: datetime | None = lean.module("nbgrader.utils").parse_utc(written)
    except (ValueError, OverflowError):
        return None
    return parsed


def is_folder_name(name: str) -> bool:
    """Tell whether a name can be a folder's here and on the web, and shown on a page."""
    odd = name in ("", ".", "..", "index.html") or "/" in name or "\\" in name
    return not odd and name.isprintable()


def _fault_of(folder: Path, slugs: Collection[str]) -> str:
    learner = folder.parent.name
    if folder.is_symlink() or folder.parent.is_symlink():
        return "a link, not a folder"
    if len(learner) > LONGEST_NAME:
        return f"the learner's name has more than {LONGEST_NAME} characters"
    if not is_folder_name(learner):
        return "no page can have the learner's name"
    return "" if slugs else "no assignment has this name"


def _read_folder(
    folder: Path,
    slugs: Collection[str],
    is_answered: Callable[[Name, Path], bool],
) -> Inbox:
    learner, assignment = folder.parent.name, folder.name
    there, its = sorted(folder.iterdir()), Inbox()
    if (folder / TIMESTAMP).is_file() and handed_in(folder) is None:
        its.notices.append(f"{folder / TIMESTAMP}: no time can be read from it")
    files = [path for path in there if path.suffix == ".ipynb"]
    archives = [path for path in there if path.suffix in ARCHIVES]
    if archives and not files:
        # Handed in as it was downloaded: each exercise's page says what to do instead.
        sha256 = hash_of(archives[0])
        its.found += [HandedIn(learner, assignment, s, archives[0], sha256) for s in slugs]
    elif not files:
        its.notices.append(f"{folder}: there is no notebook in it")
    by_slug: dict[str, list[Path]] = {}
    for path in files:
        by_slug.setdefault(_slug_of(path, slugs), []).append(path)
    for path in by_slug.pop("", ()):
        its.notices.append(f"{path}: no exercise has this name; the file was left alone")
    for slug, paths in by_slug.items():
        first, *rest = _by_rule(paths, partial(is_answered, (assignment, slug)))
        for path in rest:
            its.notices.append(f"{path}: {first.name} counts for {slug}; this file was left alone")
        names = tuple(path.name for path in rest)
        its.found.append(HandedIn(learner, assignment, slug, first, hash_of(first), names))
    return its


def _slug_of(path: Path, slugs: Collection[str]) -> str:
    slug = path.stem if path.stem in slugs else _COPY.sub("", path.stem)
    return slug if slug in slugs else ""


def _by_rule(paths: list[Path], is_answered: Callable[[Path], bool]) -> list[Path]:
    """Put first what counts; see `read`."""
    if len(paths) == 1:
        return paths

    def rank(path: Path) -> tuple[bool, int, float, str]:
        copy = _COPY.search(path.stem)
        numbers = [int(n) for n in re.findall(r"\d+", copy[0])] if copy else []
        time = handed_in(path.parent)
        number = max(numbers, default=1 if copy else 0)  # the first copy may have none
        return is_answered(path), number, time.timestamp() if time else 0.0, hash_of(path)

    return sorted(paths, key=rank, reverse=True)
