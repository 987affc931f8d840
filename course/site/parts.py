"""What pages of several kinds show alike: facts, difficulties, cards of exercises, times."""

from __future__ import annotations

from collections.abc import Iterable

from course.site.lesson import Lesson
from grader.exercises.folder import Exercise


def chips(items: Iterable[str]) -> str:
    """Return the line of facts under a title."""
    lines = "\n".join(f"- {item}" for item in items)
    return f'<div class="chips" markdown="1">\n\n{lines}\n\n</div>\n'


def difficulty(level: int, word: str = "difficulty ") -> str:
    """Return a difficulty in words; the dots are for the eye only."""
    dots = "●" * level + "○" * (3 - level)
    return f'<span class="dots" aria-hidden="true">{dots}</span> {word}{level} of 3'


def exercise_cards(exercises: Iterable[Exercise]) -> str:
    """Return a card for each exercise, as seen from a page one folder down."""
    cards = "\n".join(
        f"-   **[{e.title}](../exercises/{e.slug}.md)**\n\n    {e.summary}\n\n"
        f"    {difficulty(e.difficulty)}, {e.minutes} minutes, {e.max_points} points\n"
        for e in exercises
    )
    return f'<div class="cards" markdown="1">\n\n{cards}\n</div>\n'


def minutes(work: Iterable[Lesson | Exercise]) -> int:
    """Return how long lessons and exercises take together."""
    return sum(piece.minutes for piece in work)


def hours(work: Iterable[Lesson | Exercise]) -> str:
    """Return the same in hours, to the half hour."""
    return f"{round(minutes(work) / 30) / 2:g}"
