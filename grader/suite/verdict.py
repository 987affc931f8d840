"""How a test ended, and what the learner may read about it."""

from __future__ import annotations

import linecache
import re
import reprlib
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from grader.errors import LearnerError
from grader.sandbox.limits import LIMIT_PASSED, Ending, RunEnded
from grader.score.attempt import Outcome, TestResult
from grader.suite import standin
from grader.suite.handle import Handle, describe
from grader.suite.standin import Stopped, is_learners, stopped_because
from grader.text import CALLED, cut, printable
from grader.wire import raised
from grader.wire.forms import WireError

MESSAGE_LINES = 3
SHOWN = 200  # characters of a test's call


class _Brief(reprlib.Repr):
    """Show little, as an answer may have been made to be long, and ask no object of the learner's.

    The test is over by then, and whoever could answer may be gone.
    """

    def repr1(self, x: Any, level: int) -> str:
        """Show a part of a value."""
        return describe(x) if issubclass(type(x), Handle) else super().repr1(x, level)


_BRIEF = _Brief()
_BRIEF.maxlevel, _BRIEF.maxstring, _BRIEF.maxother = 3, 80, 80
_BRIEF.maxlist = _BRIEF.maxtuple = _BRIEF.maxdict = 8
DETAIL_CHARACTERS = 1200
# All other endings look like a crash to the test that met them.
_OUTCOME = {Ending.TIMEOUT: Outcome.TIMEOUT}
_NO_FORM = "What your code gave cannot be handed to a test"
# pytest's lines on where a value comes from show objects by their addresses.
_WHERE = re.compile(r"\s*\+\s+(where|and) ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one test; `unwritten`: there was nothing yet that could be tested."""

    outcome: Outcome
    detail: str = ""
    unwritten: bool = False


def verdict(error: BaseException | None, message: str, *, ran: bool, hidden: bool) -> Verdict:
    """Judge a test by the exception that ended it; `message` is what a visible test says of it.

    Without one it has passed only if it is known to have `ran` to its end.
    """
    if isinstance(error, Stopped):
        outcome = _OUTCOME.get(error.ended.ending, Outcome.CRASHED)
        return Verdict(outcome, _safe(f"Your code was stopped{_at_limit(error.ended)}."))
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


def stopped(test: TestResult, ended: RunEnded) -> TestResult:
    """Judge a test that is not run any more, as the run ends at it each time."""
    judged = verdict(Stopped(ended), "", ran=False, hidden=test.hidden)
    return replace(test, outcome=judged.outcome, detail=judged.detail)


def _at_limit(ended: RunEnded) -> str:
    limit = LIMIT_PASSED.get(ended.ending)
    return f" at its {limit} limit: {ended.note}" if limit else f": {ended.note}"


def _hidden(error: BaseException) -> str:
    """Tell of an error only its class, and that only when the name was not the learner's choice.

    A message, or a name of the learner's own, could tell them the input that they were given.
    """
    if _cannot_cross(error):
        return f"{_NO_FORM}."
    # A failed assert of the learner's own is told as one of the test's: not at all.
    if not is_learners(error) or isinstance(error, AssertionError):
        return ""
    name = "" if isinstance(error, LearnerError) else raised.nearest_known(error)
    return f"Your code raised {name or 'an exception'}."


def _cannot_cross(error: BaseException) -> bool:
    """Tell whether the learner's value has no form in which a test could get it."""
    return isinstance(error, LearnerError) and error.class_name == WireError.__name__


def _visible(error: BaseException, message: str) -> str:
    if _cannot_cross(error):
        return _safe(f"{_NO_FORM}: {str(error).partition(': ')[2]}.")
    return _safe("\n".join(line for line in message.split("\n") if not _WHERE.match(line)))


def _is_missing(error: BaseException) -> bool:
    """Tell whether the notebook lacks a name; a learner's own class may be called NameError."""
    named = isinstance(error, LearnerError) and error.class_name == "NameError"
    return named and not is_learners(error)


def _safe(said: str) -> str:
    return cut(printable(said), DETAIL_CHARACTERS)


def explained(error: BaseException, submission: Any, tests: Path) -> str:
    """Say whose error ended a visible test, in which line and at which call of the file `tests`.

    "" where only the test can say it. Never of a hidden test: all of this may tell its input.
    """
    location = standin.location_of(error)
    if is_learners(error) or location is not None:
        call = _expression(error, tests)
        lines = [
            f"Your code raised {_line(error)}",
            f"in {location}" if location else "",
            f"{CALLED}{call}" if call else "",
        ]
        return "\n".join(filter(None, lines))
    got = standin.answer(submission)
    if got is None or isinstance(error, AssertionError):
        return ""
    if isinstance(error, Exception):
        return f"{_answer(*got)}, and the test could not use it: {_line(error)}"
    # What pytest.raises says where nothing was raised, which is no `Exception` itself.
    _, _, wanted = str(error).partition("DID NOT RAISE ")
    return f"{_answer(*got)}, where the test expects it to raise {wanted}" if wanted else ""


def _line(error: BaseException) -> str:
    said = str(error) if isinstance(error, LearnerError) else raised.line_of(error)
    lines = [line for line in said.split("\n") if line.strip()]
    return "\n".join(lines[:MESSAGE_LINES])


def _expression(error: BaseException, tests: Path) -> str:
    """Return the part of the test's source in which it was when the exception was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == str(tests)]
    if not own or own[-1].lineno is None or own[-1].end_lineno is None:
        return ""
    last = own[-1]
    lines = [line.encode() for line in linecache.getlines(str(tests))]
    part = lines[last.lineno - 1 : last.end_lineno]  # type: ignore[operator]
    if not part:
        return ""
    part[-1] = part[-1][: last.end_colno]
    part[0] = part[0][last.colno or 0 :]
    return cut(" ".join(b"".join(part).decode(errors="replace").split()), SHOWN)


def _answer(name: str, value: Any) -> str:
    return f"Your {name} is {_shown(value)}" if name else f"Your code returned {_shown(value)}"


def _shown(value: Any) -> str:
    """Describe a value in one line: a table by its size, anything else by its beginning."""
    # Of the class: what stays behind the wall would be asked.
    if hasattr(type(value), "shape") and value.shape:
        size = " x ".join(map(str, value.shape))
        columns = getattr(value, "columns", None)
        named = "" if columns is None else f" with columns {_BRIEF.repr(list(columns))}"
        return f"a {type(value).__name__} of {size}{named}"
    return " ".join(_BRIEF.repr(value).split())
