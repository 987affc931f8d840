"""The class at a glance: learner by exercise, with links to the pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader import files
from grader.pages.feedback import folder_name
from grader.pages.render import render
from grader.sandbox.limits import Ending
from grader.score.attempt import Attempt


def write_index(course: Path, attempts: Iterable[Attempt]) -> Path:
    """Write feedback/index.html: the class, learner by exercise, with links to the pages."""
    rows: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    for attempt in attempts:
        rows.setdefault(attempt.learner, {})[attempt.assignment, attempt.exercise] = _link(attempt)
    columns = sorted({column for row in rows.values() for column in row})
    html = render("index.html.j2", rows=dict(sorted(rows.items())), columns=columns)
    folder = course / "feedback"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    files.write(path, html.encode())
    return path


def _link(attempt: Attempt) -> dict[str, Any]:
    names = (attempt.learner, attempt.assignment, attempt.exercise)
    return {
        "href": "/".join(quote(folder_name(name), safe="") for name in names) + ".html",
        "points": attempt.score,
        "most": attempt.max_score,
        "waits": any(task.waits for task in attempt.tasks),
        "again": any(task.by_hand and task.by_hand.again for task in attempt.tasks),
        "ending": "" if attempt.ending is Ending.OK else attempt.ending.value,
    }
