"""What `check` and `hint` found, as a terminal and as a notebook show it.

Sign and color tell passed from not passed. In a notebook both marks bring their own background, as
no one color of text can be read on a light page and on a dark one. All text is shown inertly.
"""

from __future__ import annotations

import html
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from grader.score.attempt import Outcome, TestResult
from grader.text import CALLED

LATER = "These were the visible tests only; grading runs hidden ones, too, on other inputs."
DETAIL_LINES = 4
# The mark, its color on a terminal, that of its background in a notebook, and the word for it.
_PASSED = ("✓", 32, "#1a7f37", "passed")
_NOT_PASSED = ("✗", 31, "#cf222e", "not passed")


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """What `check` found, readable in a notebook; `note` says why there are no results.

    Where no results are no fault of anybody's `broken` is false: a person reads the answer, or the
    task has no visible tests.
    """

    task: str
    results: tuple[TestResult, ...] = ()
    note: str = ""
    broken: bool = False

    @property
    def passed(self) -> bool:
        """Say whether there are visible tests and all of them pass."""
        return bool(self.results) and not self.failed

    @property
    def failed(self) -> bool:
        """Say whether a visible test does not pass, or the tests could not be run at all."""
        return self.broken or any(r.outcome is not Outcome.PASSED for r in self.results)

    @property
    def title(self) -> str:
        """Return the result in one line."""
        count = sum(result.outcome is Outcome.PASSED for result in self.results)
        return self.note or f"{self.task}: {count} of {len(self.results)} visible tests pass."

    def text(self, *, color: bool = False) -> str:
        """Return what a terminal shows."""
        lines = [self.title]
        for group in _groups(self.results):
            lines += [f"  {_mark(result, color)} {result.behaviour}" for result in group]
            lines += [f"      {line}" for line in _reason(group)]
        return "\n".join([*lines, LATER] if self.passed else lines)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        rows = "".join(map(_rows, _groups(self.results)))
        later = f"<p>{html.escape(LATER)}</p>" if self.passed else ""
        title = f"<p><strong>{html.escape(self.title)}</strong></p>"
        return f'{title}<ul style="list-style: none; padding-left: 0.5em">{rows}</ul>{later}'


@dataclass(frozen=True, slots=True, repr=False)
class Hint:
    """A hint, readable in a notebook."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def in_color(stream: TextIO) -> bool:
    """Say whether to color what goes to a stream: a terminal whose owner has nothing against it."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and sys.platform != "win32"


def _groups(results: Iterable[TestResult]) -> Iterable[list[TestResult]]:
    """Put together what does not pass for one and the same reason; the rest is each its own."""
    groups: dict[object, list[TestResult]] = {}
    for result in results:
        said = tuple(line for line in detail(result) if not line.startswith(CALLED))
        groups.setdefault(said or result.name, []).append(result)
    return groups.values()


def detail(result: TestResult) -> list[str]:
    """Return the counter-example: the author's sentence, or else what pytest says of the assert."""
    text = result.detail
    for prefix in ("AssertionError: ", "Failed: "):
        text = text.removeprefix(prefix)
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or lines[0].startswith("assert"):
        return lines[:DETAIL_LINES]
    # After a sentence of the author's pytest adds the assert itself.
    ends = (number for number, line in enumerate(lines) if line.startswith("assert "))
    return lines[: next(ends, None)]


def _reason(group: list[TestResult]) -> list[str]:
    lines = detail(group[0])
    if lines and len(group) > 1:
        lines[0] = f"These {len(group)}: {lines[0]}"
    return lines


def _mark(result: TestResult, color: bool) -> str:
    mark, code, _, _ = _PASSED if result.outcome is Outcome.PASSED else _NOT_PASSED
    return f"\x1b[{code}m{mark}\x1b[0m" if color else mark


def _rows(group: list[TestResult]) -> str:
    told = html.escape("\n".join(_reason(group)))
    style = "margin-left: 1.5em; white-space: pre-wrap"
    shown = f'<pre style="{style}">{told}</pre>' if told else ""
    return "".join(f"<li>{_sentence(result)}</li>" for result in group[:-1]) + (
        f"<li>{_sentence(group[-1])}{shown}</li>"
    )


def _sentence(result: TestResult) -> str:
    mark, _, color, word = _PASSED if result.outcome is Outcome.PASSED else _NOT_PASSED
    style = f"background-color: {color}; color: #ffffff; padding: 0 0.35em"
    code = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(result.behaviour))
    return f'<span role="img" aria-label="{word}" style="{style}">{mark}</span> {code}'
