"""Our templates, in which every value is escaped."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader import text
from grader.pages import inert
from grader.score.points import points_text

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)


def render(template: str, **values: Any) -> str:
    """Fill one of our page templates, in which every value is escaped."""
    return text.printable(_templates().get_template(template).render(values))


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    made.filters |= {"points": points_text, "plain": inert.plain, "ticked": inert.ticked}
    made.globals |= {"policy": POLICY, "percent": _percent}
    return made


def _percent(points: Fraction | int, most: int) -> int:
    return min(100, max(0, int(100 * points / most))) if most else 0
