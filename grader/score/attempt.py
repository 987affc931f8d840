"""From outcomes of tests to points of tasks: the values that an attempt consists of.

Pure data and arithmetic: no files, no processes. Points are exact (`Fraction`), so the same
outcomes always add up to the same score.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from grader.sandbox.limits import Ending, Isolation

# What an earlier version said of a test that found no answer, in records without `unwritten`. It is
# in gradebooks: whatever a learner reads today, this stays as it is.
_UNWRITTEN = "This answer is not written yet."

LONGEST_NAME = 128  # characters that a gradebook holds: of an assignment, an exercise, a learner


class Outcome(StrEnum):
    """How one test ended. Only `PASSED` earns points."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test of one submission. `behaviour` and `detail` may be shown to the learner."""

    __test__ = False  # pytest collects classes named Test*

    name: str
    task: str
    outcome: Outcome
    weight: int = 1
    credit: Fraction = Fraction(1)
    behaviour: str = ""
    detail: str = ""
    hidden: bool = True
    seconds: float = 0.0
    sha256: str = ""  # of all that its outcome depends on, besides the submission
    unwritten: bool = False  # there was no answer yet that it could test

    @property
    def earned(self) -> Fraction:
        """Return the earned part of `weight`: nothing unless the test is known to have passed."""
        return self.weight * self.credit if self.outcome is Outcome.PASSED else Fraction(0)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person gave for a task; `again`: for an earlier answer, this one is yet to be read."""

    points: Fraction | None
    extra: Fraction = Fraction(0)
    comment: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class TaskScore:
    """Points of one task. `points` are those of its tests, None for an answer that a person reads.

    `by_hand` is not a part of what was found, and in no record: it is as the gradebook has it now.
    """

    task: str
    points: Fraction | None
    max_points: int
    tests: tuple[TestResult, ...] = ()
    answer_sha256: str = ""  # of the answer's text and attachments
    by_hand: ByHand | None = None

    @property
    def counted(self) -> Fraction | None:
        """Return the points that count; None where neither a test nor a person gave any."""
        hand = self.by_hand or ByHand(None)
        points = self.points if hand.points is None else hand.points
        return None if points is None else points + hand.extra

    @property
    def waits(self) -> bool:
        """Say whether a person has to read the answer: for the first time, or as it is now."""
        return self.counted is None or (self.by_hand is not None and self.by_hand.again)


class HandedInBy(StrEnum):
    """Who seems to have written when something was handed in; nobody can be sure by a file."""

    UNKNOWN = ""  # no time, or a record of an earlier version
    EXCHANGE = "nbgrader's exchange"
    ZIP_COLLECT = "nbgrader's zip_collect"
    ANYBODY = "anybody"


class CellStatus(StrEnum):
    """How one cell ended; what stops a whole run has the same names as in `Ending`."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MEMORY = "memory"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class CellReport:
    """What running one cell of the aligned notebook did: `index` counts from 0 over all cells."""

    index: int
    status: CellStatus
    error: str = ""
    stdout: str = ""

    @property
    def stopped(self) -> bool:
        """Say whether the cell had to be killed, or killed its process."""
        return self.status in (CellStatus.TIMEOUT, CellStatus.CRASHED, CellStatus.MEMORY)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One grading of one submission, complete: everything else is a projection of this."""

    assignment: str
    exercise: str
    learner: str
    submission_sha256: str
    suite_sha256: str
    environment_sha256: str
    isolation: Isolation
    started: datetime  # aware, UTC
    seconds: float
    memory_mb: float
    ending: Ending
    tasks: tuple[TaskScore, ...]
    cells: tuple[CellReport, ...] = ()
    repairs: tuple[str, ...] = ()
    note: str = ""  # one sentence when the ending is not "ok"
    run_sha256: str = ""  # of what the state after the notebook depends on, besides the submission
    handed_in: datetime | None = None  # aware, UTC
    handed_in_by: HandedInBy = HandedInBy.UNKNOWN

    @property
    def score(self) -> Fraction:
        """Return the points that count so far; an answer that nobody has read counts nothing."""
        return sum((task.counted or Fraction(0) for task in self.tasks), Fraction(0))

    @property
    def max_score(self) -> int:
        """Return the points that could be earned."""
        return sum(task.max_points for task in self.tasks)

    @property
    def name(self) -> tuple[str, str]:
        """Return assignment and exercise, as an exercise does."""
        return (self.assignment, self.exercise)

    @property
    def where(self) -> tuple[str, str, str]:
        """Return assignment, exercise and learner, as a job does."""
        return (self.assignment, self.exercise, self.learner)


def to_json(attempt: Attempt) -> dict[str, Any]:
    """Turn an attempt into what `json.dumps` takes; fractions become "numerator/denominator"."""
    told = {**asdict(attempt, dict_factory=_plain), "score": str(attempt.score)}
    for task in told["tasks"]:
        if task["by_hand"] is None:
            del task["by_hand"]
    return told


def _plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: _plain_value(value) for key, value in items}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def from_json(data: dict[str, Any]) -> Attempt:
    """Read back what `to_json` wrote."""
    known = {key: value for key, value in data.items() if key != "score"}
    time = data.get("handed_in")  # records of earlier versions have none
    return Attempt(
        **{
            **known,
            "started": datetime.fromisoformat(data["started"]),
            "ending": Ending(data["ending"]),
            "handed_in": datetime.fromisoformat(time) if time else None,
            "handed_in_by": HandedInBy(data.get("handed_in_by", "")),
            "tasks": tuple(_task(task) for task in data["tasks"]),
            "cells": tuple(map(_cell, data["cells"])),
            "repairs": tuple(data["repairs"]),
        }
    )


def _cell(data: dict[str, Any]) -> CellReport:
    return CellReport(**{**data, "status": CellStatus(data["status"])})


def _task(data: dict[str, Any]) -> TaskScore:
    points = None if data["points"] is None else Fraction(data["points"])
    tests = tuple(map(_test, data["tests"]))
    answer = data.get("answer_sha256", "")  # records of earlier versions have none
    return TaskScore(data["task"], points, data["max_points"], tests, answer)


def _test(data: dict[str, Any]) -> TestResult:
    told = {"unwritten": data["detail"] == _UNWRITTEN, **data}
    credit = Fraction(data["credit"])
    return TestResult(**{**told, "outcome": Outcome(data["outcome"]), "credit": credit})
