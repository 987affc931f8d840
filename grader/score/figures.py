"""A class in numbers, from its attempts: what everybody has, how tasks went, what was missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from grader.sandbox.limits import Ending
from grader.score.attempt import Attempt, Outcome, TaskScore

WAITS, AGAIN = "*", "**"  # behind points for which a person has to do something
Name = tuple[str, str]  # of an exercise: assignment, slug


@dataclass(frozen=True, slots=True)
class Standing:
    """One learner's latest attempt at one exercise."""

    points: Fraction
    max_points: int
    waits: bool  # for a person to read an answer
    ending: Ending
    again: bool = False  # one that was marked for an earlier answer

    @property
    def star(self) -> str:
        """Return the sign for what a person has to do."""
        return AGAIN if self.again else WAITS if self.waits else ""


@dataclass(slots=True)
class TaskFigures:
    """How a class did in one task."""

    attempts: int = 0
    earned: Fraction = Fraction(0)
    possible: int = 0

    @property
    def facility(self) -> Fraction:
        """Return the part of the points that the class earned."""
        return self.earned / self.possible if self.possible else Fraction(0)


@dataclass(slots=True)
class Missed:
    """How often one behaviour was missed."""

    behaviour: str
    times: int = 0
    attempts: int = 0


@dataclass(slots=True)
class ClassReport:
    """What attempts say of a class; holds figures, not the attempts."""

    learners: dict[str, dict[Name, Standing]] = field(default_factory=dict)
    tasks: dict[tuple[str, str, str], TaskFigures] = field(default_factory=dict)
    behaviours: dict[tuple[str, str, str], Missed] = field(default_factory=dict)

    @property
    def exercises(self) -> list[Name]:
        """Return the names of the exercises that somebody attempted, in order."""
        return sorted({name for row in self.learners.values() for name in row})

    def missed(self) -> list[tuple[Name, Missed]]:
        """Return the behaviours that were missed, the most missed first."""
        found = [((key[0], key[1]), one) for key, one in self.behaviours.items() if one.times]
        return sorted(found, key=lambda item: (-item[1].times, item[0], item[1].behaviour))


def collect(attempts: Iterable[Attempt]) -> ClassReport:
    """Sum up attempts, the latest of each learner and exercise, as they stream by."""
    report = ClassReport()
    for attempt in attempts:
        name = (attempt.assignment, attempt.exercise)
        cell = Standing(
            attempt.score,
            attempt.max_score,
            any(task.waits for task in attempt.tasks),
            attempt.ending,
            any(task.by_hand and task.by_hand.again for task in attempt.tasks),
        )
        report.learners.setdefault(attempt.learner, {})[name] = cell
        _count(report, name, attempt)
    return report


def _count(report: ClassReport, name: Name, attempt: Attempt) -> None:
    for task in attempt.tasks:
        if task.counted is not None and not task.waits:
            figures = report.tasks.setdefault((*name, task.task), TaskFigures())
            figures.attempts += 1
            figures.earned += task.counted
            figures.possible += task.max_points
        for test in () if _is_unwritten(task) else task.tests:
            missed = report.behaviours.setdefault(
                (*name, test.name), Missed(test.behaviour or test.name)
            )
            missed.attempts += 1
            missed.times += test.outcome is not Outcome.PASSED


def _is_unwritten(task: TaskScore) -> bool:
    """Say whether there was nothing that could miss a behaviour: no answer, or no notebook."""
    return all(t.outcome is Outcome.NOT_RUN or t.unwritten for t in task.tests)
