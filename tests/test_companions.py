"""Files beside a notebook: used within bounds behind the wall, named where they are not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from grader.book import marks, records
from grader.exercises import notebook
from grader.exercises.folder import find, select
from grader.grading.grade import grade
from grader.grading.job import Settings
from grader.grading.summary import Summary
from grader.learners import whole
from grader.pages import keep
from grader.sandbox.limits import Isolation, Limits
from grader.sandbox.sandbox import Sandbox
from grader.score.attempt import Attempt
from grader.submissions.intake import companions
from grader.suite.notebook_run import NotebookRun
from tests.builders import LIMITS, one
from tests.test_cluster import Cluster, cluster

__all__ = ["cluster"]

SLUG, ASSIGNMENT = "doubled_value", "0-start"
HELPER = "def twice(value):\n    return value + value\n"
ANSWER = f"def {SLUG}(value):\n    return twice(value)"
IMPORT = "from my_helpers import twice"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    one(tmp_path, ASSIGNMENT, SLUG)
    return tmp_path


def hand_in(course: Path, learner: str, *cells: str, **files: str | bytes) -> Path:
    """Hand in cells of one's own before an answer that needs `twice`, and files beside them."""
    raw: dict[str, Any] = json.loads(
        notebook.dumps(notebook.solve(find(course, SLUG), {SLUG: ANSWER}))
    )
    own = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    raw["cells"][2:2] = own
    folder = course / "submitted" / learner / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{SLUG}.ipynb").write_text(json.dumps(raw))
    write(folder, **files)
    return folder


def write(folder: Path, **files: str | bytes) -> None:
    """Write files whose names have a double underscore for the point."""
    for name, data in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def graded(course: Path, **settings: Any) -> Summary:
    url = f"sqlite:///{course}/gradebook.db"
    return grade(course, url, settings=Settings(**settings))


def latest(course: Path) -> dict[str, Attempt]:
    with records.open(f"sqlite:///{course}/gradebook.db") as book:
        return {attempt.learner: attempt for attempt in marks.latest(book)}


# ---------------------------------------------------------------- what is used


@pytest.mark.parametrize(
    "name",
    ["my_helpers.py", "Größen und Maße (1).csv", "a.tsv", "b.json", "c.txt", "d.parquet", "e.PNG",
     "f-g+h.yaml", "model.pkl", "x.npy", "test_mine.py", "readme.md"],
)  # fmt: skip
def test_modules_and_small_data_are_used(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")

    found = companions.look(tmp_path)

    assert (found.contents(), found.unused) == ({name: b"x"}, ())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("pandas.py", "has a module of its name"),
        ("random.py", "has a module of its name"),
        ("numpy.PY", "has a module of its name"),
        ("class.py", "has a module of its name"),
        ("grader.py", "for their own"),
        ("conftest.py", "for their own"),
        ("sitecustomize.py", "for their own"),
        ("Conftest.py", "for their own"),
        ("jupyter_server_config.py", "for their own"),
        ("jupyter_server_config.json", "for their own"),
        ("nbgrader_config.py", "for their own"),
        ("a.b\x1b[2J.csv", "its name may hold"),
        ("a\u202eb.csv", "its name may hold"),
        ("-rf.csv", "its name may hold"),
        ("$(touch x).csv", "its name may hold"),
        (os.fsdecode(b"a\xff.csv"), "its name may hold"),
        ("a" * 120 + ".csv", "its name may hold"),
        ("page.html", "only modules (.py) and data"),
        ("drawing.svg", "only modules (.py) and data"),
        ("lib.so", "only modules (.py) and data"),
        ("paths.pth", "only modules (.py) and data"),
        ("report.pdf", "only modules (.py) and data"),
    ],
)
def test_what_could_be_taken_for_something_else_is_named(
    tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / name).write_bytes(b"x")

    found = companions.look(tmp_path)

    (said,) = found.unused
    assert why in said and said.endswith(".") and said.isprintable()
    assert found.files == ()


def test_links_folders_and_pipes_are_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a token")
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "link.txt").symlink_to(secret)
    (folder / "zero.csv").symlink_to("/dev/zero")
    (folder / "hard.py").hardlink_to(secret)
    (folder / "package.py").mkdir()
    os.mkfifo(folder / "pipe.csv")

    found = companions.look(folder)

    assert found.files == ()
    assert len(found.unused) == 5
    assert all("it is" in said or "it cannot be opened" in said for said in found.unused)
    # What has become a link since it was listed is not read either.
    (folder / "late.txt").write_text("mine")
    listed = companions.look(folder)
    (folder / "late.txt").unlink()
    (folder / "late.txt").hardlink_to(secret)
    assert listed.files and listed.contents() == {}


@pytest.mark.parametrize(
    "name", ["x.ipynb", "timestamp.txt", "submission_secret.txt", ".DS_Store", "all.zip", "data"]
)
def test_what_has_another_place_is_nothing_to_speak_of(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")

    assert companions.look(tmp_path) == companions.Companions()


def test_number_and_size_are_bounded_and_modules_go_first(tmp_path: Path) -> None:
    for number in range(companions.MOST_FILES + 4):
        (tmp_path / f"{number:02}.csv").write_bytes(b"x")
    (tmp_path / "z.py").write_text(HELPER)
    (tmp_path / "01.csv").write_bytes(b"x" * companions.MOST_BYTES)

    found = companions.look(tmp_path)

    names = [path.name for path in found.files]
    assert names[:3] == ["z.py", "00.csv", "02.csv"]
    assert len(names) == companions.MOST_FILES
    assert sum("5 MB together" in said for said in found.unused) == 1
    assert len(found.unused) == 5
    assert sum(map(len, found.contents().values())) <= companions.MOST_BYTES


def test_thousands_of_strange_files_are_a_few_sentences(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"{number}.html").touch()

    found = companions.look(tmp_path)

    assert len(found.unused) == companions.MOST_NAMED + 1
    assert "1990 more" in found.unused[-1]


def test_the_hash_of_a_notebook_alone_is_that_of_its_file() -> None:
    alone = companions.combined("a" * 64, {})
    others = [
        companions.combined("a" * 64, files)
        for files in ({"x.py": b"1"}, {"x.py": b"2"}, {"y.py": b"1"}, {"x.py": b"1", "y.py": b""})
    ]

    assert alone == "a" * 64
    assert len({alone, *others, companions.combined("b" * 64, {"x.py": b"1"})}) == 6


# ---------------------------------------------------------------- graded


@pytest.mark.sandbox
def test_modules_and_data_are_there_before_the_first_cell(course: Path) -> None:
    read = "import json\nwith open('factor.json') as file:\n    FACTOR = json.load(file)"
    by_factor = "def twice(value):\n    return FACTOR * value"
    endless = "while True:\n    pass"  # the notebook is run again without it
    with (course / f"exercises/{ASSIGNMENT}/{SLUG}/exercise.toml").open("a") as spec:
        spec.write(LIMITS)
    hand_in(course, "module", IMPORT, my_helpers__py=HELPER)
    hand_in(course, "data", read, by_factor, factor__json="2")
    hand_in(course, "again", endless, IMPORT, my_helpers__py=HELPER)
    hand_in(course, "lacks-it", IMPORT)
    hand_in(course, "shadows", IMPORT, my_helpers__py=HELPER, pandas__py="1 / 0", x__pdf="x")

    summary = graded(course)

    attempts = {attempt.learner: attempt for attempt in summary.attempts}
    points = {learner: attempt.score for learner, attempt in attempts.items()}
    assert points == {"module": 1, "data": 1, "again": 1, "lacks-it": 0, "shadows": 1}
    assert attempts["module"].repairs == ()
    # What is not used is named: to the learner, and to whoever grades.
    pandas, pdf = attempts["shadows"].repairs
    assert "'pandas.py' beside the notebook was not used" in pandas and "'x.pdf'" in pdf
    assert [said for said in summary.remarks if "pandas.py" in said]
    page = (course / f"feedback/shadows/{ASSIGNMENT}/{SLUG}.html").read_text()
    assert "pandas.py" in page and "x.pdf" in page
    # The copy for the formgrader has what was used, and no more.
    there = {path.name for path in (course / f"autograded/shadows/{ASSIGNMENT}").iterdir()}
    assert there == {f"{SLUG}.ipynb", "my_helpers.py"}


@pytest.mark.sandbox
def test_another_module_is_another_submission_and_nothing_else_is(course: Path) -> None:
    folder = hand_in(course, "ann", IMPORT, my_helpers__py=HELPER)
    hand_in(course, "ben", HELPER)
    graded(course)
    first = latest(course)
    assert {learner: one.score for learner, one in first.items()} == {"ann": 1, "ben": 1}
    assert graded(course).attempts == []
    page = course / f"feedback/ann/{ASSIGNMENT}/{SLUG}.html"
    before = page.read_text()
    with records.open(f"sqlite:///{course}/gradebook.db") as book:
        keep.write_all(course, list(marks.latest(book)), select(course, None))
    assert page.read_text() == before  # the notebook is found again
    assert "more than one file" not in before

    write(folder, my_helpers__py=HELPER.replace("+", "-"))
    (again,) = graded(course).attempts

    assert (again.learner, again.score) == ("ann", 0)
    assert again.submission_sha256 != first["ann"].submission_sha256
    (folder / "my_helpers.py").unlink()
    (alone,) = graded(course).attempts
    assert alone.submission_sha256 not in (first["ann"].submission_sha256, again.submission_sha256)


@pytest.mark.sandbox
@pytest.mark.parametrize("isolation", ["bubblewrap", "bubblewrap-cold"])
def test_what_lies_beside_one_notebook_is_gone_for_the_next(isolation: Isolation) -> None:
    cells = [(0, "import os\nprint(sorted(os.listdir()))\nimport helper_of_one")]
    reports = []
    with Sandbox(isolation=isolation) as sandbox:
        for files in ({"helper_of_one.py": b"print('imported')"}, {}):
            run = NotebookRun(sandbox, Limits(), (), cells, files)
            run.execute()
            run.close()
            reports.append(run.reports[0])

    assert "'helper_of_one.py'" in reports[0].stdout and "imported" in reports[0].stdout
    assert "helper_of_one" not in reports[1].stdout
    assert "ModuleNotFoundError" in reports[1].error


@pytest.mark.sandbox
@pytest.mark.slow
def test_they_travel_to_the_workers_of_a_cluster(cluster: Cluster, course: Path) -> None:
    hand_in(course, "ann", IMPORT, my_helpers__py=HELPER, x__pdf="x")
    cluster.join()

    summary = graded(course, scheduler=cluster.address())

    (attempt,) = summary.attempts
    assert (attempt.score, len(attempt.repairs)) == (1, 1)
    assert graded(course).attempts == []  # here it has the same hash
    assert (course / f"autograded/ann/{ASSIGNMENT}/my_helpers.py").read_text() == HELPER


def test_check_at_home_sees_the_same_files(course: Path) -> None:
    folder = hand_in(course, "ann", IMPORT, my_helpers__py=HELPER, x__pdf="x")

    checked = whole.check_notebook(course, SLUG, folder / f"{SLUG}.ipynb")

    assert checked.passed and checked.errors == ()
    assert "'x.pdf' beside the notebook was not used" in whole.text(checked)
    (folder / "my_helpers.py").unlink()
    assert not whole.check_notebook(course, SLUG, folder / f"{SLUG}.ipynb").passed
