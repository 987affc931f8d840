"""check, hint and start as a learner meets them, beside a release or in a checkout."""

from __future__ import annotations

import io
import json
import linecache
import os
import pty
import re
import signal
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grader import data
from grader.errors import ExerciseError, LearnerError
from grader.exercises import notebook
from grader.learners import answers, places, shown, start
from grader.learners import check as learner
from grader.learners.shown import LATER
from grader.score.attempt import Outcome
from tests.builders import VISIBLE, course, heights, one
from tests.commands import listen_to_ctrl_c, run

WORKING: dict[str, Any] = {
    "parse_height": lambda text: 180.34,
    "tallest": lambda heights: heights[-1],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start the exercise `heights` in a folder of its own, and go there."""
    into = tmp_path / "mine"
    start.start(course(tmp_path / "course"), "heights", into)
    monkeypatch.chdir(into)
    monkeypatch.setattr(learner, "_shown", Counter())  # as in a new kernel
    return into


def checked(task: str, **names: Any) -> learner.Checked:
    return learner.check_in(names, places.find(task), task)


# ---------------------------------------------------------------- check


def test_a_working_answer_passes_and_learns_that_there_is_more(folder: Path) -> None:
    found = checked("parse_height", **WORKING)

    assert found.passed
    assert repr(found) == (
        "parse_height: 1 of 1 visible tests pass.\n  ✓ Five feet eleven are 180 cm.\n" + LATER
    )


def test_a_wrong_answer_reads_the_behaviour_and_a_counter_example(folder: Path) -> None:
    found = checked("parse_height", parse_height=lambda text: 3)

    assert not found.passed
    assert "  ✗ Five feet eleven are 180 cm.\n      assert 3 == 180.34" in repr(found)
    assert LATER not in repr(found)


def test_the_authors_sentence_is_shown_alone(tmp_path: Path) -> None:
    told = VISIBLE.replace("approx(180.34)", 'approx(180.34), "try it with 5\'11"')
    exercise = heights(tmp_path, visible=told)

    place = places.find("parse_height", start=exercise.folder)
    found = learner.check_in({"parse_height": lambda text: 3}, place, "parse_height")

    assert repr(found).splitlines()[2:] == ["      try it with 5'11"]


def test_only_the_tests_of_the_task_run(folder: Path) -> None:
    assert [result.task for result in checked("tallest", **WORKING).results] == ["tallest"]


def test_an_unwritten_answer_is_called_that(folder: Path) -> None:
    def parse_height(text: str) -> float:
        raise NotImplementedError

    found = checked("parse_height", parse_height=parse_height)

    assert "This answer is not written yet." in repr(found)


def test_a_missing_name_fails_the_test_and_is_named(folder: Path) -> None:
    found = checked("parse_height")

    assert found.results[0].outcome is not Outcome.PASSED
    assert "the notebook does not define parse_height" in repr(found)


def test_check_sees_what_the_notebook_defines_and_prints_without_a_notebook(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    space: dict[str, Any] = {"check": learner.check, **WORKING}

    exec('result = check("tallest")', space)

    assert space["result"].passed
    assert "tallest: 1 of 1 visible tests pass." in capsys.readouterr().out


def test_html_escapes_what_the_learners_code_says(folder: Path) -> None:
    def parse_height(text: str) -> float:
        raise ValueError("<script>alert(1)</script>")

    page = checked("parse_height", parse_height=parse_height)._repr_html_()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert 'aria-label="not passed"' in page


def test_a_written_answer_has_nothing_to_check(folder: Path) -> None:
    assert "a person reads this answer" in repr(checked("note"))


# ---------------------------------------------------------------- whose error, and where

VISIBLE_OF_MANY = """\
import pytest
from grader import task


def longest(submission, *texts):
    return len(submission.tallest(list(texts)))


@task("parse_height")
def test_it_is_read(submission):
    \"\"\"It is `read`.\"\"\"
    assert submission.parse_height(
        "5'11é"
    ) == 3


@task("parse_height")
def test_it_is_refused(submission):
    \"\"\"It is refused.\"\"\"
    with pytest.raises(ValueError):
        submission.parse_height("x")


@task("tallest")
def test_it_has_a_length(submission):
    \"\"\"It has a length.\"\"\"
    assert longest(submission, "5'0", "6'0") == 3
"""
# By what the learner wrote: what `check` says under the sentence of the first test that fails.
SAID = {
    "def parse_height(text):\n    rows = []\n    return rows[0]": (
        "These 2: Your code raised IndexError: list index out of range",
        "in mine.py, line 3: return rows[0]",
        'The test called submission.parse_height( "5\'11é" )',
    ),
    "def parse_height(text):\n    return float(text)": (
        'Your code raised ValueError: could not convert string to float: "5\'11é"',
        "in mine.py, line 2: return float(text)",
        'The test called submission.parse_height( "5\'11é" )',
    ),
    "def f():\n    return 3\nparse_height = f": (
        "These 2: Your code raised TypeError: f() takes 0 positional arguments but 1 was given",
        'The test called submission.parse_height( "5\'11é" )',
    ),
    "def parse_height(text):\n    assert text == 'x', 'odd'\n    raise ValueError": (
        "Your code raised AssertionError: odd",
        "in mine.py, line 2: assert text == 'x', 'odd'",
        'The test called submission.parse_height( "5\'11é" )',
    ),
    "def parse_height(text):\n    return 3": (
        "Your code returned 3, where the test expects it to raise ValueError",
    ),
    "def parse_height(text):\n    raise NotImplementedError": (
        "These 2: This answer is not written yet.",
    ),
    "": ("These 2: Something is missing: the notebook does not define parse_height.",),
    "def tallest(heights):\n    pass": (
        "Your code returned None, and the test could not use it: "
        "TypeError: object of type 'NoneType' has no len()",
    ),
    "tallest = None": (
        "Your tallest is None, and the test could not use it: "
        "TypeError: 'NoneType' object is not callable",
    ),
}


@pytest.fixture
def many(tmp_path: Path) -> places.Place:
    exercise = heights(tmp_path / "many", visible=VISIBLE_OF_MANY)
    return places.find("tallest", start=exercise.folder)


def _space(written: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    linecache.cache["mine.py"] = (len(written), None, written.splitlines(True), "mine.py")
    exec(compile(written, "mine.py", "exec"), space)
    return space


def lines_of(place: places.Place, written: str) -> list[str]:
    """Check what a learner wrote into a file; return all that is said under the sentences."""
    space = _space(written)
    task = "tallest" if "tallest" in written else "parse_height"
    told = repr(learner.check_in(space, place, task))
    return [line.strip() for line in told.split("\n") if line.startswith("      ")]


@pytest.mark.parametrize("written", SAID)
def test_an_error_is_told_with_whose_it_is_and_where(many: places.Place, written: str) -> None:
    found = lines_of(many, written)

    assert found[: len(SAID[written])] == list(SAID[written])
    assert not re.search(r"grader/|_?pytest/", "\n".join(found))


def test_the_same_reason_is_told_once_under_all_it_is_of(many: places.Place) -> None:
    found = learner.check_in({}, many, "parse_height")

    assert repr(found).split("\n")[1:] == [
        "  ✗ It is `read`.",
        "  ✗ It is refused.",
        "      These 2: Something is missing: the notebook does not define parse_height.",
    ]
    assert found._repr_html_().count("Something is missing") == 1
    assert "It is <code>read</code>." in found._repr_html_()


def test_a_module_beside_the_notebook_is_the_learners_own(
    many: places.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "helper.py").write_text("def of(text):\n    return {}[text]\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    found = lines_of(many, "from helper import of\ndef parse_height(text):\n    return of(text)")

    assert found[1] == "in helper.py, line 2: return {}[text]"


def test_an_interrupted_check_says_where_it_was_and_the_next_one_works(many: places.Place) -> None:
    listen_to_ctrl_c()

    def parse_height(text: str) -> int:
        while True:
            signal.raise_signal(signal.SIGINT)

    space: dict[str, Any] = {"parse_height": parse_height}
    exec("def outer(text):\n    return inner(text)", space)
    space |= {"inner": parse_height, "parse_height": space["outer"]}

    with pytest.raises(KeyboardInterrupt) as stopped:
        learner.check_in(space, many, "parse_height")

    shown = stopped.value._render_traceback_()  # type: ignore[attr-defined]
    assert shown[0] == 'parse_height: interrupted in the test "It is `read`."'
    assert shown[1] == "in <string>, line 2"
    assert len(shown) == 3
    assert learner.check_in({"parse_height": lambda _: 3}, many, "parse_height").results[0].earned


# ---------------------------------------------------------------- signs and colors


def luminance(color: str) -> float:
    """Return a color's relative luminance, as WCAG 2 defines it."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_marks_can_be_read_and_told_apart_on_every_page(folder: Path) -> None:
    pages = [
        checked("tallest", tallest=answer)._repr_html_()
        for answer in (lambda h: h[-1], lambda _: 1)
    ]

    marks = [re.findall(r"background-color: (#\w+); color: (#\w+).*?>(.)</span>", p) for p in pages]
    assert [[sign for _, _, sign in mark] for mark in marks] == [["✓"], ["✗"]]
    assert marks[0][0][0] != marks[1][0][0]
    for ((background, text, _),) in marks:
        dark, light = sorted(map(luminance, (background, text)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_terminal_gets_colors_and_nothing_else_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = checked("tallest", **WORKING)
    reading, writing = pty.openpty()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "w") as terminal:
        monkeypatch.delenv("NO_COLOR", raising=False)
        assert shown.in_color(terminal)
        monkeypatch.setenv("NO_COLOR", "1")
        assert not shown.in_color(terminal)
    assert not shown.in_color(io.StringIO())

    assert "\x1b[32m✓\x1b[0m" in found.text(color=True)
    assert "\x1b[31m✗\x1b[0m" in checked("parse_height").text(color=True)
    assert "\x1b" not in repr(found)


def test_a_learners_text_moves_no_cursor_and_opens_no_element(many: places.Place) -> None:
    written = "def parse_height(text):\n    raise ValueError('<b>\x1b[2J')  # <script>"

    found = learner.check_in(_space(written), many, "parse_height")

    assert "\x1b" not in found.text()
    assert "<script>" not in found._repr_html_()
    assert "<b>" not in found._repr_html_()
    assert "&lt;script&gt;" in found._repr_html_()


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("parse_heigth", "did you mean parse_height?"),
        ("Parse Height", "did you mean parse_height?"),
        ("heights", "did you mean one of heights's, parse_height, tallest, note?"),
        ("Heights", "did you mean one of heights's, parse_height, tallest, note?"),
        ("x", "there is: note, parse_height, tallest"),
    ],
)
def test_an_unknown_task_is_a_sentence_not_a_traceback(folder: Path, task: str, said: str) -> None:
    assert said in repr(learner.check(task))
    assert said in repr(learner.hint(task))


def test_an_unknown_exercise_is_a_sentence_too(folder: Path) -> None:
    assert "did you mean heights?" in repr(learner.check("tallest", "hights"))
    assert repr(learner.check("tallest", "x")) == "No exercise here is called x."


def test_far_from_any_exercise_it_says_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert "keep the notebook in the folder that you got it in" in repr(learner.check("x"))


def test_a_broken_spec_of_another_exercise_does_not_matter(folder: Path) -> None:
    (folder / "checks" / "broken").mkdir()
    (folder / "checks" / "broken" / "exercise.json").write_text('{"tasks": 7}', encoding="utf-8")

    assert checked("tallest", **WORKING).passed


def test_in_a_checkout_the_exercise_itself_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = course(tmp_path)
    (root / "work" / "deep").mkdir(parents=True)
    monkeypatch.chdir(root / "work" / "deep")

    assert checked("doubled_value", doubled_value=lambda value: value * 2).passed


def test_a_task_of_two_exercises_is_that_of_the_notebook_or_of_the_one_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("first", "second"):
        spec = one(tmp_path, "0-start", slug).folder / "exercise.toml"
        text = spec.read_text(encoding="utf-8").replace(f'name = "{slug}"', 'name = "same"')
        spec.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ExerciseError, match=r'\(first, second\): .* check\(.same., "first"\)'):
        places.find("same")
    assert places.find("same", "second").exercise == "second"
    assert places.find("same", notebook="second").exercise == "second"


def test_a_warm_check_imports_nothing_but_the_tests(folder: Path) -> None:
    checked("tallest", **WORKING)
    before = set(sys.modules)

    checked("tallest", **WORKING)

    assert {name for name in set(sys.modules) - before if "test_visible" not in name} == set()


def test_the_learners_notebook_runs_in_a_kernel_with_check_and_hint(folder: Path) -> None:
    path = folder / "heights.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    written = {"parse_height": "def parse_height(text):\n    return 180.34"}
    for cell in raw["cells"]:
        answer = written.get(cell["metadata"]["nbgrader"]["grade_id"])
        cell["source"] = answer or cell["source"]
    raw["cells"].append(
        {**raw["cells"][1], "source": 'hint("tallest")', "id": "mine", "metadata": {}}
    )
    path.write_text(json.dumps(raw), encoding="utf-8")

    _run(folder, path)

    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell.get("outputs") for cell in cells
    }
    text = "".join(shown["parse_height-points"][0]["data"]["text/plain"])
    assert text.startswith("parse_height: 1 of 1 visible tests pass.")
    assert "This answer is not written yet." in str(shown["tallest-points"])
    assert "Hint 1 of 3: Which helper do you have?" in str(shown[None])


def test_in_a_kernel_a_line_is_named_as_its_margin_names_it(folder: Path) -> None:
    path = folder / "heights.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    written = [
        "import signal\nfrom grader import check",
        "def parse_height(text):\n    height = {}\n    return height[text]",
        "def tallest(heights):\n    signal.raise_signal(signal.SIGINT)",
        'check("parse_height")',
        'check("tallest")',
    ]
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    raw["cells"] = [{**cell, "id": f"c{n}", "source": text} for n, text in enumerate(written)]
    path.write_text(json.dumps(raw), encoding="utf-8")

    _run(folder, path)

    *_, raised, interrupted = json.loads(path.read_text(encoding="utf-8"))["cells"]
    said = "".join(raised["outputs"][0]["data"]["text/plain"])
    assert "in Cell In[2], line 3: return height[text]" in said
    assert interrupted["outputs"][0]["traceback"][:2] == [
        'tallest: interrupted in the test "Of two heights the larger is the tallest."',
        "in Cell In[3], line 2: signal.raise_signal(signal.SIGINT)",
    ]
    assert len(interrupted["outputs"][0]["traceback"]) == 3


def _run(folder: Path, path: Path) -> None:
    done = run("jupyter", "execute", "--inplace", "--allow-errors", path.name, cwd=folder)
    assert done.returncode == 0, done.stderr


def test_a_notebook_without_an_answers_cell_says_which_is_missing(folder: Path) -> None:
    place = places.find("tallest")

    with pytest.raises(LearnerError, match="the notebook's cell for tallest"):
        answers.as_saved(place, [], "tallest")
    for no_code in ("note", "smallest"):
        with pytest.raises(KeyError):
            answers.as_saved(place, [], no_code)


def test_importing_check_loads_nothing_heavy() -> None:
    program = """
        import sys
        from grader import check, hint, load, LearnerError
        print(sorted({"pandas", "pytest", "jupytext", "nbformat", "IPython"} & set(sys.modules)))
    """

    found = run("python", "-c", textwrap.dedent(program))

    assert found.stdout == "[]\n", found.stderr


# ---------------------------------------------------------------- hint


def test_hints_come_one_by_one_and_say_how_many_are_left(folder: Path) -> None:
    said = [repr(learner.hint("tallest")) for _ in range(4)]

    assert said[0] == (
        "Hint 1 of 3: Which helper do you have?\n\n2 more: call hint('tallest') again."
    )
    assert said[1].startswith("Hint 2 of 3: max takes a key.\n\n1 more")
    assert said[2] == "Hint 3 of 3: The key is parse_height.\n\nThat was the last one."
    assert said[3] == said[2]


def test_every_task_has_its_own_hints(folder: Path) -> None:
    learner.hint("tallest")

    assert "Look at the quote." in repr(learner.hint("parse_height"))


def test_a_task_without_hints_says_so(folder: Path) -> None:
    assert repr(learner.hint("note")) == "note has no hints."


# ---------------------------------------------------------------- start


def test_start_writes_notebook_tests_and_data(tmp_path: Path) -> None:
    root = course(tmp_path)

    path = start.start(root, "heights")

    assert path == root / "work" / "4-cleaning" / "heights.ipynb"
    assert {str(file.relative_to(path.parent)) for file in path.parent.rglob("*.*")} == {
        "heights.ipynb",
        "checks/heights/exercise.json",
        "checks/heights/test_visible.py",
        "data/people.csv",
    }


def test_start_never_overwrites_the_learners_notebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = course(tmp_path)
    path = start.start(root, "heights")
    path.write_text("mine", encoding="utf-8")
    (path.parent / "checks" / "heights" / "test_visible.py").write_text("old", encoding="utf-8")

    assert capsys.readouterr().err == ""
    again = start.start(root, "heights")

    assert again.read_text(encoding="utf-8") == "mine"
    (said,) = capsys.readouterr().err.splitlines()
    assert "left as it is" in said
    tests = path.parent / "checks" / "heights" / "test_visible.py"
    assert tests.read_text(encoding="utf-8") == VISIBLE


def test_start_of_an_unknown_exercise_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="there is: heights"):
        start.start(course(tmp_path), "height")


def test_a_started_notebook_is_the_release(tmp_path: Path) -> None:
    root = course(tmp_path)
    exercise = heights(root)

    path = start.start(root, "heights", tmp_path / "elsewhere")

    assert path.read_bytes() == notebook.dumps(notebook.release(exercise))


# ---------------------------------------------------------------- load


def test_a_csv_is_read_as_text_with_blanks_kept(folder: Path) -> None:
    people = data.load("people")

    assert people["height"].tolist() == ["5'11", ""]


def test_data_is_found_in_the_courses_folder_from_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = course(tmp_path)
    (root / "course" / "lesson").mkdir(parents=True)
    monkeypatch.chdir(root / "course" / "lesson")

    assert data.path("people") == root / "datasets" / "people.csv"
    assert data.path("people", root) == root / "datasets" / "people.csv"


def test_parquet_is_read_as_it_is_and_preferred(folder: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"height": [1.5, None]})
    frame.to_parquet(folder / "data" / "people.parquet")

    assert data.load("people").equals(frame)


def test_an_unknown_data_set_names_the_nearest(folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no data set 'peopel'; there is: people"):
        data.load("peopel")


@pytest.mark.parametrize("name", ["../people", "/etc/passwd", "people.csv", "", "a\x00b", ".x"])
def test_a_data_sets_name_is_no_path(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="without path or ending"):
        data.load(name)
