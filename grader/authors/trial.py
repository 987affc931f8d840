"""One exercise's variants, each graded as a real submission is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.exercises import notebook, variants
from grader.exercises.folder import Exercise, Version
from grader.grading.desk import Desk
from grader.grading.job import Job
from grader.grading.marking import mark_submission
from grader.score.attempt import Attempt, Outcome


@dataclass(slots=True)
class Trial:
    """What one exercise's variants are tried with."""

    exercise: Exercise
    version: Version
    desk: Desk
    folder: Path

    def run(self, name: str, answers: dict[str, str] | None, **how: Any) -> Attempt:
        """Grade a notebook with these answers, None for the reference's."""
        path = self.folder / f"{name.replace('/', '-')}.ipynb"
        path.write_bytes(notebook.dumps(notebook.solve(self.exercise, answers)))
        job = Job(self.exercise, "author", path, "-", self.version)
        return mark_submission(job, self.desk, **how).attempt

    def variant(self, path: Path, **how: Any) -> Attempt:
        """Grade a file of wrong/ or right/."""
        text = path.read_text(encoding="utf-8")
        answers = variants.variant(self.exercise, text, str(path))
        return self.run(f"{path.parent.name}/{path.stem}", answers, **how)


def tests_of(attempt: Attempt) -> Iterator[Any]:
    return (test for task in attempt.tasks for test in task.tests)


def rejecting_tests(attempt: Attempt) -> list[str]:
    good = (Outcome.PASSED, Outcome.NOT_RUN)
    return [test.name for test in tests_of(attempt) if test.outcome not in good]


def not_passed(attempt: Attempt) -> list[str]:
    if attempt.note:
        return [attempt.note]
    return [
        f"{test.name} {test.outcome.value}{': ' + test.detail if test.detail else ''}"
        for test in tests_of(attempt)
        if test.outcome is not Outcome.PASSED or test.credit != 1
    ]
