"""Many items for one reader: counted, limited, and kept when they find a fault."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz import answers, frames, guard, notebooks

CORPUS = Path(__file__).parent / "corpus"
Check = Callable[[bytes], str]


class Fault(Exception):
    """Tell of an item that found a fault, and where it is kept."""


READERS: dict[str, Any] = {"frames": frames, "answers": answers, "notebooks": notebooks}


def mutated(name: str, count: int, seed: int, corpus: Path, check: Check | None = None) -> Counter:
    """Read `count` mutated items and count how they ended; raise Fault at the first that fails."""
    reader = READERS[name]
    ended: Counter[str] = Counter()
    for number in range(count):
        # Seeds far apart, so that two campaigns do not share their items.
        data = reader.mutated(seed * 1_000_000_007 + number)
        ended[one(name, data, corpus, check or reader.check)] += 1
    return ended


def forged(count: int, seed: int, corpus: Path, check: Check = frames.check) -> Counter:
    """Read `count` forged messages; a failing one is made as small as hypothesis can."""
    ended: Counter[str] = Counter()

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
    )
    @hypothesis.seed(seed)
    @given(frames.FORGED)
    def read(data: bytes) -> None:
        ended[one("frames", data, corpus, check, keep=False)] += 1

    try:
        read()
    except Exception as error:
        smallest = getattr(error, "item", b"")
        raise Fault(f"{_kept('frames', smallest, corpus)}: {error}") from error
    return ended


def one(name: str, data: bytes, corpus: Path, check: Check, *, keep: bool = True) -> str:
    """Read one item within the limits and say how that ended."""
    corpus.mkdir(parents=True, exist_ok=True)
    try:
        with guard.item(data, corpus / f"running-{name}"):
            return check(data)
    # Whatever it is: a reader either reads or refuses.
    except (Exception, guard.TooLong) as error:
        if not keep:
            error.item = data  # type: ignore[union-attr]
            raise
        raise Fault(f"{_kept(name, data, corpus)}: {type(error).__name__}: {error}") from error


def _kept(name: str, data: bytes, corpus: Path) -> Path:
    path = corpus / name / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
