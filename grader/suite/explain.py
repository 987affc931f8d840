"""What a learner reads of an error in a visible test: whose it is, in which line, at which call.

Never of a hidden test: all of this may tell its input.
"""

from __future__ import annotations

import linecache
import reprlib
import traceback
from pathlib import Path
from typing import Any

from grader.errors import LearnerError
from grader.suite import standin
from grader.text import cut
from grader.wire import raised

CALLED = "The test called "
MESSAGE_LINES = 3
SHOWN = 200  # characters of a test's call
# An answer may have been made to be long.
_BRIEF = reprlib.Repr()
_BRIEF.maxlevel, _BRIEF.maxstring, _BRIEF.maxother = 3, 80, 80
_BRIEF.maxlist = _BRIEF.maxtuple = _BRIEF.maxdict = 8


def explained(error: BaseException, submission: Any, tests: Path) -> str:
    """Say what went wrong in a test of the file `tests`; "" where only the test can say it."""
    location = standin.location_of(error)
    if standin.is_learners(error) or location is not None:
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
    if isinstance(got[1], type):  # what its objects returned is not known here
        return f"The test could not use what came from your {got[0]}: {_line(error)}"
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
    # Of the class: what stays behind the wall would be asked, and the run may be over.
    if hasattr(type(value), "shape") and value.shape:
        size = " x ".join(map(str, value.shape))
        columns = getattr(value, "columns", None)
        named = "" if columns is None else f" with columns {_BRIEF.repr(list(columns))}"
        return f"a {type(value).__name__} of {size}{named}"
    return " ".join(_BRIEF.repr(value).split())
