"""A notebook's cells behind the wall, and a stand-in for each test, from their end state.

A cell or test that has to be killed costs itself, and the rest goes on from a new run without it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from grader.errors import SandboxError
from grader.sandbox.channel import Channel
from grader.sandbox.limits import CLOCK_FACTOR, Ending, Limits, RunEnded, budget_of_run
from grader.sandbox.run import Run
from grader.sandbox.sandbox import Sandbox
from grader.score.attempt import CellReport, CellStatus
from grader.suite import standin
from grader.suite.behind import Submission
from grader.suite.standin import SourceOf
from grader.wire import forms
from grader.wire.forms import Budget

# Run in the warm interpreter. In the learner's own kernel `check` and `hint` run the visible tests;
# here others do the checking.
PRELUDE = """
import grader, grader.data
vars(grader).update(dict.fromkeys(("check", "hint"), lambda *_, **__: None))
"""
MAX_RESTARTS = 8
MAX_NOTEBOOKS = 2  # a submission's runs together: so many times the seconds of one
# Right answers need no larger part of a test's limit: `grader verify` makes sure of that.
USUAL_PART = 5
# Characters of what cells' reports say of errors, all together: fifty long messages. What they say
# that cells printed has the limit of all that a notebook prints. Of solutions, both stay below 500.
MAX_ERRORS = 100_000
# What the inside says of a cell; the others are seen from outside.
SAID = {each.value: each for each in (CellStatus.OK, CellStatus.ERROR, CellStatus.OUTPUT)}


@dataclass(slots=True)
class NotebookRun:
    """Run a notebook's cells behind the wall and open submissions for tests from its end state."""

    sandbox: Sandbox
    limits: Limits
    data: tuple[str, ...]
    cells: list[tuple[int, str]]
    files: Mapping[str, bytes] = field(default_factory=dict)  # what cells find beside the notebook
    source_of: SourceOf = standin.no_task
    reports: dict[int, CellReport] = field(default_factory=dict)
    ended: RunEnded | None = None
    peak_mb: float = 0.0
    lost: bool = False  # the warm interpreter was found dead
    _budget: Budget = field(init=False)
    _run: Run | None = None
    _killed: set[int] = field(default_factory=set)
    _restarts: int = 0
    _seconds: float = 0.0
    _timeouts: int = 0
    _tested: bool = False
    _channel: Channel | None = None  # into the fork that the last test has left
    _opened: bool = False
    _refused: bool = False

    def __post_init__(self) -> None:
        self._budget = budget_of_run(self.limits)

    def execute(self) -> None:
        """Run all cells; one that has to be killed is reported and left out of the next run."""
        while not self._try_execute():
            self._restarts += 1
            if not self._may_run():
                return

    def _may_run(self) -> bool:
        if self._refused:
            return False
        patience = MAX_NOTEBOOKS * self.limits.notebook_seconds
        return self._restarts <= MAX_RESTARTS and self._seconds < patience

    def _try_execute(self) -> bool:
        try:
            run = self._run = self.sandbox.open(self.limits, self.data)
        except SandboxError:
            if not self._opened:
                raise
            # A first run could be: in a test, too, where pytest would take this for its failure.
            self.lost = self._refused = True
            return False
        self._opened = True
        run.go_on_with(self._budget)
        cells = [cell for cell in self.cells if cell[0] not in self._killed]
        running = cells[0][0] if cells else -1
        begin, queued = time.monotonic(), run.usage.queued_seconds()
        try:
            run.place(self.files)
            for running in self._progress(run, cells):  # noqa: B007 - read in the handler
                pass
        except RunEnded as ended:
            self._count_seconds(run, begin, queued)
            self._note_killed(running, ended)
            self.close()
            return False
        self._count_seconds(run, begin, queued)
        return True

    def _count_seconds(self, run: Run, begin: float, queued: float) -> None:
        # On a busy machine one endless cell would else use up what is meant for the run without it.
        whole = time.monotonic() - begin
        waited = run.usage.queued_seconds() - queued
        self._seconds += min(whole, max(whole - waited, whole / CLOCK_FACTOR))

    def _progress(self, run: Run, cells: list[tuple[int, str]]) -> Iterator[int]:
        known = {index for index, _ in cells}
        for said in run.run_cells(cells):
            index = said.get("start", said.get("cell"))
            if type(index) is not int or index not in known:
                continue
            if "start" in said:
                yield index
            else:
                self._publish(_report(index, said))

    def _note_killed(self, index: int, ended: RunEnded) -> None:
        self.ended = self.ended or ended
        self._killed.add(index)
        self._publish(CellReport(index, CellStatus(ended.ending), ended.note))

    def _publish(self, report: CellReport) -> None:
        # What cells say in a run after the first test may be what the code saw of a hidden test,
        # and learners read it (tests/attacks/smuggled_inputs/time_of_a_crash.py).
        if not self._tested:
            self.reports.pop(report.index, None)
            self.reports[report.index] = self._cut(report)

    def _cut(self, report: CellReport) -> CellReport:
        """Cut what a cell's report says to what the other reports leave of the record's room."""
        printed = self.limits.output_kb * 1024 - sum(len(r.stdout) for r in self.reports.values())
        errors = MAX_ERRORS - sum(len(r.error) for r in self.reports.values())
        return replace(report, error=report.error[:errors], stdout=report.stdout[:printed])

    @contextlib.contextmanager
    def submission(self, usual: float | None = None, *, keep: bool = False) -> Iterator[Submission]:
        """Open one test's submission; its end, good or bad, leaves the others untouched.

        With `usual`, seconds that are enough where nothing is wrong, it may be in the fork that the
        test before has left; without, it is in a fork of its own. `keep` leaves it for the next.

        Of a run that is over comes one that is stopped at the first question: pytest would not
        recover from a `Stopped` in a fixture, and fail every later submission's tests.
        """
        self._tested = True
        # What ran into a limit would do so twice, in the used fork and in a fresh one.
        used = self._timeouts == 0 and usual is not None and self._go_on(usual)
        ended = None
        if not used:
            self._end_test()
            if self._run is None and self._may_run():
                self._restarts += 1
                self.execute()
            self._channel, ended = self._open()
        submission = Submission(self._channel, ended, self.source_of, used=used)
        try:
            yield submission
        finally:
            ended = standin.ended(submission)
            standin.close(submission)
            if ended is not None or not keep:
                self._end_test()
            if not used:
                self._count_stop(ended)

    def _go_on(self, usual: float) -> bool:
        """Let the fork of the last test go on with another one, if it is still there."""
        if self._run is None or self._channel is None:
            return False
        seconds = min(usual, self.limits.test_seconds / USUAL_PART)
        self._run.next_test(self._channel, seconds)
        return True

    def _open(self) -> tuple[Channel | None, RunEnded | None]:
        """Open a test's channel, or tell why there is none."""
        if self._run is None:
            return None, self.ended or RunEnded(Ending.CRASHED, "its process ended")
        try:
            return self._run.open_test(self._patience()), None
        except RunEnded as ended:
            self.close()
            return None, ended

    def _end_test(self) -> None:
        """End the fork of the last test, if it is still there."""
        channel, self._channel = self._channel, None
        if self._run is None or channel is None:
            return
        begin = time.monotonic()
        try:
            self._run.end_test(channel)
        except RunEnded:
            self._seconds += time.monotonic() - begin
            self.close()  # the next test gets a new run

    def _count_stop(self, ended: RunEnded | None) -> None:
        self.ended = self.ended or ended
        self._timeouts += ended is not None and ended.ending is Ending.TIMEOUT

    def _patience(self) -> float:
        """Return the seconds for the next test: fewer once two have run out of time.

        An endless loop then costs a batch less. Correct solutions need a fifth of the limit at
        most, which `grader verify` makes sure of.
        """
        seconds = self.limits.test_seconds
        return seconds if self._timeouts < 2 else seconds * 2 / 5

    def close(self) -> None:
        """Kill what is left of the run."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._run is not None:
            self.lost |= self._run.close()
            self.peak_mb = max(self.peak_mb, self._run.peak_mb)
            self._run = None


def _report(index: int, said: dict[str, Any]) -> CellReport:
    status = said.get("status")
    return CellReport(
        index,
        SAID.get(status, CellStatus.ERROR) if isinstance(status, str) else CellStatus.ERROR,
        forms.text(said.get("error"), forms.LINE),
        forms.text(said.get("stdout"), forms.STDOUT),
    )
