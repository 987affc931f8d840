"""Our own processor's time: what an answer can make of a test's work, and what ends it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from grader.book import records
from grader.exercises import notebook
from grader.exercises.folder import Exercise, select
from grader.grading import job, pool, work
from grader.grading.desk import Desk
from grader.score.attempt import Outcome
from grader.suite import behind
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


def test_what_no_exception_stops_is_ended_by_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # That such a process costs no other submission its score: tests/test_faults.py.
    limits = "cell_seconds = 0.01\nnotebook_seconds = 0.01\ntest_seconds = 0.01"
    desk = Desk(tmp_path, [], "bubblewrap")
    exercise = exercise_with(tmp_path, limits, "pass")
    desk.suite(exercise)
    monkeypatch.setattr(pool, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(pool, "OWN_SECONDS", 0.1)

    pid = os.fork()
    if pid == 0:
        try:
            pool._set_alarm(exercise, desk)
            sum(range(10**15))  # in C: no exception gets in between
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)

    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGALRM
