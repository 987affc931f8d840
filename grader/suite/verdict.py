"""How a test ended, and what the learner may read about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from grader.errors import LearnerError
from grader.sandbox.limits import Ending
from grader.score.attempt import Outcome
from grader.suite.standin import Stopped, is_learners, stopped_because
from grader.text import cut, printable
from grader.wire import raised

DETAIL_CHARACTERS = 1200
# All other endings look like a crash to the test that met them.
_OUTCOME = {Ending.TIMEOUT: Outcome.TIMEOUT}
# pytest's lines on where a value comes from show objects by their addresses.
_WHERE = re.compile(r"\s*\+\s+(where|and) ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one test; `unwritten`: there was nothing yet that could be tested."""

    outcome: Outcome
    detail: str = ""
    unwritten: bool = False


def verdict(error: BaseException | None, message: str, *, ran: bool, hidden: bool) -> Verdict:
    """Judge a test by the exception that ended it, of which `message` is pytest's text.

    Without one it has passed only if it is known to have `ran` to its end.
    """
    if isinstance(error, Stopped):
        outcome = _OUTCOME.get(error.ended.ending, Outcome.CRASHED)
        return Verdict(outcome, _safe(f"Your code was stopped: {error.ended.note}."))
    if error is None:
        return Verdict(Outcome.PASSED if ran else Outcome.NOT_RUN)
    failed = isinstance(error, AssertionError | pytest.fail.Exception)
    outcome = Outcome.FAILED if failed else Outcome.ERROR
    if _is_missing(error):
        detail = _safe(f"Something is missing: {str(error).partition(': ')[2]}.")
        return Verdict(outcome, detail)
    if why := stopped_because(error):  # IPython's own exception for input is one of the next kind
        return Verdict(outcome, f"Your code was stopped: {why}.")
    if isinstance(error, NotImplementedError):  # what the prompt of an answer cell raises
        return Verdict(outcome, "This answer is not written yet.", unwritten=True)
    return Verdict(outcome, _hidden(error) if hidden else _visible(error, message))


def _hidden(error: BaseException) -> str:
    """Tell of an error only its class, and that only when the name was not the learner's choice.

    A message, or a name of the learner's own, could tell them the input that they were given.
    """
    # A failed assert of the learner's own is told as one of the test's: not at all.
    if not is_learners(error) or isinstance(error, AssertionError):
        return ""
    name = "" if isinstance(error, LearnerError) else raised.nearest_known(error)
    return f"Your code raised {name or 'an exception'}."


def _visible(error: BaseException, message: str) -> str:
    said = str(error) if isinstance(error, LearnerError) else message
    return _safe("\n".join(line for line in said.split("\n") if not _WHERE.match(line)))


def _is_missing(error: BaseException) -> bool:
    """Tell whether the notebook lacks a name; a learner's own class may be called NameError."""
    named = isinstance(error, LearnerError) and error.class_name == "NameError"
    return named and not is_learners(error)


def _safe(said: str) -> str:
    return cut(printable(said), DETAIL_CHARACTERS)
