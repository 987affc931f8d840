"""`grader grade --watch`: what arrives is graded as soon as it is whole."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from grader.book import records
from grader.exercises import notebook
from grader.exercises.folder import Exercise
from tests import builders
from tests.commands import BIN, listen_to_ctrl_c, run

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

WRONG = {"doubled_value": "def doubled_value(value):\n    return 0"}


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return builders.one(tmp_path, "0-start", "doubled_value")


@contextmanager
def watching(course: Path, *flags: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [BIN / "grader", "grade", "--watch", "--json", "--course", course, *flags],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=listen_to_ctrl_c,
    )  # fmt: skip
    with process:
        assert process.stderr is not None
        while "Ctrl-C ends it" not in (line := process.stderr.readline()):
            assert line
        try:
            yield process
        finally:
            process.kill()


def next_of(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Wait for the next line: whose it is, and the score."""
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told["submission"].partition("/")[0], told["attempt"]["score"]


def place(course: Path, learner: str) -> Path:
    path = course / f"submitted/{learner}/0-start/doubled_value.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_what_arrives_is_graded_when_it_is_whole(tmp_path: Path, exercise: Exercise) -> None:
    right = notebook.dumps(notebook.solve(exercise))
    with watching(tmp_path, "--until-idle", "3") as process:
        with place(tmp_path, "ada").open("wb") as slowly:  # as over a slow network
            for start in range(0, len(right), len(right) // 8):
                slowly.write(right[start : start + len(right) // 8])
                slowly.flush()
                time.sleep(0.1)
        assert next_of(process) == ("ada", "1")

        place(tmp_path, "bob").write_bytes(notebook.dumps(notebook.solve(exercise, WRONG)))
        assert next_of(process) == ("bob", "0")

        place(tmp_path, "bob").write_bytes(right)
        assert next_of(process) == ("bob", "1")

        out, said = process.communicate()
    assert (process.returncode, out) == (0, "")
    assert said.startswith("3 graded;")
    for learner in ("ada", "bob"):
        assert (tmp_path / f"feedback/{learner}/0-start/doubled_value.html").is_file()
    with records.open(f"sqlite:///{tmp_path}/gradebook.db") as book:
        assert {a.learner: float(a.score) for a in book.latest()} == {"ada": 1, "bob": 1}


def test_edited_tests_are_met_by_what_is_there(tmp_path: Path, exercise: Exercise) -> None:
    place(tmp_path, "ada").write_bytes(notebook.dumps(notebook.solve(exercise)))
    with watching(tmp_path) as process:
        assert next_of(process) == ("ada", "1")
        hidden = exercise.folder / "test_hidden.py"
        hidden.write_text(hidden.read_text().replace("-60", "-61"))

        assert next_of(process) == ("ada", "1/2")


def test_ctrl_c_ends_it_and_nothing_is_left(tmp_path: Path, exercise: Exercise) -> None:
    place(tmp_path, "ada").write_bytes(notebook.dumps(notebook.solve(exercise)))
    with watching(tmp_path) as process:
        assert next_of(process) == ("ada", "1")
        group = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True
        ).stdout.split()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()

    assert process.returncode == 0
    assert "1 graded" in said
    assert group
    assert [pid for pid in group if Path(f"/proc/{pid}").exists()] == []


def test_what_watching_does_not_go_with_is_said_in_a_sentence(tmp_path: Path) -> None:
    ended = run("grader", "grade", "--watch", "--again", cwd=tmp_path)

    assert ended.returncode == 1
    assert "goes with none of" in ended.stderr

    for alone in (["--collect"], ["--until-idle", "3"]):
        ended = run("grader", "grade", *alone, cwd=tmp_path)
        assert (ended.returncode, "go with --watch" in ended.stderr) == (1, True)


def nbgrader(*words: str, cwd: Path) -> None:
    ended = run("nbgrader", *words, cwd=cwd)
    assert ended.returncode == 0, ended.stderr


def test_what_is_submitted_to_nbgraders_exchange_is_graded(tmp_path: Path) -> None:
    course, learner, shared = (tmp_path / name for name in ("course", "ada", "exchange"))
    shared.mkdir()
    shared.chmod(0o777)
    config = (
        f"c = get_config()\nc.CourseDirectory.course_id = 'mine'\nc.Exchange.root = '{shared}'\n"
    )
    for folder in (course, learner):
        folder.mkdir()
        (folder / "nbgrader_config.py").write_text(config)
    exercise = builders.one(course, "0-start", "doubled_value")
    assert run("grader", "release", "--course", course).returncode == 0
    refused = run("grader", "grade", "--watch", "--collect", "--course", course)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "exchange has no such folder" in refused.stderr
    nbgrader("release_assignment", "0-start", cwd=course)
    nbgrader("fetch_assignment", "0-start", cwd=learner)

    with watching(course, "--collect") as process:
        (learner / "0-start/doubled_value.ipynb").write_bytes(
            notebook.dumps(notebook.solve(exercise))
        )
        nbgrader("submit", "0-start", cwd=learner)
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())

    assert told["attempt"]["score"] == "1"
    assert told["attempt"]["handed_in_by"] == "nbgrader's exchange"
    assert (course / "submitted" / told["attempt"]["learner"] / "0-start/timestamp.txt").is_file()
