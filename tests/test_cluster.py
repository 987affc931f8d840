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
from grader.grading.job import Graded, Settings
from grader.sandbox.limits import Ending
from tests import builders
from tests.bench import workload
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
