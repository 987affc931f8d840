"""One process's place of work: a warm sandbox, and the suites that it has met."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from grader import stages
from grader.errors import ExerciseError
from grader.exercises import cells, notebook
from grader.exercises.folder import Exercise, data_files, private_folders
from grader.grading.job import Job
from grader.sandbox.limits import Isolation
from grader.sandbox.sandbox import Sandbox
from grader.suite.notebook_run import PRELUDE
from grader.suite.run import Suite, load

_LIBRARY = re.compile(r"""\.library\(["']([\w.]+)["']\)""")
_NOT_THEIRS = sys.stdlib_module_names | {"grader", "pytest"}


class Desk:
    """One process's place of work: a warm sandbox, and the suites collected so far."""

    def __init__(
        self,
        course: Path,
        chosen: Iterable[Exercise],
        isolation: Isolation,
        private: Iterable[Path] = (),
    ) -> None:
        chosen = tuple(chosen)
        files = data_files(course, chosen)
        self.sandbox = Sandbox(
            files,
            isolation,
            prelude=PRELUDE,
            imports=imports(chosen),
            covered=private_folders(course).union(private),
            spend=stages.spend,
        )
        self.suites: dict[Path, Suite | ExerciseError] = {}
        self.releases: dict[Path, NotebookNode] = {}

    def close(self) -> None:
        """End the sandbox."""
        self.sandbox.close()

    def suite(self, exercise: Exercise) -> Suite:
        """Return the exercise's tests, collected at the first call.

        Raises ExerciseError where they cannot be, then and ever after: a second try could find
        modules half imported, and make a suite of what is left.
        """
        if exercise.folder not in self.suites:
            try:
                self.suites[exercise.folder] = load(exercise)
            except ExerciseError as error:
                self.suites[exercise.folder] = error
            gc.freeze()  # collections would go through all that was imported, for every submission
        found = self.suites[exercise.folder]
        if isinstance(found, ExerciseError):
            raise ExerciseError(str(found))
        return found

    def tests(self, job: Job) -> Suite:
        """Return the tests that a job's record will name, and no others."""
        found = self.suite(job.exercise)
        if found.sha256 != job.version.tests_sha256:
            raise ExerciseError(
                f"{job.exercise.folder}: the tests were edited while they were used; "
                "run the same command again"
            )
        return found

    def released(self, exercise: Exercise) -> NotebookNode:
        """Return the exercise's release notebook, built at the first call."""
        if exercise.folder not in self.releases:
            self.releases[exercise.folder] = notebook.release(exercise)
        return self.releases[exercise.folder]


def imports(chosen: Iterable[Exercise]) -> tuple[str, ...]:
    """List what submissions will import, and find imported already.

    That is what exercises' notebooks import, and what their tests ask for by `.library("…")`; not
    what the tests import for themselves, which is nobody's business inside.
    """
    found: set[str] = set()
    for exercise in chosen:
        for path in exercise.folder.glob("*.py"):
            text = path.read_text(encoding="utf-8", errors="replace")
            found.update(_LIBRARY.findall(text))
            if path.name == "notebook.py":
                found |= cells.imports(text)
    theirs = (name for name in found if name.partition(".")[0] not in _NOT_THEIRS)
    return tuple(sorted(theirs))
