"""Small exercises that tests write into their own folder and then read as real ones."""

from __future__ import annotations

from pathlib import Path

from grader.exercises import folder as exercise
from grader.exercises.folder import Exercise

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


def course(root: Path) -> Path:
    """Write a course with the exercise `heights`, its data set, and a second assignment."""
    heights(root)
    one(root, "0-start", "doubled_value")
    (root / "datasets").mkdir(exist_ok=True)
    (root / "datasets" / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return root


def heights(root: Path, **replaced: str) -> Exercise:
    """Write `exercises/4-cleaning/heights`; `notebook=…`, `visible=…` and so on replace a file."""
    texts = {"spec": SPEC, "notebook": NOTEBOOK, "visible": VISIBLE, "hidden": HIDDEN, **replaced}
    folder = root / "exercises" / "4-cleaning" / "heights"
    for name, file in {
        "spec": "exercise.toml",
        "notebook": "notebook.py",
        "visible": "test_visible.py",
        "hidden": "test_hidden.py",
    }.items():
        _write(folder / file, texts[name])
    _write(folder / "wrong" / "as_text.py", replaced.get("wrong", WRONG))
    _write(folder / "right" / "sorts.py", replaced.get("right", RIGHT))
    return exercise.load(folder)


def one(root: Path, assignment: str, slug: str) -> Exercise:
    """Write an exercise with a single task that has the exercise's name."""
    folder = root / "exercises" / assignment / slug
    _write(folder / "exercise.toml", ONE_TASK.format(slug=slug))
    _write(folder / "notebook.py", ONE_NOTEBOOK.format(slug=slug))
    test = 'from grader import task\n\n\n@task("{0}")\ndef test_{1}(submission):\n    """{1}."""\n'
    body = "    assert submission.{0}({2}) == {3}\n"
    _write(folder / "test_visible.py", (test + body).format(slug, "two_gives_four", 2, 4))
    _write(folder / "test_hidden.py", (test + body).format(slug, "minus_is_kept", -30, -60))
    return exercise.load(folder)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
