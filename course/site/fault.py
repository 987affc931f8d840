"""What is wrong in a source file, in a sentence; a build reports all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """Name the file, and say what is wrong there and what to do."""

    source: Path
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


class SiteError(Exception):
    """Stop a build, with every fault that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
