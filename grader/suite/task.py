"""`@task`: which task a test scores."""

from __future__ import annotations

from collections.abc import Callable


def task(
    name: str, *, weight: int = 1, fresh: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Say which task a test function scores, and with which weight among the task's tests.

    Tests follow each other in one process of the learner's; one that is `fresh` begins in the state
    after the notebook, whatever ran before.
    """
    if weight < 1:
        raise ValueError(f"a test's weight is a whole number from 1, not {weight!r}")

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        function.grader_task = (name, weight)  # type: ignore[attr-defined]
        function.grader_fresh = fresh  # type: ignore[attr-defined]
        return function

    return mark
