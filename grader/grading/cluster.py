"""The same work on other machines: a Dask cluster's workers instead of this machine's processes.

A worker needs this package with its environment, and bubblewrap; it needs neither the course nor
the gradebook. An exercise travels as a bundle of its files and data, which a worker unpacks once; a
submission travels as bytes. Records, gradebook and pages are written where the command runs.

Coordinator and workers trust each other, as Dask's do: the network between them must be theirs. A
worker that is lost in mid-batch costs nobody a score, since Dask gives its work to another.
"""

from __future__ import annotations

import tempfile
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader import stages
from grader.errors import DISTRIBUTION, GraderError, SandboxError, SubmissionError
from grader.exercises.folder import FILES, data_files, find_all, load
from grader.grading.desk import Desk
from grader.grading.job import Graded, Job, Marked, Settings
from grader.grading.marking import code_sha256, environment_sha256, finish, mark_submission
from grader.submissions import upload
from grader.submissions.intake.companions import Companions

AHEAD = 4  # submissions a worker's thread that are on their way: more would only fill memory
CONNECT_SECONDS = 20
DESKS = 2  # warm interpreters that a worker keeps

Bundle = dict[str, bytes]  # a small course: its files by their path


def grade_on_cluster(course: Path, jobs: Sequence[Job], settings: Settings) -> Iterator[Graded]:
    """Grade on the cluster that `settings.scheduler` names; results come as they are ready."""
    unread = {job.name for job in jobs if not _is_readable(job)}
    here = Desk(course, [], settings.isolation)  # nothing of what cannot be read is ever run
    for job in jobs:
        if job.name in unread:
            yield _unread(course, settings, job, here)
    if left := [job for job in jobs if job.name not in unread]:
        with _connected(str(settings.scheduler)) as client:
            yield from _Batch(course, client, settings).run(left)


def _is_readable(job: Job) -> bool:
    try:
        upload.contents(job.path)
    except SubmissionError:
        return False
    return True


def _unread(course: Path, settings: Settings, job: Job, here: Desk) -> Graded:
    try:
        return _told(course, settings, job, mark_submission(job, here), {})
    except GraderError as error:  # of its exercise
        return Graded(job, None, str(error))


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
    bundles: dict[str, Any] = field(default_factory=dict)
    running: dict[Any, Job] = field(default_factory=dict)

    def run(self, jobs: Sequence[Job]) -> Iterator[Graded]:
        import distributed

        left = iter(jobs)
        done = distributed.as_completed(loop=self.client.loop)
        yield from self._fill(done, left)
        for future in done:
            yield self._graded(future, self.running.pop(future))
            yield from self._fill(done, left)  # a worker that joined meanwhile makes room for more

    def _fill(self, done: Any, left: Iterator[Job]) -> Iterator[Graded]:
        """Send as many as there is room for; yield those that cannot be sent."""
        room = max(1, AHEAD * sum(self.client.nthreads().values()))
        while len(self.running) < room and (job := next(left, None)):
            try:
                future = self._submit(job)
            except (GraderError, OSError) as error:  # of its exercise's files, or its own
                yield Graded(job, None, str(error))
                continue
            self.running[future] = job
            done.add(future)

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

    def _graded(self, future: Any, job: Job) -> Graded:
        try:
            marked, spent, code = future.result()
        except GraderError as error:
            return Graded(job, None, str(error))
        # Whatever becomes of a worker, one submission never stops a batch.
        except Exception as error:  # noqa: BLE001
            return Graded(job, None, f"the cluster: {type(error).__name__}: {error}"[:500])
        if marked.attempt.environment_sha256 != environment_sha256():
            return Graded(job, None, "a worker of the cluster has other packages than this machine")
        if code != code_sha256():
            return Graded(job, None, "a worker of the cluster runs another version of the grader")
        return _told(self.course, self.settings, job, marked, spent)


def _told(
    course: Path, settings: Settings, job: Job, marked: Marked, spent: dict[str, float]
) -> Graded:
    """Write the feedback page, unless nothing is to be written."""
    try:
        # The page is of this process; the command adds its stage to the workers'.
        return replace(finish(course, job, marked, settings), stages=spent)
    except (OSError, GraderError) as error:
        return Graded(job, None, str(error))


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

_desks: OrderedDict[tuple[object, ...], tuple[tempfile.TemporaryDirectory[str], Desk]]
_desks = OrderedDict()
_one_at_a_time = threading.Lock()


def _grade(
    bundle: Bundle, where: tuple[str, str], job: Job, files: Bundle, settings: Settings
) -> tuple[Marked, dict[str, float], str]:
    """Grade one submission on a worker; tell by which code."""
    # A desk grades one submission at a time, and a worker may have several threads.
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="grader-submission-") as folder:
        course, desk = _desk(bundle, job.version.suite_sha256, settings)
        paths = {name: Path(folder) / name for name in files}
        for name, data in files.items():
            paths[name].write_bytes(data)
        path = paths.pop(job.path.name)
        beside = replace(job.companions, files=tuple(paths.values()))
        exercise = load(course.joinpath("exercises", *where))
        stages.take()
        here = replace(job, exercise=exercise, path=path, companions=beside)
        return mark_submission(here, desk), stages.take(), code_sha256()


def _desk(bundle: Bundle, suite_sha256: str, settings: Settings) -> tuple[Path, Desk]:
    key = (suite_sha256, settings.isolation, settings.private)
    if key not in _desks:
        folder = tempfile.TemporaryDirectory(prefix="grader-course-")
        course = Path(folder.name)
        for name, data in bundle.items():
            path = course / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        # A worker on the machine that has the course sees it where it has to be covered.
        desk = Desk(course, find_all(course), settings.isolation, settings.private)
        _desks[key] = folder, desk
    _desks.move_to_end(key)
    while len(_desks) > DESKS:
        _, (old, desk) = _desks.popitem(last=False)
        desk.close()
        old.cleanup()
    folder, desk = _desks[key]
    return Path(folder.name), desk
