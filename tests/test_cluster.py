"""Grading on a cluster: a scheduler and workers of our own, as processes on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import score
from grader.book import records
from grader.errors import SandboxError
from grader.exercises.folder import find_all
from grader.exercises.notebook import dumps, solve
from grader.grading import grade as grading
from grader.grading import preview
from grader.grading.cluster import LOST_WORKERS
from grader.grading.job import Graded, Settings
from grader.sandbox.limits import Ending
from tests import builders
from tests.bench import workload
from tests.test_pool import exercise_with, hand_in
from tests.tools.cluster import Cluster

LEARNERS = 12

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    with Cluster(folder) as made:
        yield made


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    workload.for_grader(folder, list(workload.learners(LEARNERS)))
    broken = folder / "submitted/broken/bench/orders.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text("no notebook")
    return folder


DUE = {**{person.name: person.points for person in workload.learners(LEARNERS)}, "broken": 0}


def test_a_worker_may_die_and_another_join_in_mid_batch(cluster: Cluster, course: Path) -> None:
    url = f"sqlite:///{course}/gradebook.db"
    doomed = cluster.join()
    cluster.join()
    settings = Settings(scheduler=cluster.address())
    seen: list[str] = []

    def progress(total: int, graded: Graded | None) -> None:
        if graded is not None:
            seen.append(graded.job.learner)
        if len(seen) == 3 and doomed.poll() is None:
            doomed.kill()
            doomed.wait()
            cluster.join()

    summary = grading.grade(course, url, settings=settings, progress=progress)

    assert doomed.poll() is not None
    assert summary.pending == []
    assert sorted(seen) == sorted(DUE)
    with records.open(url) as book:
        latest = {attempt.learner: attempt for attempt in book.latest()}
        assert len(book.read(records.ATTEMPTS.select())) == len(DUE)
    assert {learner: attempt.score for learner, attempt in latest.items()} == DUE
    assert latest["broken"].ending is Ending.UNREADABLE
    assert {a.isolation for a in latest.values() if a.learner != "broken"} == {"bubblewrap"}
    pages = course.glob("feedback/*/bench/orders.html")
    assert {page.parent.parent.name for page in pages} == set(DUE)
    assert grading.grade(course, url).unchanged == len(DUE)  # the keys are those of this machine


def test_a_worker_with_another_version_of_the_grader_gives_no_score(
    cluster: Cluster, course: Path, tmp_path: Path
) -> None:
    shutil.copytree(Path(score.__file__).parents[1], tmp_path / "older/grader")
    with (tmp_path / "older/grader/score/points.py").open("a", encoding="utf-8") as file:
        file.write("\n# Another rule.\n")
    cluster.join(PYTHONPATH=str(tmp_path / "older"))

    settings = Settings(scheduler=cluster.address())
    summary = grading.grade(course, f"sqlite:///{course}/gradebook.db", settings=settings)

    assert len(summary.pending) == len(DUE)
    assert {one.fault for one in summary.pending} == {
        "a worker of the cluster runs another version of the grader"
    }


def test_without_a_scheduler_the_command_says_so(course: Path) -> None:
    with pytest.raises(SandboxError, match="no Dask scheduler answers there"):
        grading.grade(
            course,
            f"sqlite:///{course}/gradebook.db",
            settings=Settings(scheduler="tcp://127.0.0.1:9"),
        )


def test_what_tests_import_goes_along_and_a_broken_suite_makes_no_marks_there(
    cluster: Cluster, tmp_path: Path
) -> None:
    course = builders.course(tmp_path / "small")
    url = f"sqlite:///{course}/gradebook.db"
    (course / "exercises/cases.py").write_text('CASE = "5\'11"\n')
    visible = course / "exercises/4-cleaning/heights/test_visible.py"
    visible.write_text("from cases import CASE\n" + visible.read_text().replace('"5\'11"', "CASE"))
    broken = course / "exercises/0-start/doubled_value/test_hidden.py"
    broken.write_text(broken.read_text() + "\nno_such_name\n")
    for exercise in find_all(course):
        for learner in ("ann", "ben", "cleo"):
            path = course / "submitted" / learner / exercise.assignment / f"{exercise.slug}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(b"" if learner == "ben" else dumps(solve(exercise)))
    cluster.join()
    settings = Settings(scheduler=cluster.address())

    first = grading.grade(course, url, settings=settings)
    (course / "exercises/cases.py").write_text('CASE = "5\'12"\n')
    _, changes = preview.preview(course, url, settings=settings)

    assert {a.learner: a.score for a in first.attempts} == {"ann": 9, "ben": 0, "cleo": 9}
    waiting = {p.submission: p.fault for p in first.pending}
    assert sorted(waiting) == [f"{who}/0-start/doubled_value" for who in ("ann", "ben", "cleo")]
    assert all("test_hidden.py" in fault and "no_such_name" in fault for fault in waiting.values())
    assert {c.submission.split("/")[0]: c.after for c in changes} == {"ann": 6, "cleo": 6}


def test_what_ends_our_processes_or_workers_each_time_is_recorded_and_nothing_else_is(
    tmp_path: Path,
) -> None:
    work = "import os; os._exit(1) if count == 0 else os.kill(os.getppid(), 9) if count < 0 else 0"
    course = tmp_path / "small"
    exercise = exercise_with(course, "", work)
    # The last one ends the worker itself, as the kernel may where memory runs out.
    for learner, answer in {"ann": "2 * value", "cal": "0", "zoe": "-1"}.items():
        hand_in(course, exercise, learner, f"{answer} if value == 4 else 2 * value")
    (tmp_path / "cluster").mkdir()
    # Dask gives up on a task that has lost so many workers; with three, as usual, this takes long.
    impatient = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with Cluster(tmp_path / "cluster", **impatient) as made:
        for _ in range(3):
            made.join()
        settings = Settings(scheduler=made.address())
        summary = grading.grade(course, f"sqlite:///{course}/gradebook.db", settings=settings)
        ended = [worker.poll() is not None for worker in made.workers]

    attempts = {attempt.learner: attempt for attempt in summary.attempts}
    assert (summary.pending, summary.exit_code, sum(ended)) == ([], 0, 2)
    assert {who: float(a.score) for who, a in attempts.items()} == {"ann": 1, "cal": 0.5, "zoe": 0}
    assert attempts["ann"].ending is Ending.OK
    assert attempts["cal"].note == "a test of its answers ended the process that graded it"
    assert attempts["zoe"].note == LOST_WORKERS
    assert {attempts[who].ending for who in ("cal", "zoe")} == {Ending.CRASHED}
    assert len([*course.glob("feedback/*/0-start/doubled_value.html")]) == 3
