"""An exercise with a fault makes no marks, stops no other one, and says where the fault is."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from grader.book import marks, records
from grader.errors import ExerciseError
from grader.exercises import folder as exercises
from grader.exercises import notebook
from grader.grading import grade as grading
from grader.grading import preview
from grader.grading.job import Settings
from grader.suite import run as suite
from tests import builders
from tests.builders import HIDDEN, VISIBLE
from tests.commands import run

HEIGHTS, OTHER = "exercises/4-cleaning/heights", "exercises/0-start/doubled_value"
LEARNERS = ("ann", "ben", "cleo")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = builders.course(tmp_path / "course")
    for exercise in exercises.find_all(root):
        for learner in LEARNERS:
            path = root / "submitted" / learner / exercise.assignment / f"{exercise.slug}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(notebook.dumps(notebook.solve(exercise)))
    return root


def url(course: Path) -> str:
    return f"sqlite:///{course / 'gradebook.db'}"


def scores(course: Path, slug: str = "heights") -> list[float]:
    return [float(a.score) for a in marks.latest(records.open(url(course))) if a.exercise == slug]


def lines(text: str) -> int:
    return text.count("\n") + 1


MIDDLE = HIDDEN.index('@task("tallest")')
TESTS = {
    "a line that is no Python at the end": HIDDEN + "def broken(:\n",
    "a name that nobody defined at the start": "no_such_name\n" + HIDDEN,
    "a name that nobody defined in the middle": (
        HIDDEN[:MIDDLE] + "no_such_name\n" + HIDDEN[MIDDLE:]
    ),
    "a name that nobody defined at the end": HIDDEN + "\nno_such_name\n",
    "a module that is not there": HIDDEN.replace("import pytest\n", "import pytest, no_such\n"),
    "a file that leaves": HIDDEN + "\nraise SystemExit(0)\n",
    "a file that is skipped": HIDDEN.replace(
        "import pytest\n", 'import pytest\npytest.skip("later", allow_module_level=True)\n'
    ),
    "a test that is marked to be skipped": HIDDEN.replace(
        '@task("tallest")', '@pytest.mark.skip\n@task("tallest")'
    ),
    "two tests of one name": HIDDEN.replace("text_order_is_not_height_order", "inches_carry"),
    "a test whose name is none": HIDDEN.replace("def test_text_order", "def text_order"),
    "a test that nobody awaits": HIDDEN.replace("def test_text_order", "async def test_text_order"),
    "a test in a class that is none": (
        HIDDEN + '\n\nclass Odd:\n    @task("tallest")\n    def test_odd(self, submission):\n'
        '        """Odd."""\n'
    ),
    "a task that is not there": HIDDEN.replace('@task("tallest")', '@task("smallest")'),
}  # fmt: skip


@pytest.mark.parametrize("fault", TESTS)
def test_a_suite_that_is_not_whole_is_none(course: Path, fault: str) -> None:
    (course / HEIGHTS / "test_hidden.py").write_text(TESTS[fault])

    with pytest.raises(ExerciseError, match="heights"):
        suite.load(exercises.find(course, "heights"))


@pytest.mark.sandbox
@pytest.mark.parametrize("fault", [fault for fault in TESTS if "a name that" in fault])
def test_a_suite_that_is_not_whole_is_refused_and_the_others_are_graded(
    course: Path, fault: str
) -> None:
    (course / HEIGHTS / "test_hidden.py").write_text(TESTS[fault])

    # In the course's folder, with a relative path: the way people call it.
    done = run("grader", "grade", "--workers", 1, cwd=course)

    assert done.returncode == 2
    assert scores(course) == []
    assert scores(course, "doubled_value") == [1, 1, 1]
    assert "Traceback" not in done.stdout + done.stderr
    (pending,) = re.findall(r"(?s)Pending: (.*)Feedback:", done.stdout)
    assert all(f"{name}/4-cleaning/heights" in " ".join(pending.split()) for name in LEARNERS)
    assert f"{HEIGHTS}" in pending.replace("\n", "")
    assert lines(done.stderr) <= 4  # one sentence, and not pytest's forty lines


def test_the_sentence_has_file_and_line(course: Path) -> None:
    path = course / HEIGHTS / "test_hidden.py"
    for fault in (
        "a name that nobody defined in the middle",
        "a line that is no Python at the end",
    ):
        path.write_text(TESTS[fault])
        bad = "no_such_name" if "name" in fault else "def broken"
        number = path.read_text()[: path.read_text().index(bad)].count("\n") + 1

        with pytest.raises(ExerciseError, match=rf"heights/test_hidden\.py:{number}: "):
            suite.load(exercises.find(course, "heights"))


def test_a_suite_without_its_hidden_tests_is_none(course: Path) -> None:
    (course / HEIGHTS / "test_hidden.py").unlink()

    with pytest.raises(ExerciseError, match=r"test_hidden\.py: missing"):
        suite.load(exercises.find(course, "heights"))


@pytest.mark.sandbox
def test_visible_tests_that_gave_points_and_are_gone_stop_their_exercise(course: Path) -> None:
    grading.grade(course, url(course))
    (course / HEIGHTS / "test_visible.py").unlink()

    summary = grading.grade(course, url(course), settings=Settings(again=True))

    assert {waiting.submission.split("/")[1] for waiting in summary.pending} == {"4-cleaning"}
    assert "test_visible.py: missing" in summary.pending[0].fault
    assert scores(course) == [9, 9, 9]
    (course / HEIGHTS / "test_visible.py").write_text("")
    assert grading.grade(course, url(course)).pending == []


def test_what_could_not_be_read_is_not_read_better_the_second_time(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)  # the fault of a half imported module showed with relative paths
    (course / HEIGHTS / "test_hidden.py").write_text(
        TESTS["a name that nobody defined in the middle"]
    )
    exercise = exercises.find(Path(), "heights")
    before = set(sys.modules)

    for _ in range(3):
        with pytest.raises(ExerciseError, match="cannot be read"):
            suite.load(exercise)

    assert not [name for name in set(sys.modules) - before if name.endswith("test_hidden")]


FILES = {
    "no notebook.py": ("", ""),
    "exercise.toml": ('points = 6\n', 'points = "six"\n'),
    "notebook.py": ('task="tallest"', 'task="smallest"'),
    "its data": ('data = ["people"]', 'data = ["nobody"]'),
}  # fmt: skip


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("name", "previews"),
    [
        ("exercise.toml", False),
        ("notebook.py", True),
        ("its data", False),
        ("no notebook.py", True),
    ],
)
def test_a_fault_in_its_other_files_stops_no_other_exercise(
    course: Path, name: str, previews: bool
) -> None:
    path = course / HEIGHTS / ("exercise.toml" if name == "its data" else name.split()[-1])
    path.write_text(path.read_text().replace(*FILES[name]))
    if name.startswith("no "):
        path.unlink()
    grade = preview.preview if previews else grading.grade

    done = grade(course, url(course))

    summary = done[0] if isinstance(done, tuple) else done
    assert sorted(waiting.submission for waiting in summary.pending) == [
        f"{learner}/4-cleaning/heights" for learner in LEARNERS
    ]
    assert all("heights" in waiting.fault for waiting in summary.pending)
    assert (summary.exit_code, summary.jobs, len(summary.attempts)) == (2, 6, 3)
    assert scores(course, "doubled_value") == ([] if previews else [1, 1, 1])


@pytest.mark.sandbox
def test_a_task_with_scores_by_hand_that_is_gone_stops_its_exercise_alone(course: Path) -> None:
    grading.grade(course, url(course))
    with records.open(url(course)) as book, book.writing() as connection:
        connection.exec_driver_sql("UPDATE grade SET manual_score = 1 WHERE auto_score IS NULL")
    for name, *change in (
        ("exercise.toml", '\n[[tasks]]\nname = "note"\npoints = 2\nmanual = true\n', ""),
        ("notebook.py", ' task="note" manual=true', ""),
        ("notebook.py", "# ### BEGIN SOLUTION\n# Those", "# Those"),
        ("notebook.py", "feet.\n# ### END SOLUTION", "feet."),
    ):
        path = course / HEIGHTS / name
        assert change[0] in path.read_text()
        path.write_text(path.read_text().replace(*change))

    summary = grading.grade(course, url(course), settings=Settings(again=True))

    assert {waiting.submission.split("/")[1] for waiting in summary.pending} == {"4-cleaning"}
    assert "given for it by hand" in summary.pending[0].fault
    assert len(summary.attempts) == 3
    assert scores(course) == [10, 10, 10]


@pytest.mark.sandbox
def test_tests_that_end_the_process_that_reads_them_stop_no_other_exercise(course: Path) -> None:
    (course / HEIGHTS / "test_hidden.py").write_text("import os\nos._exit(3)\n" + HIDDEN)

    summary = grading.grade(course, url(course), settings=Settings(workers=2))

    assert {waiting.submission for waiting in summary.pending} == {
        f"{learner}/4-cleaning/heights" for learner in LEARNERS
    }
    assert scores(course, "doubled_value") == [1, 1, 1]


@pytest.mark.sandbox
def test_tests_that_are_edited_while_they_are_used_make_no_marks(course: Path) -> None:
    path = course / HEIGHTS / "test_hidden.py"

    def edit(total: int, graded: object) -> None:  # after the versions were taken
        if graded is None:
            path.write_text(HIDDEN + "\n# a remark\n")

    summary = grading.grade(course, url(course), progress=edit)

    assert {"edited while they were used" in waiting.fault for waiting in summary.pending} == {True}
    assert (len(summary.pending), scores(course)) == (3, [])
    assert grading.grade(course, url(course)).pending == []
    assert scores(course) == [9, 9, 9]


# What tests use ---------------------------------------------------------------------------------

HELPED = VISIBLE.replace("import pytest\n", "import pytest\nfrom {module} import CASE\n").replace(
    """"5'11") == pytest.approx(180.34)""", "CASE) == pytest.approx(180.34)"
)
BY_PATH = (
    "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parents[{n}]))\n"
)
PLACES = {
    "beside": ("cases", "4-cleaning/heights/cases.py", ""),
    "of the assignment": ("cases", "4-cleaning/cases.py", ""),
    "of the course": ("cases", "cases.py", ""),
    "of the course, by a path of its own": ("cases", "cases.py", BY_PATH.format(n=2)),
    "of the course's root, by a path": ("exercises.cases", "cases.py", BY_PATH.format(n=3)),
    "in a package": ("shared.cases", "shared/cases.py", ""),
    "by another module": ("between", "between.py", ""),
}
GOOD, BAD = 'CASE = "5\'11"\n', 'CASE = "5\'12"\n'


def helped(course: Path, place: str) -> Path:
    """Have the visible tests of heights use a module; return its path."""
    module, where, first = PLACES[place]
    path = course / "exercises" / where
    path.parent.mkdir(exist_ok=True)
    if place == "by another module":
        path.write_text("from cases import CASE\n")
        path = path.with_name("cases.py")
    path.write_text(GOOD)
    text = first + HELPED.replace("{module}", module)
    (course / HEIGHTS / "test_visible.py").write_text(text)
    return path


@pytest.mark.parametrize("place", PLACES)
def test_a_module_that_tests_import_is_a_part_of_the_version(course: Path, place: str) -> None:
    path = helped(course, place)
    exercise = exercises.find(course, "heights")
    before, tests = exercise.version(), {t.name: t.sha256 for t in suite.load(exercise).tests}

    path.write_text(BAD)

    after = exercise.version()
    assert (before.run_sha256, before.suite_sha256) != (after.run_sha256, after.suite_sha256)
    assert (before.run_sha256, len(exercise.support())) == (
        after.run_sha256,
        1 + (place[:2] == "by"),
    )
    edited = {t.name: t.sha256 for t in suite.load(exercise).tests}
    assert all(edited[name] != sha256 for name, sha256 in tests.items())


@pytest.mark.sandbox
def test_an_edit_of_a_module_that_tests_import_is_noticed(course: Path) -> None:
    path = helped(course, "of the course, by a path of its own")
    assert grading.grade(course, url(course)).pending == []
    assert scores(course) == [9, 9, 9]
    assert grading.grade(course, url(course)).unchanged == 6

    path.write_text(BAD)
    summary, changes = preview.preview(course, url(course), only="heights")
    grading.grade(course, url(course))

    assert summary.pending == []
    assert [(change.before, change.after) for change in changes] == [(9, 6)] * 3
    assert scores(course) == [6, 6, 6]


@pytest.mark.sandbox
def test_an_edit_of_a_file_that_tests_read_is_noticed(course: Path) -> None:
    text = VISIBLE.replace("import pytest\n", "import pytest\nfrom pathlib import Path\n").replace(
        '''"5'11"''', '(Path(__file__).parent / "case.txt").read_text()'
    )
    (course / HEIGHTS / "test_visible.py").write_text(text)
    (course / HEIGHTS / "case.txt").write_text("5'11")
    grading.grade(course, url(course))
    assert scores(course) == [9, 9, 9]

    (course / HEIGHTS / "case.txt").write_text("5'12")
    grading.grade(course, url(course))

    assert scores(course) == [6, 6, 6]


def test_each_exercise_has_its_own_module_of_a_name(course: Path) -> None:
    for folder, case in ((HEIGHTS, "ours"), (OTHER, "theirs")):
        (course / folder / "cases.py").write_text(f"CASE = {case!r}\n")
        path = course / folder / "test_visible.py"
        path.write_text(f"import cases\n\nFOUND = cases.CASE\n{path.read_text()}")

    loaded = [suite.load(one) for one in exercises.find_all(course)]

    cases = {test.module.FOUND for one in loaded for test in one._session.items
             if test.path.name == "test_visible.py"}  # type: ignore[attr-defined]  # fmt: skip
    assert cases == {"ours", "theirs"}
    assert "cases" not in sys.modules


def test_a_module_that_no_version_would_count_is_refused(course: Path) -> None:
    (course / "elsewhere").mkdir()
    (course / "elsewhere/far_cases.py").write_text(GOOD)
    first = BY_PATH.format(n=3).replace(".parents[3]", '.parents[3] / "elsewhere"')
    text = first + HELPED.replace("{module}", "far_cases")
    (course / HEIGHTS / "test_visible.py").write_text(text)

    with pytest.raises(ExerciseError, match=r"far_cases\.py.*would not be noticed"):
        suite.load(exercises.find(course, "heights"))


def test_what_the_certificate_explains_is_a_part_of_no_version(course: Path) -> None:
    exercise = exercises.find(course, "doubled_value")
    before = exercise.version()
    for name in ("survivors.toml", "degenerate.toml"):
        (exercise.folder / name).write_text("")

    assert exercise.version() == before


def test_files_beside_change_no_version_when_there_are_none(course: Path) -> None:
    exercise = exercises.find(course, "doubled_value")

    assert exercise.support() == {}


# A preview --------------------------------------------------------------------------------------


@pytest.mark.sandbox
def test_a_preview_tells_that_a_task_was_added(course: Path) -> None:
    grading.grade(course, url(course))
    spec = course / HEIGHTS / "exercise.toml"
    spec.write_text(spec.read_text() + '\n[[tasks]]\nname = "doubt"\npoints = 5\nmanual = true\n')
    book = course / HEIGHTS / "notebook.py"
    book.write_text(
        book.read_text().replace(
            "\n# %%\nprint(", '\n# %% [markdown] task="doubt" manual=true\n# Why?\n\n# %%\nprint('
        )
    )

    _, changes = preview.preview(course, url(course))
    summary = grading.grade(course, url(course))

    told = {c.submission: (c.before, c.most_before, c.after, c.most_after) for c in changes}
    assert told == {f"{name}/4-cleaning/heights": (9, 11, 9, 16) for name in LEARNERS}
    assert {(a.score, a.max_score) for a in summary.attempts} == {(9, 16)}
