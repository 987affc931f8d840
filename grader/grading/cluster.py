"""The same work on other machines: a Dask cluster's workers instead of this machine's processes.

A worker needs this package with its environment, and bubblewrap; it needs neither the course nor
the gradebook. An exercise travels as a bundle of its files and data, which a worker unpacks once; a
submission travels as bytes. Records, gradebook and pages are written where the command runs.

Coordinator and workers trust each other, as Dask's do: the network between them must be theirs. A
worker that is lost in mid-batch costs nobody a score, since Dask gives its work to another. On a
worker, and here for the pages, the work is done in a process like those of the pool, which ends
without taking the worker or the command along.
"""

from __future__ import annotations

import queue
import tempfile
import warnings
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader import stages
from grader.errors import DISTRIBUTION, GraderError, SandboxError, SubmissionError
from grader.exercises.folder import FILES, data_files, find_all, load
from grader.grading.desk import Desk
from grader.grading.job import CELLS, Graded, Job, Loss, Marked, Settings
from grader.grading.marking import (
    Watch,
    code_sha256,
    environment_sha256,
    finish,
    mark_submission,
)
from grader.grading.pool import TICK_SECONDS, Crew, Page, Worker, grade_job, lost, settle
from grader.sandbox.limits import Ending
from grader.submissions import upload
from grader.submissions.intake.companions import Companions

AHEAD = 4  # submissions a worker's thread that are on their way: more would only fill memory
CONNECT_SECONDS = 20
DESKS = 2  # warm interpreters that a worker keeps
LOST_WORKERS = "the workers of the cluster that it was given to ended, one after the other"

Bundle = dict[str, bytes]  # a small course: its files by their path


def grade_on_cluster(
    course: Path, jobs: Sequence[Job], settings: Settings
) -> Iterator[Graded | None]:
    """Grade on the cluster that `settings.scheduler` names; results come as they are ready.

    None while there is none for a while.
    """
    unread = {job.name for job in jobs if not _is_readable(job)}
    # Nothing is ever run here: this is for pages, and for what has no more than a page.
    here = Crew([Worker(_finish, course, (), settings)])
    try:
        for job in jobs:
            if job.name in unread:
                yield from settle(here, job)
        if left := [job for job in jobs if job.name not in unread]:
            with _connected(str(settings.scheduler)) as client:
                yield from _Batch(course, client, settings, here).run(left)
        here.close()
    finally:
        here.kill()


def _is_readable(job: Job) -> bool:
    try:
        upload.contents(job.path)
    except SubmissionError:
        return False
    return True


def _connected(address: str) -> Any:
    try:
        import distributed
    except ImportError:
        raise SandboxError(f"a cluster needs Dask: pip install '{DISTRIBUTION}[cluster]'") from None
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SandboxError(
            f"{address}: no Dask scheduler answers there ({type(error).__name__}); "
            "start one with: dask scheduler"
        ) from None
    return client


@dataclass(slots=True)
class _Batch:
    """The jobs of one command on a cluster."""

    course: Path
    client: Any
    settings: Settings
    here: Crew
    bundles: dict[str, Any] = field(default_factory=dict)
    running: dict[Any, Job] = field(default_factory=dict)
    done: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)

    def run(self, jobs: Sequence[Job]) -> Iterator[Graded | None]:
        """Grade all; what was there when workers were lost, once more with nothing beside it."""
        aside: list[Job] = []
        yield from self._run(iter(jobs), aside)
        for job in aside:
            again: list[Job] = []
            yield from self._run(iter([job]), again)
            for given_up in again:
                yield from settle(self.here, given_up)

    def _run(self, left: Iterator[Job], aside: list[Job]) -> Iterator[Graded | None]:
        yield from self._fill(left)
        while self.running:
            try:
                future = self.done.get(timeout=TICK_SECONDS)
            except queue.Empty:
                yield None
            else:
                job = self.running.pop(future)
                if _lost_workers(future):
                    aside.append(lost(job, Loss(CELLS, Ending.CRASHED, LOST_WORKERS)))
                else:
                    yield from self._graded(future, job)
            yield from self._fill(left)  # a worker that joined meanwhile makes room for more

    def _fill(self, left: Iterator[Job]) -> Iterator[Graded]:
        """Send as many as there is room for; yield those that cannot be sent."""
        room = max(1, AHEAD * sum(self.client.nthreads().values()))
        while len(self.running) < room and (job := next(left, None)):
            try:
                future = self._submit(job)
            except (GraderError, OSError) as error:  # of its exercise's files, or its own
                yield Graded(job, None, str(error))
                continue
            self.running[future] = job
            future.add_done_callback(self.done.put)

    def _submit(self, job: Job) -> Any:
        key = job.version.suite_sha256
        with warnings.catch_warnings():
            # Dask would rather scatter what is large; but what is scattered is lost with a worker.
            warnings.filterwarnings("ignore", message="Sending large graph")
            if key not in self.bundles:
                self.bundles[key] = self.client.submit(_same, _bundle(self.course, job))
            data = upload.contents(job.path)
            where = (job.exercise.assignment, job.exercise.slug)
            files = {**job.companions.contents(), job.path.name: data}
            unused = Companions(unused=job.companions.unused)
            light = replace(job, path=Path(job.path.name), companions=unused)
            return self.client.submit(
                _grade, self.bundles[key], where, light, files, self.settings, pure=False
            )

    def _graded(self, future: Any, job: Job) -> Iterator[Graded | None]:
        try:
            done, code, environment = future.result()
        except GraderError as error:
            yield Graded(job, None, str(error))
        # Whatever becomes of a worker, one submission never stops a batch.
        except Exception as error:  # noqa: BLE001
            yield Graded(job, None, f"the cluster: {type(error).__name__}: {error}"[:500])
        else:
            if environment != environment_sha256():
                why = "a worker of the cluster has other packages than this machine"
                yield Graded(job, None, why)
            elif code != code_sha256():
                why = "a worker of the cluster runs another version of the grader"
                yield Graded(job, None, why)
            elif isinstance(done, Graded):
                yield replace(done, job=job)
            else:
                yield from settle(self.here, Page(job, *done))


def _lost_workers(future: Any) -> bool:
    import distributed

    return isinstance(future.exception(), distributed.KilledWorker)


def _finish(task: Job | Page, desk: Desk, watch: Watch, course: Path, settings: Settings) -> Graded:
    """Write the page of what was marked on a worker, or of what no worker can mark."""
    if isinstance(task, Job):
        return grade_job(task, desk, watch, course, settings)
    graded = finish(course, task.job, task.marked, settings, watch)
    spent = Counter(task.spent)
    spent.update(stages.take())
    return replace(graded, stages=spent)


def _bundle(course: Path, job: Job) -> Bundle:
    folder = job.exercise.folder
    inside = f"exercises/{job.exercise.assignment}/{job.exercise.slug}"
    files = {f"{inside}/{name}": folder / name for name in FILES if (folder / name).exists()}
    files |= job.exercise.support()
    data = data_files(course, [job.exercise])
    files |= {f"datasets/{path.name}": path for path in data.values()}
    return {name: path.read_bytes() for name, path in files.items()}


def _same(bundle: Bundle) -> Bundle:
    return bundle


# ---------------------------------------------------------------- on a worker

_crews: OrderedDict[tuple[object, ...], tuple[tempfile.TemporaryDirectory[str], Crew]]
_crews = OrderedDict()
# A desk grades one submission at a time, and a worker may have several threads. What starts a
# process has to live as long: a thread of Dask's may not.
_one_at_a_time = ThreadPoolExecutor(1)


def _grade(*arguments: Any) -> tuple[Graded | tuple[Marked, dict[str, float]], str, str]:
    """Grade one submission on a worker; tell by which code, and with which packages."""
    done = _one_at_a_time.submit(_grade_here, *arguments).result()
    return done, code_sha256(), environment_sha256()


def _grade_here(
    bundle: Bundle, where: tuple[str, str], job: Job, files: Bundle, settings: Settings
) -> Any:
    with tempfile.TemporaryDirectory(prefix="grader-submission-") as folder:
        course, crew = _crew(bundle, job.version.suite_sha256, settings)
        paths = {name: Path(folder) / name for name in files}
        for name, data in files.items():
            paths[name].write_bytes(data)
        path = paths.pop(job.path.name)
        beside = replace(job.companions, files=tuple(paths.values()))
        exercise = load(course.joinpath("exercises", *where))
        here = replace(job, exercise=exercise, path=path, companions=beside)
        return next(filter(None, settle(crew, here)))


def _mark(
    job: Job, desk: Desk, watch: Watch, _course: Path, _settings: Settings
) -> tuple[Marked, dict[str, float]]:
    stages.take()
    return mark_submission(job, desk, watch=watch), stages.take()


def _crew(bundle: Bundle, suite_sha256: str, settings: Settings) -> tuple[Path, Crew]:
    key = (suite_sha256, settings.isolation, settings.private)
    if key not in _crews:
        folder = tempfile.TemporaryDirectory(prefix="grader-course-")
        course = Path(folder.name)
        for name, data in bundle.items():
            path = course / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        # A worker on the machine that has the course sees it where it has to be covered.
        settings = replace(settings, writes=False)
        _crews[key] = folder, Crew([Worker(_mark, course, find_all(course), settings)])
    _crews.move_to_end(key)
    while len(_crews) > DESKS:
        _, (old, crew) = _crews.popitem(last=False)
        crew.close()
        old.cleanup()
    folder, crew = _crews[key]
    return Path(folder.name), crew
