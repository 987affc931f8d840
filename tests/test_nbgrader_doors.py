"""nbgrader's own commands on our exercises: none of them gives a point that grading did not."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.apps import NbGrader, NbGraderAPI
from traitlets.config import Config

from grader.book import guard
from grader.learners import check as learner
from grader.learners import start
from grader.learners.shown import LATER
from tests.builders import course
from tests.commands import run

STUB = "raise NotImplementedError()"
ANSWERS = {
    "untouched": STUB,
    "visible_only": "return 4",
    "right": "return value * 2",
    # To nbgrader this is a full mark.
    "forged": f"{STUB}\ndef check(*_):\n    return 1",
}
MARKS = {"untouched": 0.0, "visible_only": 0.5, "right": 1.0, "forged": 0.0}
OWN_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'mine'\n"
SOURCE = "submitted/{}/0-start/doubled_value.ipynb"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release a small course, hand in every answer, and grade them."""
    root = course(tmp_path_factory.mktemp("graded"))
    assert run("grader", "release", "--course", root).returncode == 0
    for name, answer in ANSWERS.items():
        hand_in(root, name, answer)
    assert run("grader", "grade", "0-start", "--course", root).returncode == 0
    return root


def hand_in(root: Path, name: str, answer: str) -> Path:
    folder = root / "submitted" / name / "0-start"
    shutil.copytree(root / "release/0-start", folder)
    path = folder / "doubled_value.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(STUB, answer)
    nbformat.write(notebook, path)
    return path


def marks(root: Path) -> list[tuple[Any, ...]]:
    """Return all that the gradebook holds of marks and comments."""
    with closing(sqlite3.connect(root / "gradebook.db")) as connection:
        tables = ("grade", "comment", "submitted_assignment", "submitted_notebook")
        rows = [connection.execute(f"SELECT * FROM {table} ORDER BY id") for table in tables]
        return [row for found in rows for row in found.fetchall()]


def auto_scores(root: Path) -> dict[str, float | None]:
    query = """SELECT student_id, auto_score FROM grade
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id"""
    with closing(sqlite3.connect(root / "gradebook.db")) as connection:
        return dict(connection.execute(query).fetchall())


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---------------------------------------------------------------- validate


def validate(notebook: Path) -> str:
    ended = run("nbgrader", "validate", notebook.name, cwd=notebook.parent)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout + ended.stderr


def test_validate_says_what_check_says_of_an_untouched_notebook(graded: Path) -> None:
    said = validate(graded / SOURCE.format("untouched"))

    assert "VALIDATION FAILED ON 1 CELL" in said
    assert "doubled_value: 0 of 1 visible tests pass.\n" in said
    assert "This answer is not written yet." in said
    assert "Success" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["visible_only", "right"])
def test_validate_passes_visible_tests_and_tells_that_there_are_others(
    graded: Path, name: str
) -> None:
    said = validate(graded / SOURCE.format(name))

    assert "Success! Your notebook passes all the tests." in said
    assert LATER in said


def test_validate_fails_where_the_exercise_is_lost(graded: Path, tmp_path: Path) -> None:
    lost = shutil.copy(graded / SOURCE.format("right"), tmp_path / "doubled_value.ipynb")

    said = validate(Path(lost))

    assert "No exercise was found for doubled_value" in said
    assert "Success" not in said


@pytest.fixture
def validating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a started exercise, as nbgrader does to validate its notebook."""
    notebook = start.start(course(tmp_path / "course"), "heights", tmp_path / "mine")
    monkeypatch.chdir(notebook.parent)
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    return notebook.parent


def test_an_answer_that_a_person_reads_fails_no_validation(validating: Path) -> None:
    assert "a person reads this answer" in learner.check("note").note


def test_a_task_without_visible_tests_fails_no_validation(validating: Path) -> None:
    tests = validating / "checks/heights/test_visible.py"
    tests.write_text("")

    assert learner.check("tallest").note == "tallest has no visible tests."


def test_visible_tests_that_were_lost_or_spoiled_fail_it(validating: Path) -> None:
    tests = validating / "checks/heights/test_visible.py"

    tests.write_text("def")
    with pytest.raises(AssertionError, match=r"test_visible\.py"):
        learner.check("tallest")
    tests.unlink()
    with pytest.raises(AssertionError, match="is missing"):
        learner.check("tallest")


# ---------------------------------------------------------------- autograde


@contextmanager
def unchanged(root: Path) -> Iterator[None]:
    before, notebooks = marks(root), files(root / "autograded")
    assert before
    assert notebooks
    yield
    assert marks(root) == before
    assert files(root / "autograded") == notebooks


def test_grading_gave_what_the_answers_are_worth(graded: Path) -> None:
    assert auto_scores(graded) == MARKS


@pytest.mark.parametrize("config", ["ours", "their own", "none"])
def test_autograde_is_refused_before_it_changes_anything(graded: Path, config: str) -> None:
    path = graded / "nbgrader_config.py"
    ours = path.read_text()
    if config == "their own":
        path.write_text(OWN_CONFIG)
    elif config == "none":
        path.unlink()

    with unchanged(graded):
        ended = run("nbgrader", "autograde", "0-start", "--force", cwd=graded)

    path.write_text(ours)
    assert ended.returncode == 1
    sentence = "nbgrader cannot mark 0-start: run `grader grade 0-start`. Nothing was changed."
    assert ended.stderr.endswith(f"[AutogradeApp | ERROR] {sentence}\n")
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_our_configuration_is_enough_without_the_installed_one(
    graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "1")

    with unchanged(graded):
        ended = run("nbgrader", "autograde", "0-start", "--force", cwd=graded)

    assert ended.returncode == 1
    assert "run `grader grade 0-start`" in ended.stderr


@pytest.mark.parametrize("name", ANSWERS)
def test_the_api_with_nbgraders_configuration_is_refused(
    graded: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(graded)
    app = NbGrader()
    app.load_config_file()

    with unchanged(graded):
        told = NbGraderAPI(config=app.config).autograde("0-start", name)

    assert not told["success"]
    assert "run `grader grade 0-start`" in told["error"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own
@pytest.mark.parametrize("name", ["untouched", "visible_only", "right", "forged", "ungraded"])
def test_who_reads_no_configuration_is_refused_by_the_gradebook(
    graded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = shutil.copytree(graded, tmp_path / "course")
    if name == "ungraded":
        hand_in(root, name, STUB)
    before = auto_scores(root)
    monkeypatch.chdir(root)
    monkeypatch.setenv("NBGRADER_EXECUTION", "")  # which nbgrader leaves set when it fails

    told = NbGraderAPI(config=Config(CourseDirectory={"root": str(root)})).autograde(
        "0-start", name
    )

    assert {who: score for who, score in auto_scores(root).items() if score is not None} == before
    assert not told["success"]
    assert guard.REFUSED in told["log"]


@pytest.mark.slow
def test_nbgraders_own_assignments_in_the_same_course_are_marked(
    graded: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(graded, tmp_path / "course")
    cell = nbformat.v4.new_code_cell("assert True")
    told = {"grade": True, "solution": False, "locked": True, "points": 3, "grade_id": "tests"}
    cell.metadata["nbgrader"] = {**told, "schema_version": 3, "task": False, "cell_type": "code"}
    (root / "source/ps1").mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), root / "source/ps1/problem.ipynb")

    made = run("nbgrader", "generate_assignment", "ps1", cwd=root)
    shutil.copytree(root / "release/ps1", root / "submitted/ada/ps1")
    ended = run("nbgrader", "autograde", "ps1", cwd=root)

    assert (made.returncode, ended.returncode) == (0, 0), made.stderr + ended.stderr
    assert auto_scores(root) == {**MARKS, "ada": 3.0}


@pytest.mark.slow
def test_nbgraders_other_commands_go_on_working(graded: Path, tmp_path: Path) -> None:
    root = shutil.copytree(graded, tmp_path / "course")

    for command in (
        ("generate_feedback", "0-start", "--force"),
        ("export", "--to", "marks.csv"),
        ("db", "student", "list"),
    ):
        ended = run("nbgrader", *command, cwd=root)
        assert ended.returncode == 0, ended.stderr

    assert marks(root) == marks(graded)
    assert "visible_only" in (root / "marks.csv").read_text()


# ---------------------------------------------------------------- the gradebook


@pytest.fixture
def connection(graded: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy of the gradebook as any other program would."""
    shutil.copy(graded / "gradebook.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE grade SET auto_score = 1",
        "UPDATE grade SET auto_score = NULL",
        "UPDATE comment SET auto_comment = 'No response.'",
        "INSERT INTO grade (id, notebook_id, cell_id, auto_score) "
        "SELECT 'new', 'new', cell_id, 1 FROM grade LIMIT 1",
    ],
)
def test_only_grading_writes_what_tests_gave(connection: sqlite3.Connection, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="run `grader grade`"):
        connection.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE grade SET manual_score = 1, extra_credit = 1, needs_manual_grade = 0",
        "UPDATE comment SET manual_comment = 'Well done.'",
        "DELETE FROM grade",
    ],
)
def test_what_people_decide_is_theirs(connection: sqlite3.Connection, change: str) -> None:
    assert connection.execute(change).rowcount == len(ANSWERS)


def test_grading_brings_back_a_guard_that_was_lost(graded: Path, tmp_path: Path) -> None:
    root = shutil.copytree(graded, tmp_path / "course")
    with closing(sqlite3.connect(root / "gradebook.db")) as connection:
        connection.execute("DROP TRIGGER grader_guard_grade_update")
        run("grader", "grade", "0-start", "--course", root)

        with pytest.raises(sqlite3.IntegrityError, match="run `grader grade`"):
            connection.execute("UPDATE grade SET auto_score = 1")
