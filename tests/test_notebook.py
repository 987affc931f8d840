"""From an exercise to the learner's notebook, and to solved ones."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, is_grade, is_locked, is_solution

from grader.errors import ExerciseError
from grader.exercises import cells, notebook, source, variants
from grader.exercises.folder import Exercise
from tests.builders import NOTEBOOK, WRONG, heights, one

SOLUTION = (
    "    ### BEGIN SOLUTION\n    return max(heights, key=parse_height)\n    ### END SOLUTION\n"
)


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return heights(tmp_path)


def test_the_release_holds_no_solution_and_keeps_what_is_given(exercise: Exercise) -> None:
    text = notebook.dumps(notebook.release(exercise)).decode()

    assert "SOLUTION" not in text
    assert "int(inches)" not in text
    assert "Return the height in centimetres." in text
    assert "Which heights would you not trust, and why?" in text


def test_a_stub_stands_where_the_solution_stood_at_its_indentation(exercise: Exercise) -> None:
    stubs = source.stubs(exercise)

    assert stubs["parse_height"] == (
        'def parse_height(text):\n    """Return the height in centimetres."""\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert stubs["note"] == "Which heights would you not trust, and why?\n\nYOUR ANSWER HERE"


def test_a_written_answer_without_markers_is_taken_out_whole(tmp_path: Path) -> None:
    plain = NOTEBOOK.replace("# Which heights would you not trust, and why?\n#\n", "")
    lines = [line for line in plain.split("\n") if not line.startswith("# ### ")]

    exercise = heights(tmp_path, notebook="\n".join(lines))

    assert source.stubs(exercise)["note"] == "YOUR ANSWER HERE"
    assert source.solutions(exercise)["note"] == (
        "Those below two feet: they are likelier metres than feet.",
    )


def test_every_code_answer_is_followed_by_its_check(exercise: Exercise) -> None:
    cells = notebook.release(exercise).cells

    origins = [(cell.metadata.grader.origin, cell.metadata.grader.get("task")) for cell in cells]
    assert origins == [
        ("given", None),
        ("given", None),
        ("answer", "parse_height"),
        ("check", "parse_height"),
        ("given", None),
        ("given", None),
        ("answer", "tallest"),
        ("check", "tallest"),
        ("answer", "note"),
        ("given", None),
    ]
    assert cells[3].source == 'check("parse_height")'


def test_magics_are_magics_again_in_the_release(exercise: Exercise) -> None:
    assert "\n%matplotlib inline\n" in notebook.release(exercise).cells[1].source


def test_the_release_is_valid_for_nbformat_and_for_nbgrader(exercise: Exercise) -> None:
    released = notebook.release(exercise)

    nbformat.validate(released)
    MetadataValidator().validate_nb(released)


def test_checksums_are_those_that_nbgrader_computes(exercise: Exercise) -> None:
    for cell in notebook.release(exercise).cells:
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)


def test_nbgrader_sees_answers_grades_and_locked_cells(exercise: Exercise) -> None:
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.release(exercise).cells}

    kinds = {
        name: (is_grade(cell), is_solution(cell), is_locked(cell)) for name, cell in cells.items()
    }
    assert kinds["parse_height"] == (False, True, False)
    assert kinds["parse_height-points"] == (True, False, True)
    assert kinds["note"] == (True, True, False)
    assert kinds["given-1"] == (False, False, True)
    assert cells["parse_height-points"].metadata.nbgrader.points == 6
    assert cells["note"].metadata.nbgrader.points == 2


def test_given_and_check_cells_can_neither_be_edited_nor_deleted(exercise: Exercise) -> None:
    for cell in notebook.release(exercise).cells:
        assert cell.metadata.deletable is False
        assert cell.metadata.get("editable", True) is (cell.metadata.grader.origin == "answer")


def test_a_release_built_twice_is_the_same_to_the_byte(exercise: Exercise) -> None:
    first = notebook.dumps(notebook.release(exercise))

    assert notebook.dumps(notebook.release(exercise)) == first
    assert json.loads(first)["metadata"]["grader"] == {
        "assignment": "4-cleaning",
        "exercise": "heights",
        "format": 1,
    }


def test_cell_ids_are_made_from_exercise_and_task_and_fit_nbformat(tmp_path: Path) -> None:
    slug = "a_very_long_name_" * 5 + "end"

    ids = [cell.id for cell in notebook.release(one(tmp_path, "0-start", slug)).cells]

    assert all(len(id) <= 64 for id in ids)
    assert len(set(ids)) == len(ids)


def answers(solved: NotebookNode) -> dict[str, str]:
    told = [(cell.metadata.grader, cell.source) for cell in solved.cells]
    return {ours.task: source for ours, source in told if ours.origin == "answer"}


def test_the_reference_fills_the_release_and_runs(exercise: Exercise) -> None:
    solved = notebook.solve(exercise)

    space: dict[str, object] = {"INCH": 2.54}
    exec(answers(solved)["parse_height"], space)
    assert space["parse_height"]("6'2") == pytest.approx(187.96)  # type: ignore[operator]
    assert "SOLUTION" not in notebook.dumps(solved).decode()


def test_given_answers_replace_the_reference_of_their_task_only(exercise: Exercise) -> None:
    solved = answers(notebook.solve(exercise, {"tallest": "tallest = max"}))

    assert solved["tallest"] == "tallest = max"
    assert solved["parse_height"] == source.references(exercise)["parse_height"]


def test_an_answer_to_an_unknown_task_is_refused(exercise: Exercise) -> None:
    with pytest.raises(ExerciseError, match="did you mean tallest"):
        notebook.solve(exercise, {"talest": ""})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('task="tallest"', 'task="talest"', r"cell 6 .*did you mean tallest"),
        ('task="tallest"', 'taks="tallest"', r"unknown cell option 'taks'; did you mean task"),
        ('task="tallest"', 'task="parse_height"', r"task parse_height needs one cell .* are 2"),
        (' task="tallest"', "", r"outside an answer cell"),
        ("    ### END SOLUTION\n\n\n# %% [markdown]\n# Now", "\n# %%\n# Now", "without END"),
        ("    ### BEGIN SOLUTION\n    return max", "    return max", "without the other marker"),
        ("INCH = 2.54", "library = 2.54", r"cell 2 .*library is what tests call on a submission"),
        ("INCH = 2.54", "cell = 2.54", r"cell 2 .*cell is what tests call on a submission"),
        ("def tallest(heights)", "def call(heights)", r"call is what tests call .* another name"),
        (SOLUTION, "    return max(heights)\n", "no ### BEGIN SOLUTION"),
        ("feet, inches = text", "x = 1  ### BEGIN SOLUTION", "stands alone on its line"),
        (" manual=true", "", "manual is False here, and True in exercise.toml"),
        ("def tallest(heights):", "def tallest(heights:", "valid Python"),
        ("from grader import check, hint, load", "", "from grader import check"),
    ],
)  # fmt: skip
def test_a_fault_of_the_author_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert NOTEBOOK.count(old) == 1
    exercise = heights(tmp_path, notebook=NOTEBOOK.replace(old, new))

    with pytest.raises(ExerciseError, match=rf"notebook\.py: .*{said}"):
        source.source(exercise)


def test_a_missing_notebook_is_named(exercise: Exercise) -> None:
    (exercise.folder / "notebook.py").unlink()

    with pytest.raises(ExerciseError, match=r"heights/notebook\.py: missing"):
        source.source(exercise)


def test_a_wrong_file_says_its_mistake_and_what_rejects_it() -> None:
    assert variants.mistake(WRONG) == "Compares the heights as text."
    assert variants.rejected_by(WRONG) == (
        "test_text_order_is_not_height_order",
        "test_inches_carry",
    )


def test_a_file_without_docstring_names_nothing() -> None:
    assert variants.mistake("x = '''no docstring'''") == ""
    assert variants.rejected_by("x = 1") == ()


def test_a_variant_gives_the_tasks_that_it_marks(exercise: Exercise) -> None:
    given = variants.variant(exercise, WRONG)

    assert given == {"tallest": "def tallest(heights):\n    return max(heights)"}


def test_what_stands_before_the_first_mark_goes_with_the_first_task(exercise: Exercise) -> None:
    text = "import re\n# %% tallest\ntallest = 1\n# %% parse_height\nparse_height = 2\n"

    given = variants.variant(exercise, text)

    assert given == {"parse_height": "import re\n\n\nparse_height = 2", "tallest": "tallest = 1"}


def test_a_variant_of_a_single_task_needs_no_mark(tmp_path: Path) -> None:
    exercise = one(tmp_path, "0-start", "doubled_value")

    given = variants.variant(exercise, '"""Halves."""\n\ndoubled_value = 1\n')

    assert given == {"doubled_value": "doubled_value = 1"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tallest = 1", "# %% parse_height, # %% tallest"),
        ("# %% talest\n", "did you mean tallest"),
        ("# %% note\n", "no tests"),
        ("# %% tallest\n# %% tallest\n", "twice"),
    ],
)
def test_an_unclear_variant_is_refused(exercise: Exercise, text: str, said: str) -> None:
    with pytest.raises(ExerciseError, match=f"wrong/x.py: .*{said}"):
        variants.variant(exercise, text, "wrong/x.py")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(x):\n    inner = 1\nclass C:\n    y = 2\n", {"f", "C"}),
        (
            "a, (b, *c) = 1, (2, 3)\nd: int = 4\nfor e in []: g = 1\n",
            {"a", "b", "c", "d", "e", "g"},
        ),
        ("import a.b\nfrom c import d as e\n", {"a", "e"}),
        ("with open('x') as f:\n    pass\nif (n := 3): m = [i for i in x]\n", {"f", "n", "m"}),
        ("%matplotlib inline\nx = !ls\ny = %time 1\n!pip install z\nz = 1\nz?\n", {"x", "y", "z"}),
        ("%%time\nx = 1\n", {"x"}),
        ("%%bash\nx=1\n", set()),
        ("def f(x):\n    return (\n\nlater = 2\nif x == 1\n", {"f", "later"}),
        ("x = '\\d'\n", {"x"}),
        ("x = 1\x00", {"x"}),
        ("f(a=1)\nx == 1\n", set()),
    ],
)
def test_names_are_those_that_a_cell_defines(source: str, found: set[str]) -> None:
    assert cells.names(source) == found


def test_imported_names_can_be_left_out() -> None:
    assert cells.names("import re\nx = 1", imports=False) == {"x"}


@pytest.mark.parametrize(
    "source",
    [
        "1" + "+1" * 40_000,
        "(" * 5_000,
        "-" * 90_000 + "1",
        "x = 1\n" * 100_000,
        " " * 90_000 + "?!",
    ],
)
def test_hostile_sources_neither_crash_nor_stall(source: str) -> None:
    assert cells.names(source) <= {"x"}


def test_only_the_docstring_of_a_variant_is_dropped(tmp_path: Path) -> None:
    exercise = one(tmp_path, "0-start", "doubled_value")

    given = variants.variant(exercise, "'''It's \"odd\".'''\ndoubled_value = '''kept'''\n")

    assert given == {"doubled_value": "doubled_value = '''kept'''"}
