"""Self-check questions: a Markdown cell tagged `question` → answers that unfold, with the reason.

    **Which null is an answer?**

    - [ ] a missing gust in 2013 :: No: …
    - [x] a missing tail number :: Yes: …

Folding is plain `<details>`: it works without JavaScript, with a keyboard, and in a notebook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OPTION = re.compile(r"^- \[(?P<mark>[ xX])\] (?P<body>.+(?:\n(?!- \[).+)*)", re.MULTILINE)
LEAD = re.compile(r"^(?:no|yes|right|wrong)[:,.] *", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, and why it is right or wrong."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in Markdown, and the answers offered."""

    text: str
    options: tuple[Option, ...]


def read(source: str) -> Question:
    """Read a question cell; raise ValueError that says what is missing."""
    found = [*OPTION.finditer(source)]
    if len(found) < 2:
        raise ValueError("a question offers two or more answers: - [ ] answer :: why")
    options = tuple(_option(match) for match in found)
    if not any(option.right for option in options):
        raise ValueError("no answer of the question is right: mark one with - [x]")
    return Question(source[: found[0].start()].strip(), options)


def to_page(question: Question, number: int, total: int) -> str:
    """Return the question as the page shows it."""
    options = "\n".join(_folded(option) for option in question.options)
    return (
        '<div class="question" markdown="1">\n'
        f'<p class="question__label">Question {number} of {total}</p>\n\n'
        f"{question.text}\n\n{options}\n</div>\n"
    )


def to_notebook(question: Question) -> str:
    """Return the question for a notebook, where Markdown inside HTML needs its blank lines."""
    lines = [f"{letter}. {option.text}" for letter, option in _lettered(question)]
    answers = [
        f"**{letter}: {'right' if option.right else 'not this one'}.** {option.why}"
        for letter, option in _lettered(question)
    ]
    return (
        f"{question.text}\n\n" + "\n\n".join(lines) + "\n\n<details><summary>Answers</summary>\n\n"
        "" + "\n\n".join(answers) + "\n\n</details>"
    )


def _option(match: re.Match[str]) -> Option:
    body = re.sub(r"\s+", " ", match["body"])
    text, bar, why = body.partition(" :: ")
    if not bar or not why.strip():
        raise ValueError(f"{text[:50]!r} has no reason: write - [ ] answer :: why")
    return Option(text.strip(), match["mark"] != " ", _capital(LEAD.sub("", why.strip())))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _folded(option: Option) -> str:
    kind, sign, verdict = ("yes", "✓", "Right.") if option.right else ("no", "✗", "Not this one.")
    return (
        f'<details class="option option--{kind}" markdown="1">\n'
        f'<summary markdown="span">{option.text}</summary>\n'
        f'<p markdown="span"><span class="option__sign" aria-hidden="true">{sign}</span> '
        f"**{verdict}** {option.why}</p>\n</details>"
    )


def _lettered(question: Question) -> list[tuple[str, Option]]:
    return list(zip("ABCDEFGHIJ", question.options, strict=False))
