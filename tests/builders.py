"""What many tests need: exercises, written into a test's folder and read as real ones; an attempt.

course        a course with the exercise `heights`, its data and a second assignment
heights       three tasks, one of them for a person, with right and wrong variants
small         two tasks, one of them for a person: what `an_attempt` is an attempt at
one           a single task
written       any other exercise, of the texts given
an_attempt    what the grader found in a learner's notebook
record        attempts, kept without nbgrader's tables
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.book import records
from grader.book.records import Records
from grader.exercises import folder as exercise
from grader.exercises.folder import Exercise
from grader.sandbox.limits import Ending
from grader.score.attempt import Attempt, Outcome, TaskScore, TestResult

FILES = {
    "spec": "exercise.toml",
    "notebook": "notebook.py",
    "visible": "test_visible.py",
    "hidden": "test_hidden.py",
    "wrong": "wrong/as_text.py",
    "right": "right/sorts.py",
}

SPEC = """\
title = "Heights"
summary = "Read heights and describe them."
lesson = "4-cleaning/parse-dont-coerce"
difficulty = 1
minutes = 10
data = ["people"]

[[tasks]]
name = "parse_height"
points = 6
hints = ["Look at the quote.", "Split at the quote.", "Twelve inches make a foot."]

[[tasks]]
name = "tallest"
points = 3
hints = ["Which helper do you have?", "max takes a key.", "The key is parse_height."]

[[tasks]]
name = "note"
points = 2
manual = true
"""

NOTEBOOK = '''\
# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Heights
#
# Write `parse_height(text)` for texts like `5'11`.

# %% tags=["setup"]
import math
# %matplotlib inline
from grader import check, hint, load

INCH = 2.54

# %% task="parse_height"
def parse_height(text):
    """Return the height in centimetres."""
    ### BEGIN SOLUTION
    feet, inches = text.split("'")
    # twelve inches to the foot, always
    return (int(feet) * 12 + int(inches)) * INCH
    ### END SOLUTION


# %% [markdown]
# Now the tallest of several.

# %%
HEIGHTS = ["5'11", "6'2", "5'0"]

# %% task="tallest"
def tallest(heights):
    ### BEGIN SOLUTION
    return max(heights, key=parse_height)
    ### END SOLUTION


# %% [markdown] task="note" manual=true
# Which heights would you not trust, and why?
#
# ### BEGIN SOLUTION
# Those below two feet: they are likelier metres than feet.
# ### END SOLUTION

# %%
print(tallest(HEIGHTS))
'''

VISIBLE = '''\
import pytest
from grader import task


@task("parse_height")
def test_feet_and_inches_add_up(submission):
    """Five feet eleven are 180 cm."""
    assert submission.parse_height("5'11") == pytest.approx(180.34)


@task("tallest")
def test_the_tallest_wins(submission):
    """Of two heights the larger is the tallest."""
    assert submission.tallest(["5'0", "6'0"]) == "6'0"
'''

HIDDEN = '''\
import pytest
from grader import task

SECRET = "canary-7d1f0c92ab"


@task("parse_height")
def test_inches_carry(submission):
    """Twelve inches carry over to the next foot."""
    assert submission.parse_height("5'12") == pytest.approx(182.88)


@task("tallest")
def test_text_order_is_not_height_order(submission):
    """Heights are compared as heights, not as text."""
    assert submission.tallest(["5'9", "5'10", "4'11"]) == "5'10"
'''

WRONG = '''\
"""Compares the heights as text.

rejected by: test_text_order_is_not_height_order,
    test_inches_carry
"""
# %% tallest
def tallest(heights):
    return max(heights)
'''

RIGHT = '''\
"""Sorts instead of taking the maximum."""
# %% tallest
def tallest(heights):
    ranked = sorted(heights, key=parse_height)
    return ranked[-1]
'''

PEOPLE = "name,height\nA,5'11\nB,\n"

SMALL_SPEC = """\
title = "Heights <and> notes"
summary = "Read heights and say what was dropped."
difficulty = 1
minutes = 10

[[tasks]]
name = "parse_height"
points = 10

[[tasks]]
name = "note"
points = 5
manual = true
"""

SMALL_NOTEBOOK = '''\
# %% [markdown]
# # Heights
#
# Write `parse_height`.

# %%
from grader import check, hint, load

# %% task="parse_height"
def parse_height(text):
    """Return centimetres."""
    ### BEGIN SOLUTION
    return float(text)
    ### END SOLUTION

# %% [markdown] task="note" manual=true
# ### BEGIN SOLUTION
# Nothing was dropped.
# ### END SOLUTION
'''

SMALL_TEST = '''\
from grader import task


@task("parse_height")
def test_{name}(submission):
    """A number is read."""
    assert submission.parse_height("{number}") == {number}
'''

ONE_TASK = """\
title = "{slug}"
summary = "One task."
difficulty = 1
minutes = 10

[[tasks]]
name = "{slug}"
points = 1
hints = ["nudge", "approach", "nearly there"]
"""

ONE_NOTEBOOK = """\
# %% [markdown]
# # {slug}

# %%
from grader import check, hint, load

# %% task="{slug}"
def {slug}(value):
    ### BEGIN SOLUTION
    doubled = value + value
    return doubled
    ### END SOLUTION
"""


# For an exercise whose answers are to run into them.
LIMITS = """
[limits]
cell_seconds = 1
notebook_seconds = 4
test_seconds = 1
"""

# One of each kind that a page tells apart.
RESULTS = (
    TestResult("test_plain", "parse_height", Outcome.PASSED, behaviour="A number is read.",
               hidden=False),
    TestResult("test_half", "parse_height", Outcome.PASSED, 1, Fraction(1, 2), "Half is enough."),
    TestResult("test_none", "parse_height", Outcome.FAILED, behaviour="A missing one stays so.",
               detail="ValueError: could not convert <b>x</b>"),
    TestResult("test_slow", "parse_height", Outcome.TIMEOUT, behaviour="It ends.", seconds=9.87),
)  # fmt: skip


def course(root: Path) -> Path:
    """Write a course with the exercise `heights`, its data set, and a second assignment."""
    heights(root)
    one(root, "0-start", "doubled_value")
    people(root)
    return root


def people(root: Path) -> None:
    """Write the data set of `heights`."""
    _write(root / "datasets" / "people.csv", PEOPLE)


def heights(root: Path, **replaced: str) -> Exercise:
    """Write `exercises/4-cleaning/heights`; `notebook=…`, `visible=…` and so on replace a file."""
    texts = {"spec": SPEC, "notebook": NOTEBOOK, "visible": VISIBLE, "hidden": HIDDEN}
    variants = {"wrong": WRONG, "right": RIGHT}
    return written(root, "4-cleaning/heights", **{**texts, **variants, **replaced})


def small(root: Path, slug: str = "heights", **replaced: str) -> Exercise:
    """Write an exercise with a task for tests and one for a person; `spec=…` and so on replace."""
    texts = {
        "spec": SMALL_SPEC,
        "notebook": SMALL_NOTEBOOK,
        "visible": SMALL_TEST.format(name="visible", number=1),
        "hidden": SMALL_TEST.format(name="hidden", number=2),
    }
    return written(root, f"4-cleaning/{slug}", **{**texts, **replaced})


def one(root: Path, assignment: str, slug: str) -> Exercise:
    """Write an exercise with a single task that has the exercise's name."""
    test = 'from grader import task\n\n\n@task("{0}")\ndef test_{1}(submission):\n    """{1}."""\n'
    test += "    assert submission.{0}({2}) == {3}\n"
    return written(
        root,
        f"{assignment}/{slug}",
        spec=ONE_TASK.format(slug=slug),
        notebook=ONE_NOTEBOOK.format(slug=slug),
        visible=test.format(slug, "two_gives_four", 2, 4),
        hidden=test.format(slug, "minus_is_kept", -30, -60),
    )


def written(root: Path, name: str, **texts: str) -> Exercise:
    """Write `exercises/<name>` of texts that are named as in FILES."""
    folder = root / "exercises" / name
    for which, text in texts.items():
        _write(folder / FILES[which], text)
    return exercise.load(folder)


def an_attempt(
    learner: str = "ada",
    points: Fraction | None = Fraction(20, 3),
    results: tuple[TestResult, ...] = RESULTS,
    **changes: Any,
) -> Attempt:
    """Return an attempt at `small`, with points for its tests, whose note nobody has read yet."""
    attempt = Attempt(
        assignment="4-cleaning",
        exercise="heights",
        learner=learner,
        submission_sha256="a" * 64,
        suite_sha256="b" * 64,
        environment_sha256="c" * 64,
        isolation="bubblewrap",
        started=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
        seconds=1234.5,
        memory_mb=80.0,
        ending=Ending.OK,
        tasks=(TaskScore("parse_height", points, 10, results), TaskScore("note", None, 5)),
    )
    return replace(attempt, **changes)


def record(book: Records, attempts: Iterable[Attempt], *, again: bool = False) -> int:
    """Record attempts in one transaction, without nbgrader's tables; return how many were new."""
    with book.writing() as connection:
        return sum(records.append(connection, each, again=again) for each in attempts)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
