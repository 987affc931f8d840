"""What a test may get from every stand-in for a notebook, wherever the notebook is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.sandbox.limits import RunEnded


class Stopped(BaseException):
    """End a test whose run was killed; no `except Exception` or `pytest.raises` can swallow it."""

    def __init__(self, ended: RunEnded) -> None:
        super().__init__(ended.note)
        self.ended = ended


@dataclass(frozen=True, slots=True)
class Call:
    """What one call did: its value, the arguments as they are afterwards, what it printed."""

    value: Any
    args: list[Any]
    kwargs: dict[str, Any]
    warnings: list[str]
    stdout: str
    seconds: float
