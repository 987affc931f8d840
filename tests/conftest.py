"""Fixtures that many tests share: a warm sandbox, and the checkout they test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import Sandbox

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Start one warm sandbox for all tests that need no other; fails where it cannot be built."""
    with Sandbox() as warm:
        yield warm
        # A test must see the wall that grading uses, not what it falls back to.
        assert warm.isolation == "bubblewrap"
