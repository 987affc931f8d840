"""A submission to grade, how to grade it, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.exercises.folder import Exercise, Version
from grader.sandbox.limits import Ending, Isolation
from grader.score.attempt import Attempt, HandedInBy
from grader.submissions.intake.companions import Companions
from grader.submissions.pieces import Aligned

# Where the work on a submission can be lost, besides at a test, which is called by its name.
NOWHERE, READING, CELLS, SANDBOX, PAGE = "", "reading", "its cells", "its sandbox", "its page"
MOST_LOSSES = 6  # of one submission: three tests that can be left out


@dataclass(frozen=True, slots=True)
class Loss:
    """That a process of ours ended while it was at a submission, where, and what is said of it."""

    place: str
    ending: Ending
    why: str


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to grade; `sha256` is of the notebook and of its companions."""

    exercise: Exercise
    learner: str
    path: Path
    sha256: str
    version: Version
    before: Attempt | None = None  # an earlier grading, whose results may still hold
    others: tuple[str, ...] = ()  # names of files for this exercise that do not count
    # Files beside it, which it may open and import.
    companions: Companions = field(default_factory=Companions)
    repairs: tuple[str, ...] = ()  # what was not where or called as it should be, in sentences
    fault: str = ""  # why the file is no submission to this exercise, for the learner
    handed_in: datetime | None = None  # UTC, without a zone as nbgrader keeps it
    handed_in_by: HandedInBy = HandedInBy.UNKNOWN
    losses: tuple[Loss, ...] = ()

    @property
    def stops(self) -> dict[str, Loss]:
        """Return the places at which it was lost twice, which is the submission's own doing.

        Once may be chance: whoever runs the machine, or its kernel, ended a process.
        """
        count = Counter(loss.place for loss in self.losses)
        return {loss.place: loss for loss in self.losses if loss.place and count[loss.place] > 1}

    @property
    def given_up(self) -> Loss | None:
        """Return why none of it can be tested."""
        known = next((self.stops[at] for at in (READING, CELLS) if at in self.stops), None)
        return known or (self.losses[-1] if len(self.losses) > MOST_LOSSES else None)

    @property
    def where(self) -> tuple[str, str, str]:
        """Return assignment, exercise and learner, as in the records."""
        return (self.exercise.assignment, self.exercise.slug, self.learner)

    @property
    def name(self) -> str:
        """Return the submission's place in the course: learner, assignment and exercise."""
        return f"{self.learner}/{self.exercise.assignment}/{self.exercise.slug}"


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of a submission: its attempt, and what was run (None: it could not be read).

    `reused` counts the tests whose results were taken over from an earlier grading.
    """

    attempt: Attempt
    aligned: Aligned | None
    reused: int = 0


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of a job: an attempt, or for a fault of ours the reason that it has to wait."""

    job: Job
    attempt: Attempt | None
    fault: str = ""
    reused: int = 0  # tests whose results were taken over from an earlier grading
    stages: Mapping[str, float] = field(default_factory=dict)  # seconds, see `stages`


@dataclass(frozen=True, slots=True)
class Settings:
    """How to grade: what the command's flags say, and what has to be hidden."""

    isolation: Isolation = "bubblewrap"
    workers: int = 0  # 0: one a core
    again: bool = False
    writes: bool = True  # feedback pages; a preview writes nothing
    scheduler: str | None = None  # of a Dask cluster; None: this machine's cores
    private: frozenset[Path] = frozenset()  # folders that no learner's code may see
