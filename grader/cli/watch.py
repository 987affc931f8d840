"""`grader grade --watch`: grade what arrives, for as long as somebody wants it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.grading.job import Graded
from grader.grading.pool import Crew
from grader.grading.summary import Summary
from grader.sandbox.limits import Ending
from grader.score import attempt as attempts
from grader.score.points import points_text

LOOK_SECONDS = 0.3
# For files that are being written. What never comes to rest is graded as it is, and once more when
# it has changed.
REST_SECONDS = 60.0

Seen = frozenset[tuple[str, int, int]]  # path, size, time of the last change


def watch(
    course: Path,
    begin_crew: Callable[[], Crew],
    grade: Callable[[Crew], Summary],
    until_idle: float | None = None,
    collect: Callable[[], None] = lambda: None,
) -> Iterator[Summary]:
    """Grade whenever something in submitted/ has changed; yield what each round did.

    `collect` is called again and again, and may bring something there. The sandboxes stay warm from
    round to round, unless exercises have changed, or something had to wait. Ends when nothing has
    come for `until_idle` seconds.
    """
    crew, exercises = begin_crew(), look(course / "exercises")
    submitted: Seen = frozenset()
    idle_since = time.monotonic()
    try:
        while until_idle is None or time.monotonic() - idle_since < until_idle:
            collect()
            before = submitted, exercises
            submitted, exercises = _at_rest(course / "submitted"), look(course / "exercises")
            if (submitted, exercises) == before or not submitted:
                continue
            if exercises != before[1]:
                crew.kill()
                crew = begin_crew()
            summary = grade(crew)
            yield summary
            if summary.pending:
                crew.kill()
                crew = begin_crew()
            idle_since = time.monotonic()
    finally:
        crew.kill()


def line(graded: Graded) -> str:
    """Say in a line what came of one submission."""
    attempt, now = graded.attempt, time.strftime("%H:%M:%S")
    if attempt is None:
        return f"{now} {graded.job.name}: waits, {graded.fault}"
    points = f"{points_text(attempt.score)} of {attempt.max_score}"
    ended = "" if attempt.ending is Ending.OK else f", {attempt.ending}: {attempt.note}"
    return f"{now} {graded.job.name}: {points} in {attempt.seconds:.1f} s{ended}"


def json_line(graded: Graded) -> str:
    """Say the same to a script."""
    told = {"submission": graded.job.name, "waits": graded.fault or None}
    attempt = graded.attempt and attempts.to_json(graded.attempt)
    return json.dumps({**told, "attempt": attempt})


def _at_rest(folder: Path) -> Seen:
    """Look until two looks are the same: a file that is being written is waited for."""
    deadline = time.monotonic() + REST_SECONDS
    before = look(folder)
    while True:
        time.sleep(LOOK_SECONDS)
        now = look(folder)
        if now == before or time.monotonic() > deadline:
            return now
        before = now


def look(folder: Path) -> Seen:
    found = set()
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                told = os.lstat(f"{parent}/{name}")
            except OSError:  # gone meanwhile
                continue
            found.add((f"{parent}/{name}", told.st_size, told.st_mtime_ns))
    return frozenset(found)
