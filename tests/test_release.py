"""What learners receive, and what they never do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from grader.errors import ExerciseError
from grader.exercises import notebook
from grader.exercises.leaks import leaks
from grader.exercises.release import files, release
from grader.files import write
from tests.builders import HIDDEN, NOTEBOOK, SPEC, VISIBLE, course, heights, one

TESTS = "checks/heights/test_visible.py"


def contents(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_release_holds_notebooks_visible_tests_hints_and_data(tmp_path: Path) -> None:
    root = course(tmp_path)

    written = release(root)

    assert {str(path.relative_to(root)) for path in written} == {
        "nbgrader_config.py",
        "release/0-start/doubled_value.ipynb",
        "release/0-start/checks/doubled_value/exercise.json",
        "release/0-start/checks/doubled_value/test_visible.py",
        "release/4-cleaning/heights.ipynb",
        "release/4-cleaning/checks/heights/exercise.json",
        "release/4-cleaning/checks/heights/test_visible.py",
        "release/4-cleaning/data/people.csv",
    }
    assert all(path.is_file() for path in written)


def test_a_release_twice_is_the_same_and_touches_nothing(tmp_path: Path) -> None:
    root = course(tmp_path)
    release(root)
    before = {path: path.stat().st_mtime_ns for path in (root / "release").rglob("*.*")}
    first = contents(root / "release")

    release(root)

    assert contents(root / "release") == first
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_one_assignment_can_be_released_alone(tmp_path: Path) -> None:
    root = course(tmp_path)

    release(root, "0-start")

    assert [path.name for path in (root / "release").iterdir()] == ["0-start"]


def test_an_unknown_assignment_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match=r"no assignment '4-cleanin' .* 4-cleaning"):
        release(course(tmp_path), "4-cleanin")


def test_nothing_of_solutions_or_hidden_tests_is_in_any_file(tmp_path: Path) -> None:
    root = course(tmp_path)
    release(root)

    whole = b"\n".join(contents(root / "release").values()).decode()

    for secret in ("int(inches)", "key=parse_height)", "test_inches_carry", "182.88", "canary-"):
        assert secret in NOTEBOOK + HIDDEN
        assert secret not in whole


def test_checks_hold_tasks_points_and_hints(tmp_path: Path) -> None:
    spec = json.loads(files(heights(tmp_path))["checks/heights/exercise.json"])

    assert spec["exercise"] == "heights"
    assert [(task["name"], task["points"], task["manual"]) for task in spec["tasks"]] == [
        ("parse_height", 6, False),
        ("tallest", 3, False),
        ("note", 2, True),
    ]
    assert spec["tasks"][1]["hints"][0] == "Which helper do you have?"


def test_nbgraders_configuration_is_written_once(tmp_path: Path) -> None:
    root = course(tmp_path)
    release(root)
    config = root / "nbgrader_config.py"
    assert f'course_id = "{tmp_path.name}"' in config.read_text(encoding="utf-8")
    config.write_text("mine", encoding="utf-8")

    release(root)

    assert config.read_text(encoding="utf-8") == "mine"


# ---------------------------------------------------------------- leaks


def test_an_honest_exercise_leaks_nothing(tmp_path: Path) -> None:
    exercise = heights(tmp_path)

    assert leaks(exercise, files(exercise)) == []


def test_a_solved_notebook_leaks_every_telling_line(tmp_path: Path) -> None:
    exercise = heights(tmp_path)

    found = leaks(exercise, {"heights.ipynb": notebook.dumps(notebook.solve(exercise))})

    assert [fault.partition(": ")[2] for fault in found if "the solution of" in fault] == [
        'feet, inches = text.split("\'")',
        "# twelve inches to the foot, always",
        "return (int(feet) * 12 + int(inches)) * INCH",
        "return max(heights, key=parse_height)",
        "Those below two feet: they are likelier metres than feet.",
    ]


@pytest.mark.parametrize(
    ("replaced", "said"),
    [
        ({"visible": VISIBLE + "# return max(heights, key=parse_height)\n"}, "solution of tallest"),
        ({"visible": VISIBLE + "# ranked = sorted(heights, key=parse_height)\n"}, "right/sorts.py"),
        ({"visible": VISIBLE + "# see test_inches_carry\n"}, "names the hidden test_inches_carry"),
        ({"visible": VISIBLE + HIDDEN.split("foot.")[1].split("@task")[0].lstrip('"')},
         "line of test_hidden.py: assert"),
        ({"visible": VISIBLE + "# canary-7d1f0c92ab\n"}, "the canary canary-7d1f0c92ab"),
        ({"spec": SPEC.replace("max takes a key.", "`return max(heights, key=parse_height)`")},
         "quotes 1 of the 1 lines of the solution of tallest in its hints"),
        ({"notebook": NOTEBOOK.replace("# Now the", '# submission.parse_height("5\'12") == '
         'pytest.approx(182.88)\n# assert submission.parse_height("5\'12") == '
         "pytest.approx(182.88)\n# Now the")}, "heights.ipynb holds a line of test_hidden.py"),
    ],
)  # fmt: skip
def test_a_leak_is_named_with_its_file(tmp_path: Path, replaced: dict[str, str], said: str) -> None:
    exercise = heights(tmp_path, **replaced)

    found = leaks(exercise, files(exercise))

    assert any(said in fault for fault in found)


def test_a_leak_is_found_through_the_quotes_of_json(tmp_path: Path) -> None:
    exercise = heights(tmp_path)
    leaked = json.dumps({"deep": [{"in": 'x\nfeet, inches  = text.split("\'")'}]})

    found = leaks(exercise, {"checks/other.json": leaked.replace("  =", " =").encode()})

    assert found == [
        "checks/other.json holds a line of the solution of parse_height: "
        'feet, inches = text.split("\'")'
    ]


def test_lines_that_tell_nothing_or_are_given_do_not_count(tmp_path: Path) -> None:
    plain = NOTEBOOK.replace(
        "    return max(heights, key=parse_height)",
        "    import functools\n    best = None\n    for height in heights:\n        pass\n"
        '    HEIGHTS = ["5\'11", "6\'2", "5\'0"]\n    return best',
    )
    exercise = heights(tmp_path, notebook=plain)
    shown = 'import functools\nbest = None\nreturn best\nHEIGHTS = ["5\'11", "6\'2", "5\'0"]\n'

    assert leaks(exercise, {TESTS: shown.encode()}) == []


def test_visible_tests_may_share_tables_with_hidden_ones(tmp_path: Path) -> None:
    table = 'TABLE = {"5\'9": 175.26, "5\'10": 177.8}\n'
    exercise = heights(tmp_path, visible=VISIBLE + table, hidden=HIDDEN + table)

    assert leaks(exercise, files(exercise)) == []
    assert len(leaks(exercise, {"heights.md": table.encode()})) == 1


def test_a_canary_is_found_in_data(tmp_path: Path) -> None:
    exercise = heights(tmp_path)

    found = leaks(exercise, {"data/people.parquet": b"\x00\x01canary-7d1f0c92ab\xff"})

    assert found == ["data/people.parquet holds the canary canary-7d1f0c92ab"]


def test_a_leaking_release_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    root = course(tmp_path)
    heights(root, visible=VISIBLE + "# canary-7d1f0c92ab\n")

    with pytest.raises(ExerciseError, match=r"heights: not released: .*canary-7d1f0c92ab"):
        release(root)

    assert not (root / "release").exists()


def test_two_exercises_of_a_module_cannot_share_a_task(tmp_path: Path) -> None:
    root = course(tmp_path)
    one(root, "4-cleaning", "tallest")

    with pytest.raises(ExerciseError, match="heights of the same module has a task tallest"):
        release(root)


def test_missing_data_is_named_with_the_field(tmp_path: Path) -> None:
    root = course(tmp_path)
    (root / "datasets" / "people.csv").rename(root / "datasets" / "persons.csv")

    with pytest.raises(ExerciseError, match=r"exercise\.toml: data: no data set 'people'"):
        release(root)


def test_hidden_tests_that_are_not_python_are_named(tmp_path: Path) -> None:
    exercise = heights(tmp_path, hidden="def (")

    with pytest.raises(ExerciseError, match=r"test_hidden\.py: invalid syntax"):
        leaks(exercise, files(exercise))


# ---------------------------------------------------------------- write


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_file_is_replaced_whole_for_those_who_may_read(
    tmp_path: Path, mask: int, mode: int
) -> None:
    path = tmp_path / "a" / "b.txt"

    before = os.umask(mask)
    try:
        write(path, b"one")
        write(path, b"two")
    finally:
        os.umask(before)

    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == mode
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()

    with pytest.raises(IsADirectoryError):
        write(path, b"x")

    assert list(tmp_path.iterdir()) == [path]
