"""What one command did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.grading.cluster import grade_on_cluster
from grader.grading.job import Graded, Settings
from grader.grading.pool import Crew, grade_all, grade_by
from grader.grading.work import Pending, Work
from grader.sandbox.limits import Ending
from grader.score import attempt as attempts
from grader.score.attempt import Attempt
from grader.score.figures import ClassReport


@dataclass(slots=True)
class Summary:
    """What one `grade` did, or would have done."""

    jobs: int = 0
    unchanged: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # what was left alone
    remarks: list[str] = field(default_factory=list)  # what was graded, and is not as it should be
    reused: int = 0  # results of tests that an earlier grading had
    seconds: float = 0.0
    stages: Counter[str] = field(default_factory=Counter)
    report: ClassReport = field(default_factory=ClassReport)

    @classmethod
    def of(cls, todo: Work) -> Summary:
        """Begin with what is known before the first submission is graded."""
        return cls(
            todo.submissions,
            todo.unchanged,
            pending=todo.pending,
            notices=todo.notices,
            remarks=todo.found.remarks,
        )

    def count(self, graded: Graded) -> None:
        """Add what came of one job."""
        self.reused += graded.reused
        self.stages.update(graded.stages)
        if graded.attempt is None:
            self.pending.append(Pending(graded.job.name, graded.fault))
        else:
            self.attempts.append(graded.attempt)

    @property
    def exit_code(self) -> int:
        """Return 2 when something waits for a fault of ours, 1 for a file not graded, else 0."""
        if self.pending:
            return 2
        cells = [cell for row in self.report.learners.values() for cell in row.values()]
        unreadable = any(cell.ending is Ending.UNREADABLE for cell in cells)
        return 1 if unreadable or self.notices else 0


Progress = Callable[[int, Graded | None], None]


def each_graded(
    course: Path,
    todo: Work,
    settings: Settings,
    summary: Summary,
    progress: Progress,
    crew: Crew | None = None,
) -> Iterator[Graded | None]:
    """Grade what there is to do, on this machine or a cluster; count each as it comes, and tell.

    None where none came for a while, so that what did come can be stored. A `crew` that is there
    already grades, and stays.
    """
    progress(len(todo.jobs), None)
    settings = replace(settings, private=todo.private)
    everywhere = grade_on_cluster if settings.scheduler else grade_all
    done = grade_by(crew, todo.jobs) if crew else everywhere(course, todo.jobs, settings)
    for graded in done:
        if graded is not None:
            summary.count(graded)
            progress(len(todo.jobs), graded)
        yield graded


def to_json(summary: Summary, changes: Iterable[Change] | None = None) -> dict[str, Any]:
    """Return what a script wants to know of a `grade`, or with `changes` of a `preview`."""
    told = {} if changes is None else {"changes": [change_json(change) for change in changes]}
    return told | {
        "submissions": summary.jobs,
        "unchanged": summary.unchanged,
        "reused_results": summary.reused,
        "graded": [attempts.to_json(attempt) for attempt in summary.attempts],
        "pending": [{"submission": p.submission, "reason": p.fault} for p in summary.pending],
        "notices": summary.notices,
        "remarks": summary.remarks,
        "seconds": round(summary.seconds, 3),
        "stages": {name: round(seconds, 3) for name, seconds in summary.stages.items()},
        "exit_code": summary.exit_code,
    }


@dataclass(frozen=True, slots=True)
class Change:
    """What grading a submission anew would change; `before` is None for one without a score."""

    submission: str
    before: Fraction | None
    after: Fraction
    behaviours: tuple[str, ...]  # of the tests that would end otherwise
    most_before: int | None
    most_after: int


def change_json(change: Change) -> dict[str, Any]:
    before = None if change.before is None else str(change.before)
    behaviours = list(change.behaviours)
    told = {"submission": change.submission, "before": before, "after": str(change.after)}
    most = {"max_before": change.most_before, "max_after": change.most_after}
    return {**told, **most, "behaviours": behaviours}
