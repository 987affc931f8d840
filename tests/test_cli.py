"""The command line: help, errors in one sentence, exit codes, JSON for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.cli.main import grader
from grader.exercises import notebook, source
from grader.learners import start
from tests import builders
from tests.commands import run

COMMANDS = sorted(grader.commands)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom grader.cli.main import grader\n"
        "assert CliRunner().invoke(grader, ['--help']).exit_code == 0\n"
        "heavy = {'pandas', 'numpy', 'pytest', 'nbformat', 'sqlalchemy', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = run("python", "-c", code)

    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = run("grader", command, "--help")

    assert done.returncode == 0
    assert f"Example: grader {command}" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme_or_on_the_pages(command: str, root: Path) -> None:
    pages = [root / "README.md", *root.glob("course/*/*.md")]

    assert any(f"grader {command}" in page.read_text(encoding="utf-8") for page in pages)


def test_a_folder_without_exercises_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    for command in ("grade", "release", "verify"):
        done = run("grader", command, "--course", tmp_path)

        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "exercises/" in done.stderr


def test_a_misspelt_exercise_gets_the_nearest_name(tmp_path: Path) -> None:
    builders.course(tmp_path)

    done = run("grader", "start", "heigths", "--course", tmp_path, "--no-open")

    assert done.returncode == 1
    assert "heights" in done.stderr


@pytest.mark.sandbox
def test_three_files_in_an_empty_folder_are_released_solved_and_graded(tmp_path: Path) -> None:
    made = builders.one(tmp_path, "1-try", "doubled_value")
    (made.folder / "test_visible.py").unlink()

    assert run("grader", "release", "--course", tmp_path).returncode == 0
    released = tmp_path / "release/1-try/doubled_value.ipynb"
    solved = json.loads(released.read_text(encoding="utf-8"))
    for cell in solved["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "def doubled_value(value):\n    return 2 * value\n"
    handed = tmp_path / "submitted/ada/1-try/doubled_value.ipynb"
    handed.parent.mkdir(parents=True)
    handed.write_text(json.dumps(solved), encoding="utf-8")
    done = run("grader", "grade", "--course", tmp_path, "--json")

    assert done.returncode == 0, done.stderr
    assert [attempt["score"] for attempt in json.loads(done.stdout)["graded"]] == ["1"]
    assert (tmp_path / "feedback/ada/1-try/doubled_value.html").is_file()


@pytest.mark.sandbox
def test_one_endless_task_costs_only_its_own_tests(tmp_path: Path) -> None:
    exercise = builders.heights(tmp_path, spec=builders.SPEC + builders.LIMITS)
    builders.people(tmp_path)
    answers = {"tallest": "def tallest(heights):\n    while True:\n        pass\n"}
    handed = tmp_path / "submitted/ada/4-cleaning/heights.ipynb"
    handed.parent.mkdir(parents=True)
    handed.write_bytes(
        notebook.dumps(notebook.solve(exercise, source.references(exercise) | answers))
    )

    done = run("grader", "grade", "heights", "--course", tmp_path, "--json")

    [attempt] = json.loads(done.stdout)["graded"]
    points = {task["task"]: task["points"] for task in attempt["tasks"]}
    assert points == {"parse_height": "6", "tallest": "0", "note": None}
    assert attempt["ending"] == "timeout"


@pytest.mark.sandbox
def test_check_runs_the_visible_tests_on_the_learners_notebook(tmp_path: Path) -> None:
    builders.course(tmp_path)
    assert run("grader", "start", "heights", "--course", tmp_path, "--no-open").returncode == 0
    path = tmp_path / "work/4-cleaning/heights.ipynb"

    unsolved = run("grader", "check", "heights", cwd=tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "raise NotImplementedError()",
            "return float(str(text)[0]) if 'text' in locals() else heights[-1]",
        ),
        encoding="utf-8",
    )
    half = json.loads(run("grader", "check", "heights", "--json", cwd=tmp_path).stdout)

    assert unsolved.returncode == 1
    assert "not written yet" in unsolved.stdout
    assert [t["outcome"] for t in half["tasks"]["tallest"]] == ["passed"]
    assert [t["outcome"] for t in half["tasks"]["parse_height"]] == ["failed"]
    assert half["passed"] is False


@pytest.mark.sandbox
def test_check_names_the_line_in_the_notebook_and_the_limit_that_was_passed(tmp_path: Path) -> None:
    builders.course(tmp_path)
    path = start.start(tmp_path, "heights")
    raw = json.loads(path.read_text(encoding="utf-8"))
    answers = {
        "parse_height": "# mine\ndef parse_height(text):\n    return {}[text]",
        # The notebook itself calls it with three, and need not run into the limit of a cell.
        "tallest": "def tallest(heights):\n    while len(heights) == 2: pass",
    }
    for cell in raw["cells"]:
        cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    path.write_text(json.dumps(raw), encoding="utf-8")
    number = [cell["source"] for cell in raw["cells"]].index(answers["parse_height"]) + 1

    said = run("grader", "check", "tallest", cwd=tmp_path).stdout

    assert "\x1b" not in said
    assert f"      in cell {number}, line 3: return {{}}[text]\n" in said
    assert '      The test called submission.parse_height("5\'11")\n' in said
    assert "Your code was stopped at its time limit: it took longer than 5 seconds.\n" in said


@pytest.mark.parametrize("name", ["parse_heigth", "Height", "Heigths"])
def test_check_of_what_is_no_exercise_names_the_one_that_was_meant(
    tmp_path: Path, name: str
) -> None:
    builders.course(tmp_path)

    done = run("grader", "check", name, cwd=tmp_path)

    assert done.returncode == 1
    assert "did you mean heights?" in done.stderr


def test_check_without_a_notebook_says_how_to_get_one(tmp_path: Path) -> None:
    builders.course(tmp_path)

    done = run("grader", "check", "heights", cwd=tmp_path)

    assert done.returncode == 1
    assert "grader start heights" in done.stderr


def test_check_of_a_misspelled_exercise_names_the_notebook_that_is_there(tmp_path: Path) -> None:
    builders.course(tmp_path)
    run("grader", "start", "heights", "--course", tmp_path, "--no-open")

    done = run("grader", "check", "hights", cwd=tmp_path)

    assert done.returncode == 1
    assert "did you mean heights?" in done.stderr
