"""`@task`: which task a test scores."""

from __future__ import annotations

from collections.abc import Callable


def task(name: str, *, weight: int = 1) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Say which task a test function scores, and with which weight among the task's tests."""
    if weight < 1:
        raise ValueError(f"a test's weight is a whole number from 1, not {weight!r}")

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        function.grader_task = (name, weight)  # type: ignore[attr-defined]
        return function

    return mark
