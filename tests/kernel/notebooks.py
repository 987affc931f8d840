"""The corpus: short notebooks of what people do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Notebook:
    """A notebook's name, and the sources of its cells."""

    name: str
    cells: tuple[str, ...]


def corpus() -> list[Notebook]:
    """Read all notebooks."""
    found = [each for path in sorted(CORPUS.glob("*.txt")) for each in _read(path)]
    assert len({each.name for each in found}) == len(found), "two notebooks of one name"
    return found


def _read(path: Path) -> list[Notebook]:
    parts = re.split(r"^=== (\w+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [Notebook(n, _cells(text)) for n, text in zip(parts[1::2], parts[2::2], strict=True)]


def _cells(text: str) -> tuple[str, ...]:
    return tuple(cell.removesuffix("\n") for cell in re.split(r"^---\n", text, flags=re.MULTILINE))
