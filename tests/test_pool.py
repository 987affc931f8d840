"""Our own processor's time: what an answer can make of a test's work, and what ends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.book import records
from grader.exercises import notebook
from grader.exercises.folder import Exercise, select
from grader.grading import grade as grading
from grader.grading import job, pool, processes, work
from grader.grading.desk import Desk
from grader.grading.job import Job
from grader.grading.marking import Watch
from grader.sandbox.limits import Ending, Limits
from grader.sandbox.sandbox import Sandbox
from grader.score.attempt import Outcome
from grader.suite import behind
from grader.suite.notebook_run import NotebookRun
from grader.suite.standin import Stopped
from tests.builders import one

pytestmark = pytest.mark.sandbox


def exercise_with(root: Path, limits: str, work: str) -> Exercise:
    """Write an exercise whose hidden test does as much work as the answer says."""
    exercise = one(root, "0-start", "doubled_value")
    spec = exercise.folder / "exercise.toml"
    spec.write_text(f"{spec.read_text()}\n[limits]\n{limits}")
    hidden = exercise.folder / "test_hidden.py"
    body = f"    count = submission.doubled_value(4)\n    {work}\n    assert count == 8\n"
    hidden.write_text(hidden.read_text().partition("    assert")[0] + body)
    return select(root, None)[0]


def hand_in(root: Path, exercise: Exercise, learner: str, answer: str) -> None:
    source = f"def doubled_value(value):\n    return {answer}\n"
    folder = root / "submitted" / learner / "0-start"
    folder.mkdir(parents=True)
    solved = notebook.solve(exercise, {"doubled_value": source})
    (folder / "doubled_value.ipynb").write_bytes(notebook.dumps(solved))


@pytest.mark.slow
def test_an_answer_that_a_test_works_on_for_hours_is_its_own_timeout(tmp_path: Path) -> None:
    exercise = exercise_with(tmp_path, "", "sum(1 for _ in range(count))")
    for learner, answer in {"ann": "value + value", "mal": "10**15", "zoe": "2 * value"}.items():
        hand_in(tmp_path, exercise, learner, answer)
    settings = job.Settings(workers=1)
    jobs = work.find(
        tmp_path, records.open(f"sqlite:///{tmp_path}/gradebook.db"), None, settings
    ).jobs

    done = pool.grade_all(tmp_path, jobs, settings)

    attempts = {one.job.learner: one.attempt for one in done if one and one.attempt}
    assert {who: float(a.score) for who, a in attempts.items()} == {"ann": 1, "mal": 0, "zoe": 1}
    outcomes = {test.outcome for test in attempts["mal"].tasks[0].tests if test.hidden}
    assert outcomes == {Outcome.TIMEOUT}
    assert f"busy for more than {behind.OWN_SECONDS:.3g} seconds" in attempts["mal"].note


# Each in one call, which no exception gets into; and what is said of it.
HELD = {
    "sum(range(count))": (Ending.TIMEOUT, Outcome.TIMEOUT, "kept the grader busy for more than"),
    "os._exit(count % 256) if count > 8 else 0": (
        Ending.CRASHED, Outcome.CRASHED, "ended the process that graded it",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("work", HELD)
def test_a_test_whose_answer_ends_our_process_is_lost_and_nothing_else(
    tmp_path: Path, work: str
) -> None:
    exercise = exercise_with(tmp_path, "test_seconds = 1", f"import os; {work}")
    answers = {"ann": "2 * value", "mal": "10**15 if value == 4 else 2 * value", "zoe": "0"}
    for learner, answer in answers.items():
        hand_in(tmp_path, exercise, learner, answer)
    url = f"sqlite:///{tmp_path}/gradebook.db"

    summary = grading.grade(tmp_path, url, settings=job.Settings(workers=2))

    attempts = {attempt.learner: attempt for attempt in summary.attempts}
    assert (summary.pending, summary.exit_code) == ([], 0)
    assert {who: float(a.score) for who, a in attempts.items()} == {"ann": 1, "mal": 0.5, "zoe": 0}
    ending, outcome, why = HELD[work]
    assert (attempts["mal"].ending, attempts["ann"].ending) == (ending, Ending.OK)
    assert f"a test of its answers {why}" in attempts["mal"].note
    tests = attempts["mal"].tasks[0].tests
    assert [test.outcome for test in tests] == [Outcome.PASSED, outcome]
    page = (tmp_path / "feedback/mal/0-start/doubled_value.html").read_text()
    assert why in page
    assert "10**15" in re.sub("<[^>]*>", "", page)  # the notebook, as it was handed in
    assert tests[1].name not in page
    assert grading.grade(tmp_path, url).unchanged == 3


def held_up(
    task: Job, desk: Desk, watch: Watch, course: Path, settings: job.Settings
) -> job.Graded:
    """Grade as the pool does, with a place in which our own work would take for ever."""
    place = task.learner

    def slow(at: str, seconds: float) -> None:
        held = at == place and task.given_up is None and place not in task.stops
        watch(at, 0.3 if held else seconds)
        if held:
            sum(range(10**15))

    return pool.grade_job(task, desk, slow, course, settings)


@pytest.mark.parametrize(
    ("place", "doing", "points"),
    [(job.READING, "reading it", 0), (job.CELLS, "running its cells", 0),
     (job.PAGE, "writing its page", 1)],
)  # fmt: skip
def test_work_outside_of_tests_is_bounded_too(
    tmp_path: Path, place: str, doing: str, points: int
) -> None:
    exercise = one(tmp_path, "0-start", "doubled_value")
    hand_in(tmp_path, exercise, place, "2 * value")
    settings = job.Settings()
    url = f"sqlite:///{tmp_path}/gradebook.db"
    [one_job] = work.find(tmp_path, records.open(url), None, settings).jobs
    crew = pool.Crew([pool.Worker(held_up, tmp_path, (exercise,), settings)])

    [graded] = filter(None, pool.settle(crew, one_job))
    crew.close()

    attempt = graded.attempt
    assert len(graded.job.losses) == 2
    assert attempt is not None
    assert (attempt.ending, attempt.score) == (Ending.TIMEOUT, points)
    assert attempt.note == f"{doing} kept the grader busy for more than 0.3 seconds"
    assert (tmp_path / f"feedback/{place}/0-start/doubled_value.html").is_file()


def hungry(task: Job, desk: Desk, watch: Watch, course: Path, settings: job.Settings) -> job.Graded:
    """Grade as the pool does, and take more memory than there may be to read the submission."""

    def take(at: str, seconds: float) -> None:
        watch(at, seconds)
        if at == job.READING and task.given_up is None and at not in task.stops:
            bytearray(2 * processes.OWN_BYTES)

    return pool.grade_job(task, desk, take, course, settings)


def test_our_own_memory_is_bounded_too(tmp_path: Path) -> None:
    exercise = one(tmp_path, "0-start", "doubled_value")
    hand_in(tmp_path, exercise, "ann", "2 * value")
    settings = job.Settings()
    url = f"sqlite:///{tmp_path}/gradebook.db"
    [one_job] = work.find(tmp_path, records.open(url), None, settings).jobs
    crew = pool.Crew([pool.Worker(hungry, tmp_path, (exercise,), settings)])

    [graded] = filter(None, pool.settle(crew, one_job))
    crew.close()

    assert graded.attempt is not None
    assert (graded.attempt.ending, graded.attempt.score) == (Ending.CRASHED, 0)
    assert graded.attempt.note == "it is too much for us: MemoryError"


def test_a_sandbox_that_cannot_be_built_again_is_no_failure_of_a_test(tmp_path: Path) -> None:
    data = tmp_path / "table.csv"
    data.write_text("a,b")
    # In cold mode a test can end what it was forked from.
    cells = [(0, "import os\ndef leave():\n    os.kill(os.getppid(), 9)\n    os._exit(1)")]
    with Sandbox({"table": data}, "bubblewrap-cold") as sandbox:
        run = NotebookRun(sandbox, Limits(), ("table",), cells)
        run.execute()
        data.unlink()
        stops = []
        for _ in range(2):
            with run.submission() as submission, pytest.raises(Stopped) as stopped:
                submission.leave()
            stops.append(stopped.value.ended.ending)
        run.close()

    assert stops == [Ending.CRASHED, Ending.CRASHED]
    assert run.lost
