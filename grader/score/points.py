"""Planned tests and what was reported of them: the points of tasks.

Points are exact (`Fraction`), so the same outcomes always add up to the same score.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from grader.score.attempt import Outcome, TaskScore, TestResult


@dataclass(frozen=True, slots=True)
class Plan:
    """The tests that a suite names for a task, before anything ran."""

    task: str
    max_points: int
    manual: bool = False
    tests: tuple[TestResult, ...] = field(default=())


def mark(planned: Iterable[Plan], results: Iterable[TestResult]) -> tuple[TaskScore, ...]:
    """Score each task from the results reported; a planned test without a report is `NOT_RUN`.

    Points and tasks are the plan's, whatever a report says; of two reports for one test the one
    that is no pass counts, and credit stays between nothing and the whole.
    """
    reported: dict[str, TestResult] = {}
    for result in results:
        known = reported.get(result.name)
        if known is None or known.outcome is Outcome.PASSED:
            reported[result.name] = result
    return tuple(_mark_task(task, reported) for task in planned)


def _mark_task(planned: Plan, reported: dict[str, TestResult]) -> TaskScore:
    if planned.manual:
        return TaskScore(planned.task, None, planned.max_points)
    tests = tuple(_filled(test, reported.get(test.name)) for test in planned.tests)
    total = sum(test.weight for test in planned.tests)
    earned = sum((test.earned for test in tests), Fraction(0))
    points = planned.max_points * earned / total if total else Fraction(0)
    return TaskScore(planned.task, points, planned.max_points, tests)


def _filled(planned: TestResult, report: TestResult | None) -> TestResult:
    if report is None or report.task != planned.task:
        return replace(planned, outcome=Outcome.NOT_RUN)
    credit = min(max(report.credit, Fraction(0)), Fraction(1))
    return replace(
        planned,
        outcome=report.outcome,
        credit=credit,
        detail=report.detail,
        unwritten=report.unwritten,
        seconds=report.seconds,
    )


def points_text(points: Fraction | int) -> str:
    """Write points with at most two decimals; never rounded up to a whole point."""
    exact = Decimal(points.numerator) / Decimal(points.denominator)
    shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if shown != exact and shown == shown.to_integral_value():
        shown = exact.quantize(Decimal("0.01"), ROUND_DOWN)
    text = f"{shown:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
