"""Tests: collected once by pytest, run against one submission after another, outside the wall.

A test file is ordinary pytest. `@task` says which task a test function belongs to, its docstring
is what the learner reads when it fails, the fixture `submission` is the learner's notebook and
`credit` awards a part of the weight. A parametrized function is one test: all of its cases must
pass.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import pytest

from grader import data as datasets
from grader.errors import ExerciseError
from grader.exercises import support
from grader.exercises.folder import Exercise, Task
from grader.exercises.support import HIDDEN, TESTS
from grader.score.attempt import Outcome, TestResult
from grader.score.points import Plan
from grader.suite import collect, standin
from grader.suite.approx import shapes_agree
from grader.suite.collect import name_of
from grader.suite.standin import Stopped
from grader.suite.verdict import Verdict, explained, verdict

# What takes longer than this in a used fork is run again in a fresh one, with the whole limit.
USUAL_TIMES, USUAL_LEAST = 8, 0.2


class Opener(Protocol):
    """Opens a test's submission, in a fork of its own.

    Where `usual` seconds are given, which are enough when all is well, it may be the fork that the
    test before was told to `keep`.
    """

    def __call__(
        self, usual: float | None = None, *, keep: bool = False
    ) -> AbstractContextManager[Any]: ...


class LeftBehind(Exception):
    """Tell that a test did worse where earlier tests had run than in a fork of its own."""


class Suite:
    """The tests of some files, collected once; `run` them against any number of submissions."""

    def __init__(self, files: Iterable[Path], home: Path | None = None) -> None:
        self._plugin = _Plugin()
        self._home = home  # where data sets are looked for; else the current folder
        # Resolved, as modules tell their files: what stays imported after a failure is found so.
        paths = [path.resolve() for path in files]
        self._imports = support.Imports(paths, home)
        with self._imports.here(), datasets.loading_from(home):
            self._session = collect.session(paths, self._plugin)
        used = support.files(home) if home else ()
        if home and (strange := self._imports.uncounted(used)):
            raise ExerciseError(
                f"{home}: tests import {strange[0]} by a path of their own, so that an edit of it "
                "would not be noticed; keep it beside the exercise, or in exercises/"
            )
        self.tests = collect.planned(self._session.items, used)
        self.sha256 = ""  # of all that the tests are; set by `load`
        self._took: dict[str, float] = {}  # the fewest seconds so far
        self._failed: Counter[str] = Counter()
        self._sharing = False  # may tests use one fork?
        self._clean = True  # has no test given names anew in the fork that is there?
        self._watch: Callable[[str], None] = lambda _: None

    def run(
        self,
        open_submission: Opener,
        chosen: Iterable[TestResult] | None = None,
        *,
        until_failure: bool = False,
        sharing: bool = False,
        watch: Callable[[str], None] = lambda _: None,
    ) -> tuple[TestResult, ...]:
        """Run all tests, or those of `tests` that are `chosen`, each on a submission of its own.

        With `sharing` they use one fork, whatever comes of them: code inside does not learn if its
        answers were right. Those that did not pass where others had been before are then run once
        more, in a fresh fork each, and that counts. If one does better there, something was left
        behind that it met, or the code wants to be asked twice: `LeftBehind`, and no result at all.

        `watch` is told the name of each whenever it runs, for each case. With `until_failure`
        those after the first that does not pass are not run; those come first then that are quick
        and often fail.
        """
        self._plugin.open = open_submission
        self._sharing, self._clean, self._watch = sharing, True, watch
        results = {test.name: test for test in (self.tests if chosen is None else chosen)}
        items = [item for item in self._session.items if name_of(item) in results]
        if until_failure:
            parts = [sorted(items, key=self._patience)]
        else:
            # All of the visible ones before any hidden one: what a visible test saw is shown.
            parts = [
                [item for item in items if results[name_of(item)].hidden is hidden]
                for hidden in (False, True)
            ]
        with self._imports.here(), datasets.loading_from(self._home), shapes_agree():
            for part in parts:
                self._run_again(self._run_part(part, results, until_failure), results)
        return tuple(results.values())

    def _patience(self, item: pytest.Item) -> float:
        name = name_of(item)
        return self._took.get(name, 0) / (1 + self._failed[name])

    def _run_part(
        self, items: Iterable[pytest.Item], results: dict[str, TestResult], until_failure: bool
    ) -> list[tuple[pytest.Item, TestResult]]:
        """Run tests; return those to run again, with what came of each of them."""
        again = []
        for item in items:
            before = results[name_of(item)]
            if before.outcome not in (Outcome.NOT_RUN, Outcome.PASSED):
                continue
            shares = self._sharing and self._clean and not collect.starts_clean(item)
            now = self._run_once(item, before, self._usual(before.name) if shares else None)
            results[before.name] = self._counted(_worse(before, now))
            if now.earned < now.weight:
                if standin.is_used(self._plugin.asked):
                    again.append((item, now))
                if until_failure:
                    break
        return again

    def _run_again(
        self, again: list[tuple[pytest.Item, TestResult]], results: dict[str, TestResult]
    ) -> None:
        for item, first in again:
            before = results[first.name]
            now = self._run_once(item, before, None)
            if now.earned > first.earned:
                raise LeftBehind(first.name)
            if first.outcome is before.outcome:  # else another case of it has decided
                results[first.name] = _worse(before, now)

    def _counted(self, result: TestResult) -> TestResult:
        """Note for later runs how long a test took, and whether it failed."""
        self._took[result.name] = min(result.seconds, self._took.get(result.name, result.seconds))
        self._failed[result.name] += result.earned < result.weight
        return result

    def _usual(self, name: str) -> float:
        """Return seconds that have been enough for a test, many times over."""
        return USUAL_LEAST + USUAL_TIMES * self._took[name] if name in self._took else math.inf

    def _run_once(self, item: pytest.Item, planned: TestResult, usual: float | None) -> TestResult:
        self._watch(planned.name)
        self._plugin.begin(usual, keep=self._sharing)
        begin = time.perf_counter()
        collect.run(item)
        seconds = time.perf_counter() - begin
        self._clean = not standin.is_changed(self._plugin.asked)
        judged = self._plugin.verdict(item.path, hidden=planned.hidden)
        return replace(
            planned,
            outcome=judged.outcome,
            detail=judged.detail,
            unwritten=judged.unwritten,
            credit=self._plugin.credit,
            seconds=seconds,
        )

    def plan(self, exercise: Exercise) -> tuple[Plan, ...]:
        """Pair the exercise's tasks with their tests; raise ExerciseError where they do not fit."""
        known = {task.name for task in exercise.tasks}
        for test in self.tests:
            if test.task not in known:
                raise ExerciseError(
                    f"{exercise.folder}: {test.name} is for {test.task!r}, no task here"
                )
        return tuple(self._plan_of(exercise, task) for task in exercise.tasks)

    def _plan_of(self, exercise: Exercise, task: Task) -> Plan:
        tests = tuple(test for test in self.tests if test.task == task.name)
        if not tests and not task.manual:
            raise ExerciseError(f"{exercise.folder}: no test scores the task {task.name!r}")
        return Plan(task.name, task.points, task.manual, tests)


def load(exercise: Exercise) -> Suite:
    """Collect an exercise's visible and hidden tests, all of them: else raise ExerciseError."""
    before = exercise.tests_sha256()
    hidden = exercise.folder / HIDDEN
    if not hidden.exists():
        raise ExerciseError(f"{hidden}: missing; a file without tests may be empty")
    files = [path for name in TESTS if (path := exercise.folder / name).exists()]
    suite = Suite(files, exercise.folder)
    suite.plan(exercise)
    suite.sha256 = exercise.tests_sha256()
    if suite.sha256 != before:
        raise ExerciseError(f"{exercise.folder}: the tests were edited while they were read")
    return suite


def _worse(before: TestResult, now: TestResult) -> TestResult:
    """Join the cases of one test: the first that did not pass decides."""
    if before.outcome is Outcome.NOT_RUN:
        return now
    seconds = before.seconds + now.seconds
    return replace(now, seconds=seconds, credit=min(before.credit, now.credit))


@dataclass(slots=True)
class _Plugin:
    """Give tests their fixtures, and keep what pytest reports of the one that is running."""

    open: Opener | None = None
    usual: float | None = None
    keep: bool = False
    credit: Fraction = Fraction(1)
    asked: Any = None
    stopped: Stopped | None = None
    error: BaseException | None = None
    message: str = ""
    ran: bool = False

    def begin(self, usual: float | None, *, keep: bool) -> None:
        self.usual, self.keep = usual, keep
        self.credit, self.asked, self.stopped, self.error = Fraction(1), None, None, None
        self.message, self.ran = "", False

    @pytest.fixture(name="submission")
    def submission_fixture(self) -> Iterator[Any]:
        assert self.open is not None  # noqa: S101 - set by Suite.run
        with self.open(self.usual, keep=self.keep) as submission:
            self.asked = submission
            yield submission
            # Kept even when the test itself caught it: a killed run never passes.
            if ended := standin.ended(submission):
                self.stopped = Stopped(ended)

    @pytest.fixture(name="credit")
    def credit_fixture(self) -> Callable[[float], None]:
        def award(part: float) -> None:
            self.credit = Fraction(part).limit_denominator(1000)
            if not 0 <= self.credit <= 1:
                raise ValueError(f"credit is a part of 1, not {part!r}")

        return award

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self) -> Generator[None, Any, Any]:
        """Call the test itself with the limit of its stand-in.

        Around no more than that: in a fixture or a report pytest would not recover from a stop.
        """
        with standin.limited(self.asked):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value
            self.message = collect.message_of(report)
        self.ran = self.ran or (call.when == "call" and call.excinfo is None)
        return report

    def verdict(self, tests: Path, *, hidden: bool) -> Verdict:
        """Say how the test ended, and what the learner may read about it."""
        stopped = self.error if isinstance(self.error, Stopped) else self.stopped
        error, message = stopped or self.error, self.message
        if error is not None and not hidden:
            message = explained(error, self.asked, tests) or message
        return verdict(error, message, ran=self.ran, hidden=hidden)
