"""What was handed in: the files under submitted/, one for each learner's exercise.

Nothing is graded here. Each file is graded, or named: in a notice where it was left alone, for the
instructor to look at, and in a remark where it was taken for what it is, though not called so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

from grader.errors import SubmissionError
from grader.exercises.folder import Name, Survey, survey
from grader.score.attempt import HandedInBy
from grader.submissions import upload
from grader.submissions.intake import clock, finding, layout
from grader.submissions.intake.filenames import is_archive, is_moodles, is_notebook
from grader.submissions.intake.finding import Finder, Notebook
from grader.submissions.intake.known import Known, Said
from grader.submissions.intake.layout import Handed, Lying

MOST_NOTICES = 10  # of one folder
MOST_LOOSE = 1_000  # files that lie in submitted/ itself, each perhaps another learner's
MOST_NAMED = 5  # files of a folder without a notebook
MOST_NAMES = 50_000  # characters of the names of the rest
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file for one learner's exercise; those `beside` it are for it, too, and do not count."""

    learner: str
    assignment: str
    slug: str
    path: Path
    sha256: str
    beside: tuple[Path, ...] = ()
    repairs: tuple[str, ...] = ()  # sentences for the learner
    fault: str = ""  # why it is no submission to this exercise, for the learner

    @property
    def exercise(self) -> Name:
        """Return assignment and slug, as an exercise's name."""
        return (self.assignment, self.slug)

    @property
    def name(self) -> str:
        """Return the submission's place in the course: learner, assignment and exercise."""
        return f"{self.learner}/{self.assignment}/{self.slug}"

    @property
    def where(self) -> tuple[str, str, str]:
        """Return assignment, exercise and learner, as in the records."""
        return (self.assignment, self.slug, self.learner)

    @property
    def others(self) -> tuple[str, ...]:
        """Return the names of the files that do not count."""
        home = self.path.parent
        told = ((path.parent, path.name) for path in self.beside)
        return tuple(name if at == home else f"{at.name}/{name}" for at, name in told)


@dataclass(slots=True)
class Inbox:
    """All that was handed in: what is graded, what was left alone, and what has to be said."""

    found: list[HandedIn] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def by_place(self) -> dict[tuple[str, str, str], HandedIn]:
        """Return what was handed in by assignment, exercise and learner."""
        return {one.where: one for one in self.found}

    def leave(self, place: Path, left: list[tuple[Path, str]], what: str, most: int) -> None:
        """Take notice of what was left alone in a place: so many in full, of the rest the names."""
        self.notices += [f"{path}: {why}; the {what} was left alone" for path, why in left[:most]]
        if rest := [path.name for path, _ in left[most:]]:
            names = ", ".join(rest)[:MOST_NAMES]
            more = f"and {len(rest)} more {what}s that were left alone"
            self.notices.append(f"{place}: {more}: {names}")


def of_course(course: Path, surveyed: Survey | None = None) -> Inbox:
    """List what was handed in for a course's exercises, those with a fault included."""
    known = Known(surveyed or survey(course))
    return read(course, known.slugs, known.is_answered, known.said)


def read(
    course: Path,
    known: Mapping[str, Collection[str]],
    is_answered: Callable[[Name, Path], bool],
    said: Callable[[Path], Said] = lambda _: Said(),
) -> Inbox:
    """List what was handed in for the `known` exercises, by assignment.

    Of several files for one exercise counts an answered one before an untouched one, then the one
    with the highest number in its name, then one that lies and is called as it should, then the one
    handed in last, then the one whose hash is the highest: the same one always.
    """
    root = course / "submitted"
    if not root.is_dir():
        message = (
            "nothing was handed in yet: put submissions there as LEARNER/ASSIGNMENT/NAME.ipynb"
        )
        raise SubmissionError(f"{root}: {message}")
    reader = _Reader(root, Finder(known, said), is_answered)
    learners, loose = layout.read(root, known)
    reader.read_loose(loose)
    for handed in learners:
        reader.read_learner(handed)
    reader.inbox.remarks = list(reader.remarks())
    reader.inbox.found.sort(key=lambda one: one.where)
    return reader.inbox


def hash_of(path: Path) -> str:
    """Hash a submitted file; for one that cannot be read, why, and what is known of it."""
    return finding.look(path)[0]


def times(course: Path) -> Callable[[str, str], datetime | None]:
    """Return what tells when a learner handed in an assignment; of several times, the last."""

    def time(learner: str, assignment: str) -> datetime | None:
        return time_and_source(course, learner, assignment)[0]

    return time


def time_and_source(
    course: Path, learner: str, assignment: str
) -> tuple[datetime | None, HandedInBy]:
    """Tell when a learner handed in an assignment, and who seems to have written that down."""
    for depth, places in enumerate(layout.places(course, learner, assignment)):
        known = [(time, place) for place in places if (time := handed_in(place)) is not None]
        if known:
            time, place = max(known)
            # Tools write into the assignment's own folder, and nowhere else.
            return time, HandedInBy.ANYBODY if depth else _writer(place)
    return None, HandedInBy.UNKNOWN


def _writer(folder: Path) -> HandedInBy:
    secret = upload.receipt(folder / SECRET)
    written = upload.receipt(folder / TIMESTAMP).decode().strip()
    return clock.written_by(written, with_secret=bool(secret))


def handed_in(folder: Path) -> datetime | None:
    """Read when a folder was handed in; a file that holds no time is as good as none."""
    try:
        return _time(folder / TIMESTAMP)
    except clock.NoTime:
        return None


def receipt(course: Path, learner: str, assignment: str, name: str) -> bytes:
    """Read a small file that came with what a learner handed in; empty where there is none."""
    places = chain.from_iterable(layout.places(course, learner, assignment))
    return next((data for place in places if (data := upload.receipt(place / name))), b"")


def _time(path: Path) -> datetime | None:
    written = upload.receipt(path).decode().strip()
    return clock.read(written) if written else None


@dataclass(slots=True)
class _Reader:
    root: Path
    finder: Finder
    is_answered: Callable[[Name, Path], bool]
    inbox: Inbox = field(default_factory=Inbox)
    read_as: list[str] = field(default_factory=list)
    of_moodle: list[Path] = field(default_factory=list)

    def read_loose(self, paths: list[Path]) -> None:
        """Name what lies in submitted/ itself: whose it is could only be guessed."""
        left = [(path, self.finder.home_of(path)) for path in paths if path.name != TIMESTAMP]
        self.inbox.leave(self.root, left, "file", MOST_LOOSE)

    def read_learner(self, handed: Handed) -> None:
        """Find the exercises of all that one learner handed in."""
        folder, before = self.root / handed.learner, len(self.inbox.found)
        left = [(one.path, one.why) for one in handed.left]
        left += [(path, self.finder.home_of_folder(path)) for path in handed.strange]
        self.inbox.leave(folder, left, "folder", MOST_NOTICES)
        self._read_times(handed.above)
        above, alone = self.finder.above(handed)
        if not (handed.files or handed.left or handed.strange or above or alone):
            alone = [(path, "no notebook, and in no assignment's folder") for path in handed.above]
        self.inbox.leave(folder, alone, "file", MOST_NOTICES)
        for assignment in {**handed.files, **above}:
            self.read_assignment(handed, assignment, above.get(assignment, []))
        if is_moodles(handed.learner) and len(self.inbox.found) > before:
            self.of_moodle.append(folder)

    def remarks(self) -> Iterator[str]:
        """Say what was read though it lay or was called otherwise."""
        yield from self.read_as[:MOST_NOTICES]
        if (more := len(self.read_as) - MOST_NOTICES) > 0:
            yield f"and {more} more files that were read so; each learner's page tells"
        if self.of_moodle:
            first, count = self.of_moodle[0].name, len(self.of_moodle)
            yield (
                f"{self.root}: the names of {count} of Moodle's folders, as {first}, stand for "
                "learners'; their numbers are others in the next assignment, so rename the folders "
                "to have a learner's marks together"
            )

    def read_assignment(self, handed: Handed, assignment: str, above: list[Notebook]) -> None:
        files = handed.files.get(assignment, [])
        homes, top = handed.homes.get(assignment, []), self.root / handed.learner / assignment
        self._read_times(lying.path for lying in files)
        notebooks = [Notebook.of(lying) for lying in files if is_notebook(lying.path.name)]
        archives = [lying.path for lying in files if is_archive(lying.path.name)]
        left, unknown = self.finder.find(notebooks, assignment)
        known = [one for one in [*notebooks, *above] if one.slug]
        if known or unknown or left:
            left += [(path, "an archive is not opened: unpack it") for path in archives]
        elif archives:
            # Handed in as it was downloaded: each exercise's page says what to do instead.
            self._refuse(handed.learner, assignment, archives[0])
        else:
            self.inbox.notices += [f"{home}: {_no_notebook(files)}" for home in homes]
        if unknown and not known and len(self.finder.slugs[assignment]) == 1:
            # Of several exercises all but one would keep a page, and no points, for nothing.
            path, fault = unknown[0][0], finding.cannot_tell(path.name for path, _ in unknown)
            self._refuse(handed.learner, assignment, path, fault)
        left += unknown
        for slug in dict.fromkeys(one.slug for one in known):
            mine = [one for one in known if one.slug == slug]
            left += self._counted(handed.learner, (assignment, slug), mine)
        self.inbox.leave(homes[0] if homes else top, left, "file", MOST_NOTICES)

    def _counted(self, learner: str, name: Name, files: list[Notebook]) -> list[tuple[Path, str]]:
        """Take the file that counts for an exercise; return those that do not, with the reason."""
        (assignment, slug), (first, *rest) = name, _by_rule(files, partial(self.is_answered, name))
        repairs = finding.repairs(first, assignment)
        if repairs and not (first.is_named and first.depth == 0):
            self.read_as.append(f"{first.path}: read as {assignment}/{slug}")
        beside = tuple(one.path for one in rest)
        one = HandedIn(learner, *name, first.path, first.sha256, beside, repairs)
        self.inbox.found.append(one)
        return [(other.path, f"{first.path.name} counts for {slug}") for other in rest]

    def _refuse(self, learner: str, assignment: str, path: Path, fault: str = "") -> None:
        """Give the learner a page for each exercise, which says what to do."""
        of_file = hash_of(path)
        for slug in self.finder.slugs[assignment]:
            told = fault.format(slug=slug)
            # With the reason, so that the same file is graded as soon as there is none.
            sha256 = hashlib.sha256((told + of_file).encode()).hexdigest() if told else of_file
            one = HandedIn(learner, assignment, slug, path, sha256, fault=told)
            self.inbox.found.append(one)

    def _read_times(self, paths: Iterable[Path]) -> None:
        for path in paths:
            if path.name == TIMESTAMP:
                try:
                    why = "" if _time(path) else "it is not a line of text"
                except clock.NoTime as error:
                    why = str(error)
                if why:
                    told = f"no time can be read from it: {why}; write it as {clock.EXAMPLE}"
                    self.inbox.notices.append(f"{path}: {told}")


def _no_notebook(files: list[Lying]) -> str:
    names = [lying.path.name for lying in files if lying.path.name != TIMESTAMP]
    more = ", ..." if len(names) > MOST_NAMED else ""
    there = f" but {', '.join(names[:MOST_NAMED])}{more}" if names else ""
    return f"there is no notebook in it{there}"


def _by_rule(files: list[Notebook], is_answered: Callable[[Path], bool]) -> list[Notebook]:
    """Put first what counts; see `read`."""
    if len(files) == 1:
        return files

    def rank(one: Notebook) -> tuple[bool, int, bool, int, float, str]:
        number = one.spelled.number_of(one.slug) if one.is_named else 0
        time = next((t for at in one.folders if (t := handed_in(at)) is not None), None)
        seconds = time.timestamp() if time else 0.0
        return is_answered(one.path), number, one.is_named, -one.depth, seconds, one.sha256

    return sorted(files, key=rank, reverse=True)
