"""What every stand-in for a notebook answers, wherever the notebook is, and whose an exception is.

A stand-in's attributes are the notebook's names, all but `call` and `library`, which no exercise
may define (`exercises.source`). What runs a test asks for the rest by `ended` and `limited`: these
read attributes that begin with an underscore, and under such names a notebook is never asked.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from grader.errors import LearnerError
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


def ended(submission: Any) -> RunEnded | None:
    """Tell how the run behind a stand-in ended; in the learner's own kernel it never does."""
    said: RunEnded | None = getattr(submission, "_ended", None)
    return said


def limited(submission: Any) -> AbstractContextManager[None]:
    """Limit how long a test works on answers; in a learner's own kernel it is their own time."""
    limit: AbstractContextManager[None] = getattr(submission, "_limited", nullcontext)()
    return limit


def undefined(name: str) -> LearnerError:
    """Make the exception for a name that the notebook lacks."""
    return LearnerError("NameError", f"the notebook does not define {name}")


def mark_learners(error: Exception) -> Exception:
    """Note on an exception that the learner's code raised it, and no test; return it."""
    error.from_learner = True  # type: ignore[attr-defined]
    return error


def is_learners(error: BaseException) -> bool:
    """Tell whether the learner's code behind the wall raised an exception."""
    return bool(getattr(error, "from_learner", False))


def mark_stopped(error: Exception, why: str) -> Exception:
    """Note on an exception which limit stopped the call; return it."""
    error.stopped_because = why  # type: ignore[attr-defined]
    return error


def stopped_because(error: BaseException) -> str:
    """Tell which limit stopped the call that an exception comes from; "" where none did."""
    return str(getattr(error, "stopped_because", ""))
