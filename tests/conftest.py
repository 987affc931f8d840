"""Fixtures that many tests share: a warm sandbox, and the checkout they test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.grading.job import Settings
from grader.sandbox.sandbox import Sandbox
from tests.tools.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent
# Attacks on graders in general: no part of the project, and tried where somebody has put them.
CORPUS = Path(os.environ.get("GRADER_ATTACK_CORPUS") or ROOT / "../shared/attacks/corpus.py")
collect_ignore = [] if CORPUS.is_file() else ["test_shared_corpus.py"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `python -m tests.attacks` choose how the batches of attacks are graded."""
    parser.addoption("--attack-mode", choices=["warm", "cold", "cluster"], default="warm")


def pytest_report_header() -> str | None:
    """Say so when a test file has nothing to run."""
    if CORPUS.is_file():
        return None
    return f"tests/test_shared_corpus.py is left out: there is no corpus of attacks at {CORPUS}"


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


@pytest.fixture(scope="session")
def attacked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Say how the batches of attacks are graded."""
    match request.config.getoption("--attack-mode"):
        case "cold":
            yield Settings(isolation="bubblewrap-cold")
        case "cluster":
            with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
                for _ in range(2):
                    cluster.join()
                yield Settings(scheduler=cluster.address())
        case _:
            yield Settings()
