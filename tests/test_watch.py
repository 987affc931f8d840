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
        assert "Ctrl-C ends it" in process.stderr.readline()
        yield process
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
