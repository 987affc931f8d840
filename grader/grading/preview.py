"""The same as grading, writing nothing: whose scores would change."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Change:
    """What grading a submission anew would change; `before` is None for one without a score."""

    submission: str
    before: Fraction | None
    after: Fraction
    behaviors: tuple[str, ...]  # of the tests that would end otherwise
    most_before: int | None
    most_after: int
