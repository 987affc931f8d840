"""The life of one submission: read, aligned, run behind the wall, tested, marked.

A `Desk` is one process's place of work: a warm sandbox, and the suites that it has met.
"""

from __future__ import annotations

import functools
import hashlib
import platform
import site
import time
from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from nbformat import NotebookNode

from grader.errors import DISTRIBUTION, SandboxLostError, SubmissionError
from grader.grading.desk import Desk
from grader.grading.job import CELLS, PAGE, READING, SANDBOX, Graded, Job, Marked, Settings
from grader.pages import keep
from grader.sandbox.limits import Ending, RunEnded
from grader.score import points
from grader.score.attempt import Attempt, CellReport, CellStatus, Outcome, TaskScore, TestResult
from grader.stages import stage
from grader.submissions import upload
from grader.submissions.align import align
from grader.submissions.intake import companions
from grader.suite.behind import OWN_SECONDS
from grader.suite.notebook_run import MAX_NOTEBOOKS, NotebookRun
from grader.suite.run import LeftBehind, Suite
from grader.suite.verdict import stopped

# Of our own processor: for reading a submission, and for its page. The course's need 0.14 at most.
STAGE_SECONDS = 10.0
# And for one case of a test, of which the longest of the course's needs 0.7. Most of what takes
# long is stopped by an exception before.
TEST_SECONDS = 1.5 * OWN_SECONDS
# The versions of exercises and suites tell what of our own matters to a result.
_OUR_RECORD = DISTRIBUTION.replace("-", "_") + "-"

# Told what comes next, and how many seconds of our own processor that may take.
Watch = Callable[[str, float], None]


def unwatched(_place: str, _seconds: float) -> None:
    """Let our own work take as long as it does."""


def mark_submission(
    job: Job,
    desk: Desk,
    *,
    only: Container[str] | None = None,
    until_failure: bool = False,
    sharing: bool = True,
    watch: Watch = unwatched,
) -> Marked:
    """Read, align, run and test one submission.

    What cannot be read is an attempt too, without points and with the reason; so is what ends our
    own processes each time. Tests whose results in `job.before` still hold are not run again; where
    all do, nothing is run. An author may name the tests that matter (`only`), or have enough with
    the first that fails (`until_failure`). Without `sharing` every test is in a fork of its own.
    """
    watch(READING, STAGE_SECONDS)
    tests = desk.tests(job)
    planned = tests.plan(job.exercise)
    attempt = replace(_blank(job, desk, points.mark(planned, ())), repairs=job.repairs)
    if job.fault:
        return Marked(replace(attempt, ending=Ending.UNREADABLE, note=job.fault), None)
    if stop := job.given_up:
        return Marked(replace(attempt, ending=stop.ending, note=stop.why), None)
    try:
        with stage("read"):
            data = upload.contents(job.path)
            # The file may be another one by now than when it was listed.
            files = job.companions.contents()
            sha256 = companions.combined(hashlib.sha256(data).hexdigest(), files)
            job = replace(job, sha256=sha256)
            attempt = replace(attempt, submission_sha256=job.sha256)
            submitted = upload.parse(data)
            aligned = align(submitted, desk.released(job.exercise), job.exercise)
    except SubmissionError as error:
        return Marked(replace(attempt, ending=Ending.UNREADABLE, note=str(error)), None)
    before = job.before if job.before and can_reuse(job, job.before) else None
    held = _held(before, tests.tests)
    out = {*held, *job.stops}
    due = [t for t in tests.tests if t.name not in out and (only is None or t.name in only)]
    if before is None or due:
        cells, source_of = cells_of(aligned.notebook), answers_of(aligned.notebook).__getitem__
        limits, sets = job.exercise.limits, job.exercise.data
        new_run = functools.partial(
            NotebookRun, desk.sandbox, limits, sets, cells, files, source_of
        )
        test = functools.partial(tests.run, chosen=due, until_failure=until_failure)
        run_once = functools.partial(_run_once, new_run, test, watch)
        attempt, results = _run(run_once, job, attempt, sharing=sharing)
        attempt = _with_stops(attempt, before, held.values())
    else:
        attempt, results = _taken_over(attempt, before), ()
    attempt, lost = _without_lost(attempt, job, tests)
    tasks = tuple(
        replace(task, answer_sha256=aligned.answers[task.task].sha256)
        for task in points.mark(planned, [*held.values(), *results, *lost])
    )
    repairs = (*job.repairs, *aligned.repairs, *job.companions.unused)
    return Marked(replace(attempt, tasks=tasks, repairs=repairs), aligned, reused=len(held))


def _without_lost(attempt: Attempt, job: Job, tests: Suite) -> tuple[Attempt, list[TestResult]]:
    """Judge the tests that our processes were lost at, and say so on the attempt."""
    stops = job.stops
    lost = [test for test in tests.tests if test.name in stops]
    if lost and attempt.ending is Ending.OK:
        stop = stops[lost[0].name]
        attempt = replace(attempt, ending=stop.ending, note=stop.why)
    ended = {place: RunEnded(stop.ending, stop.why) for place, stop in stops.items()}
    return attempt, [stopped(test, ended[test.name]) for test in lost]


def finish(
    course: Path, job: Job, marked: Marked, settings: Settings, watch: Watch = unwatched
) -> Graded:
    """Write the page of what was marked, unless nothing is to be written.

    A notebook that nobody could write a page of twice is left out of it.
    """
    if stop := job.stops.get(PAGE):
        attempt = replace(marked.attempt, ending=stop.ending, note=stop.why)
        marked = replace(marked, attempt=attempt, aligned=None)
    if settings.writes:
        watch(PAGE, STAGE_SECONDS)
        with stage("feedback"):
            beside = job.companions
            keep.write(course, marked.attempt, job.exercise, marked.aligned, job.others, beside)
    return Graded(job, marked.attempt, reused=marked.reused)


def _held(before: Attempt | None, tests: Iterable[TestResult]) -> dict[str, TestResult]:
    """Find the earlier results that a new run would only repeat."""
    tasks = before.tasks if before else ()
    earlier = {test.name: test for task in tasks for test in task.tests}
    same = (t for t in tests if t.name in earlier and earlier[t.name].sha256 == t.sha256)
    # Which task a test is for decides no outcome: it may be another one by now.
    found = (replace(earlier[test.name], task=test.task) for test in same)
    return {test.name: test for test in found if test.outcome is not Outcome.NOT_RUN}


def can_reuse(job: Job, before: Attempt) -> bool:
    """Tell whether the state after the notebook would be the one of an earlier grading."""
    return (
        before.submission_sha256 == job.sha256
        and before.run_sha256 == job.version.run_sha256
        and before.environment_sha256 == environment_sha256()
        and before.ending is not Ending.UNREADABLE
    )


def _run_once(
    new_run: Callable[[], NotebookRun],
    test: Callable[..., tuple[TestResult, ...]],
    watch: Watch,
    *,
    sharing: bool,
) -> tuple[NotebookRun, tuple[TestResult, ...]]:
    """Run the cells, and the tests that are due."""
    run = new_run()
    limits = run.limits
    try:
        with stage("notebook"):
            # While cells run we look after their processes, which takes a part of their time.
            watch(CELLS, STAGE_SECONDS + MAX_NOTEBOOKS * limits.notebook_seconds)
            run.execute()
        with stage("tests"):

            def begin_test(name: str) -> None:
                watch(name, TEST_SECONDS + limits.test_seconds)

            return run, test(run.submission, watch=begin_test, sharing=sharing)
    finally:
        run.close()


def _run(
    run_once: Callable[..., tuple[NotebookRun, tuple[TestResult, ...]]],
    job: Job,
    attempt: Attempt,
    *,
    sharing: bool,
) -> tuple[Attempt, tuple[TestResult, ...]]:
    begin = time.monotonic()
    try:
        run, results = run_once(sharing=sharing)
    except LeftBehind:
        # Its files remember what its tests were asked, too: only a new run remembers nothing.
        run, results = run_once(sharing=False)
    if run.lost and SANDBOX not in {loss.place for loss in job.losses}:
        # Learners' code should not be able to end it: what looks like a crash is our fault, once.
        raise SandboxLostError("the sandbox ended while it was graded")
    cells = tuple(run.reports[index] for index in sorted(run.reports))
    ending, note = _ending(run, cells)
    attempt = replace(
        attempt,
        isolation=run.sandbox.isolation,
        cells=cells,
        memory_mb=round(run.peak_mb, 1),
        seconds=round(time.monotonic() - begin, 3),
        ending=ending,
        note=note,
    )
    if run.lost:
        lost = "the sandbox ended while it was graded, each time"
        attempt = replace(attempt, ending=Ending.CRASHED, note=lost)
    return attempt, results


def _taken_over(attempt: Attempt, before: Attempt) -> Attempt:
    kept = ("isolation", "cells", "memory_mb", "seconds", "ending", "note")
    return replace(attempt, **{name: getattr(before, name) for name in kept})


def _with_stops(attempt: Attempt, before: Attempt | None, held: Iterable[TestResult]) -> Attempt:
    """Keep what an earlier run said of its end when a result that is taken over was that end."""
    stopped = any(test.outcome in (Outcome.TIMEOUT, Outcome.CRASHED) for test in held)
    if before is None or not stopped or attempt.ending is not Ending.OK:
        return attempt
    return replace(attempt, ending=before.ending, note=before.note)


def cells_of(prepared: NotebookNode) -> list[tuple[int, str]]:
    """List the cells to run: all code but the check cells, which do nothing in grading."""
    return [
        (index, cell.source)
        for index, cell in enumerate(prepared.cells)
        if cell.cell_type == "code" and cell.metadata.get("grader", {}).get("origin") != "check"
    ]


def answers_of(prepared: NotebookNode) -> dict[str, str]:
    """Return the code that answers each task, as it is run."""
    return {
        cell.metadata.grader.task: cell.source
        for cell in prepared.cells
        if cell.cell_type == "code" and cell.metadata.get("grader", {}).get("origin") == "answer"
    }


def _blank(job: Job, desk: Desk, tasks: tuple[TaskScore, ...]) -> Attempt:
    return Attempt(
        assignment=job.exercise.assignment,
        exercise=job.exercise.slug,
        learner=job.learner,
        submission_sha256=job.sha256,
        suite_sha256=job.version.suite_sha256,
        run_sha256=job.version.run_sha256,
        environment_sha256=environment_sha256(),
        isolation=desk.sandbox.isolation,
        started=datetime.now(UTC),
        handed_in=job.handed_in.replace(tzinfo=UTC) if job.handed_in else None,
        handed_in_by=job.handed_in_by,
        seconds=0.0,
        memory_mb=0.0,
        ending=Ending.OK,
        tasks=tasks,
    )


def _ending(run: NotebookRun, cells: Iterable[CellReport]) -> tuple[Ending, str]:
    if run.ended is not None:
        where = next((f"cell {c.index + 1}: " for c in cells if c.stopped), "")
        return run.ended.ending, f"{where}{run.ended.note}"
    full = next((cell for cell in cells if cell.status is CellStatus.OUTPUT), None)
    if full is not None:
        return Ending.OUTPUT, f"cell {full.index + 1}: it printed more than allowed"
    return Ending.OK, ""


@functools.cache
def code_sha256() -> str:
    """Hash this package's own code; `environment_sha256` leaves it out, as edits move no score."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


@functools.cache
def environment_sha256() -> str:
    """Hash what learner code runs on: Python, the machine and the installed packages."""
    # By the names of their records, "numpy-2.4.0.dist-info": to parse these takes a tenth of a
    # second, in each process. Not along sys.path: libraries add folders of their own to it when
    # they are imported, and every process would have another hash.
    records = (path for folder in site.getsitepackages() for path in Path(folder).glob("*-info"))
    packages = {path.stem for path in records if not path.name.startswith(_OUR_RECORD)}
    parts = [platform.python_version(), platform.machine(), *sorted(packages)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
