"""What grows with the number of submissions that are stored already: nothing may.

A gradebook is filled with attempts made from a real one, and then real submissions are graded into
it: `python -m tests.bench` does so with 100, with 10,000, and tells the ratio.
"""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.book import projection as gradebook
from grader.book import records
from grader.exercises import folder as exercises
from grader.exports import csv
from grader.grading import grade as grading
from grader.grading import work
from grader.grading.job import Settings
from grader.score import figures
from grader.score.attempt import Attempt
from grader.submissions import inbox
from tests.bench import workload

FEW, MANY = 100, 10_000
ADDED = 40
UNCHANGED = 1000


def measure(folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Return `growth_100_to_10000`, `regrade_unchanged_1000_s` and what a report of many takes."""
    shutil.rmtree(folder, ignore_errors=True)
    pattern = graded_once(folder / "pattern")
    few, many = (filled(folder / str(stored), pattern, stored) for stored in (FEW, MANY))
    seconds: dict[Path, list[float]] = {few: [], many: []}
    for turn in range(3):
        for course in (few, many):
            seconds[course].append(graded_more(course, turn))
            stored = course.name
            say(f"{ADDED} more beside {stored} stored: {seconds[course][-1]:.2f} s")
    growth = min(seconds[many]) / min(seconds[few])
    begin = time.perf_counter()
    with records.open(url(many)) as book:
        figures.collect(book.latest())
    reported = time.perf_counter() - begin
    begin = time.perf_counter()
    csv.export_csv(records.open(url(many)), many / "marks.csv", tasks=True)
    exported = time.perf_counter() - begin
    return {
        "growth_100_to_10000": round(growth, 3),
        "regrade_unchanged_1000_s": round(unchanged(folder / "unchanged", pattern), 2),
        "report_of_10000_s": round(reported, 2),
        "export_of_10000_s": round(exported, 2),
        "coordinator_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def url(course: Path) -> str:
    """Name the course's gradebook."""
    return f"sqlite:///{course / 'gradebook.db'}"


def graded_once(course: Path) -> list[Attempt]:
    """Grade a class of forty for real: the attempts to make others from."""
    workload.for_grader(course, list(workload.learners()))
    return grading.grade(course, url(course)).attempts


def filled(course: Path, pattern: list[Attempt], stored: int) -> Path:
    """Write a course whose gradebook holds so many attempts."""
    workload.for_grader(course, [])
    known = exercises.find_all(course)
    gradebook.prepare(records.open(url(course)), known)
    for chunk in records.chunks(copies(pattern, stored)):
        gradebook.store(records.open(url(course)), chunk, known, inbox.times(course))
    return course


def copies(pattern: list[Attempt], count: int) -> Iterator[Attempt]:
    """Make attempts of other learners."""
    for number in range(count):
        yield replace(pattern[number % len(pattern)], learner=f"stored{number:05d}")


def graded_more(course: Path, turn: int) -> float:
    """Hand in and grade more submissions; return the seconds from the first to the last."""
    shutil.rmtree(course / "submitted", ignore_errors=True)
    people = [replace(p, name=f"turn{turn}-{p.name}") for p in workload.learners(ADDED)]
    workload.for_grader(course, people)
    times: list[float] = []
    settings = Settings(workers=1)
    grading.grade(
        course, url(course), settings=settings,
        progress=lambda total, graded: times.append(time.perf_counter()) if graded else None,
    )  # fmt: skip
    return times[-1] - times[0]


def unchanged(course: Path, pattern: list[Attempt]) -> float:
    """Return the seconds for a class of a thousand of whom nobody has changed anything."""
    people = [
        replace(person, name=f"learner{number:05d}")
        for number, person in zip(range(UNCHANGED), _again(len(pattern)), strict=False)
    ]
    workload.for_grader(course, people)
    known = exercises.find_all(course)
    gradebook.prepare(records.open(url(course)), known)
    jobs = work.find(course, records.open(url(course)), None, Settings()).jobs
    by_sha256 = {attempt.submission_sha256: attempt for attempt in pattern}
    version = jobs[0].version
    attempts = [
        replace(
            by_sha256[job.sha256],
            learner=job.learner,
            suite_sha256=version.suite_sha256,
            run_sha256=version.run_sha256,
        )
        for job in jobs
    ]
    gradebook.store(records.open(url(course)), attempts, known, inbox.times(course))
    begin = time.perf_counter()
    summary = grading.grade(course, url(course))
    seconds = time.perf_counter() - begin
    assert summary.unchanged == UNCHANGED, summary.unchanged
    return seconds


def _again(count: int) -> Iterator[workload.Learner]:
    while True:
        yield from workload.learners(count)
