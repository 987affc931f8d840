"""After an edit only what is affected is run, and a preview tells what would come of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from grader.book import records
from grader.exercises import folder as exercises
from grader.grading import grade as grading
from grader.grading.job import Settings
from grader.score.attempt import Attempt, Outcome
from tests.bench import workload
from tests.builders import LIMITS, record
from tests.commands import run

pytestmark = pytest.mark.sandbox

LEARNERS = 4
TESTS = 8


@pytest.fixture
def course(tmp_path: Path) -> Path:
    workload.for_grader(tmp_path, list(workload.learners(LEARNERS)))
    return tmp_path


def url(course: Path) -> str:
    return f"sqlite:///{course}/gradebook.db"


def edit(course: Path, name: str, old: str, new: str) -> None:
    path = course / "exercises/bench/orders" / name
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def latest(course: Path) -> dict[str, Attempt]:
    with records.open(url(course)) as book:
        return {attempt.learner: attempt for attempt in book.latest()}


def test_after_an_edited_test_only_it_is_run_and_the_score_is_that_of_a_whole_run(
    course: Path,
) -> None:
    grading.grade(course, url(course))
    edit(course, "test_hidden.py", '["north", "north", "south", "west"]', '["no"]')

    summary = grading.grade(course, url(course))

    assert summary.reused == LEARNERS * (TESTS - 1)
    partly = latest(course)
    whole = grading.grade(course, url(course), settings=Settings(again=True))
    assert whole.reused == 0
    assert {a.learner: outcomes(a) for a in whole.attempts} == {
        learner: outcomes(attempt) for learner, attempt in partly.items()
    }
    assert {a.learner: a.score for a in whole.attempts} == {
        learner: attempt.score for learner, attempt in partly.items()
    }
    assert all(outcomes(a)["test_letters_and_blanks"] != "passed" for a in whole.attempts)


def outcomes(attempt: Attempt) -> dict[str, str]:
    return {test.name: str(test.outcome) for task in attempt.tasks for test in task.tests}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("test_hidden.py", "A negative price is none,", "A negative one is no price,"),
        ("test_hidden.py", '@task("latest_only")', '@task("latest_only", weight=3)'),
        ("exercise.toml", 'name = "fix_region"\npoints = 4', 'name = "fix_region"\npoints = 40'),
    ],
    ids=["a sentence", "a weight", "points"],
)
def test_what_decides_no_outcome_runs_nothing(course: Path, name: str, old: str, new: str) -> None:
    before = grading.grade(course, url(course)).attempts
    edit(course, name, old, new)

    summary = grading.grade(course, url(course))

    assert summary.reused == LEARNERS * TESTS
    assert summary.stages["notebook"] == summary.stages["tests"] == 0
    assert [outcomes(a) for a in by_name(summary.attempts)] == [
        outcomes(a) for a in by_name(before)
    ]
    assert [a.cells for a in by_name(summary.attempts)] == [a.cells for a in by_name(before)]


def by_name(attempts: list[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.learner)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("test_hidden.py", "import pandas as pd\n", "import pandas as pd\nLIMIT = 3\n"),
        ("exercise.toml", "minutes = 25\n", "minutes = 25\n[limits]\ntest_seconds = 4\n"),
        ("notebook.py", "# %%\ncleaned = latest", "# %%\nx = 1\ncleaned = latest"),
        ("../../../datasets/orders.csv", "\n10000,", "\n10007,"),
    ],
    ids=["a file's helpers", "limits", "given cells", "data"],
)
def test_what_may_decide_an_outcome_runs_it_again(
    course: Path, name: str, old: str, new: str
) -> None:
    if name == "exercise.toml":  # tables come last
        spec = course / "exercises/bench/orders/exercise.toml"
        spec.write_text(spec.read_text() + "\n[limits]\ntest_seconds = 5\n")
        old, new = "test_seconds = 5", "test_seconds = 4"
    grading.grade(course, url(course))
    if name.endswith(".csv"):
        path = course / "datasets/orders.csv"
        path.write_text(path.read_text().replace(old, new, 1))
    else:
        edit(course, name, old, new)

    summary = grading.grade(course, url(course))

    assert len(summary.attempts) == LEARNERS
    hidden_only = name == "test_hidden.py"
    assert summary.reused == (LEARNERS * TESTS // 2 if hidden_only else 0)


def test_a_test_that_is_for_another_task_by_now_takes_its_result_along(course: Path) -> None:
    grading.grade(course, url(course))
    path = course / "exercises/bench/orders/test_hidden.py"
    text = path.read_text()
    assert text.count('@task("latest_only")') == 1
    path.write_text(text.replace('@task("latest_only")', '@task("fix_region")'))

    summary = grading.grade(course, url(course))

    assert summary.reused == LEARNERS * TESTS
    partly = {a.learner: (a.score, outcomes(a)) for a in summary.attempts}
    whole = grading.grade(course, url(course), settings=Settings(again=True))
    assert {a.learner: (a.score, outcomes(a)) for a in whole.attempts} == partly


def test_results_made_without_a_wall_are_not_taken_over(course: Path) -> None:
    grading.grade(course, url(course), settings=Settings("none"))
    edit(course, "test_hidden.py", '["north", "north", "south", "west"]', '["no"]')

    assert grading.grade(course, url(course)).reused == 0


def test_an_end_stays_with_the_result_that_it_belongs_to(course: Path) -> None:
    learner = next(iter(sorted(course.glob("submitted/*"))))
    with (course / "exercises/bench/orders/exercise.toml").open("a") as spec:
        spec.write(LIMITS)
    path = learner / "bench/orders.ipynb"
    book = json.loads(path.read_text())
    for cell in book["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "parse_price":
            cell["source"] = "def parse_price(price):\n    while True:\n        pass"
    path.write_text(json.dumps(book))
    grading.grade(course, url(course))
    stopped = latest(course)[learner.name]
    assert outcomes(stopped)["test_prices_are_read"] == Outcome.TIMEOUT
    edit(course, "test_hidden.py", '["north", "north", "south", "west"]', '["no"]')

    grading.grade(course, url(course))

    after = latest(course)[learner.name]
    assert outcomes(after)["test_prices_are_read"] == Outcome.TIMEOUT
    assert (after.ending, after.note) == (stopped.ending, stopped.note)


def test_a_preview_tells_who_would_change_and_writes_nothing(course: Path) -> None:
    grading.grade(course, url(course))
    before = {path: path.read_bytes() for path in files(course)}
    edit(course, "test_hidden.py", '["north", "north", "south", "west"]', '["no"]')
    path = course / "exercises/bench/orders/test_hidden.py"
    edited = {**before, path: path.read_bytes()}
    passed = [
        a for a in latest(course).values() if outcomes(a)["test_letters_and_blanks"] == "passed"
    ]

    said = run("grader", "grade", "--course", course, "--preview", "--json")

    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    assert {path: path.read_bytes() for path in files(course)} == edited
    assert {
        change["submission"]: (change["before"], change["after"]) for change in told["changes"]
    } == {f"{a.learner}/bench/orders": (str(a.score), str(a.score - 2)) for a in passed}
    assert {b for change in told["changes"] for b in change["behaviours"]} == {
        "One letter is enough, and blanks at both ends do not matter."
    }
    shown = run("grader", "grade", "--course", course, "--preview", "--profile").stdout
    assert "Nothing was written." in shown
    assert f"{LEARNERS} tried" in shown
    assert "Where the time went" in shown


def files(course: Path) -> list[Path]:
    return sorted(
        path for path in course.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )


def test_what_takes_long_comes_first(course: Path) -> None:
    grading.grade(course, url(course))
    slow = sorted(latest(course))[-1]
    with records.open(url(course)) as book:
        record(book, [replace(latest(course)[slow], seconds=1000.0)], again=True)
    order: list[str] = []

    grading.grade(
        course,
        url(course),
        settings=Settings(again=True, workers=1),
        progress=lambda total, graded: order.append(graded.job.learner) if graded else None,
    )

    assert order[0] == slow
    assert len(order) == LEARNERS


def test_versions_tell_apart_what_a_run_and_what_a_score_depend_on(course: Path) -> None:
    folder = course / "exercises/bench/orders"
    data = [course / "datasets/orders.csv"]
    before = exercises.load(folder).version(data)

    edit(course, "test_hidden.py", "0.02 <", "0.03 <")
    edited = exercises.load(folder).version(data)
    assert (edited.run_sha256, edited.suite_sha256 == before.suite_sha256) == (
        before.run_sha256,
        False,
    )
    edit(course, "notebook.py", "Write four functions", "Write 4 functions")
    assert exercises.load(folder).version(data).run_sha256 != before.run_sha256
