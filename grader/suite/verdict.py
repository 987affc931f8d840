"""How a test ended, and what the learner may read about it."""

from __future__ import annotations

import re

from grader.errors import LearnerError
from grader.sandbox.limits import Ending
from grader.score.attempt import Outcome
from grader.wire import raised

OUTCOME = {Ending.TIMEOUT: Outcome.TIMEOUT}
DETAIL_CHARACTERS = 1200
WHERE = re.compile(r"\s*\+\s+(where|and) ")
UNWRITTEN = "This answer is not written yet."


def hidden_detail(error: BaseException) -> str:
    """Tell of an error only its class, and that only when the name was not the learner's choice."""
    if is_missing(error):
        return safe(f"Something is missing: {str(error).partition(': ')[2]}.")
    if isinstance(error, NotImplementedError):
        return UNWRITTEN
    if not getattr(error, "from_learner", False) or isinstance(error, AssertionError):
        return ""
    name = "" if isinstance(error, LearnerError) else raised.nearest_known(error)
    return f"Your code raised {name or 'an exception'}."


def is_missing(error: BaseException) -> bool:
    """Tell whether the notebook lacks a name; a learner's own class may be called NameError."""
    named = isinstance(error, LearnerError) and error.class_name == "NameError"
    return named and not getattr(error, "from_learner", False)


def safe(text: str) -> str:
    """Make text printable everywhere: no control characters, no halves of surrogate pairs."""
    text = text.encode("utf-8", "replace").decode()
    kept = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
    return kept if len(kept) <= DETAIL_CHARACTERS else kept[:DETAIL_CHARACTERS] + " …"
