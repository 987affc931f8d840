"""Reports: the same figures on the terminal, in a spreadsheet and for a script."""

import csv
import io
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.book import projection as gradebook
from grader.book import records
from grader.cli import show
from grader.errors import GradebookError
from grader.exercises import folder as exercises
from grader.exports.csv import export_csv, write_csv
from grader.grading.work import Pending
from grader.sandbox.limits import Ending
from grader.score import figures
from grader.score.attempt import Attempt, Outcome, TestResult
from grader.submissions import inbox
from tests.builders import an_attempt, record, small
from tests.commands import nbgrader

FORMULAS = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def passing(learner: str = "ada", passed: int = 1, **changes: Any) -> Attempt:
    """Return an attempt that passed so many of three tests."""
    results = tuple(
        TestResult(
            f"test_{n}",
            "parse_height",
            Outcome.PASSED if n < passed else Outcome.FAILED,
            behaviour=f"Behaviour {n}.",
        )
        for n in range(3)
    )
    return an_attempt(learner, Fraction(10 * passed, 3), results, **changes)


@dataclass
class Batch:
    """What `grading.grade` returns."""

    attempts: list[Attempt]
    jobs: int = 9
    unchanged: int = 4
    pending: list[Any] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    seconds: float = 2.25

    @property
    def report(self) -> figures.ClassReport:
        return figures.collect(self.attempts)


def printed(parts: Any, width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    for part in parts:
        console.print(part)
    return console.file.getvalue()


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_facility_is_the_part_of_the_points_that_the_class_earned():
    made = figures.collect([passing("ada", 1), passing("ben", 3)])

    its = made.tasks["4-cleaning", "heights", "parse_height"]
    assert (its.attempts, its.facility) == (2, Fraction(2, 3))


def test_answers_that_wait_for_a_person_do_not_lower_a_facility():
    made = figures.collect([passing()])

    assert ("4-cleaning", "heights", "note") not in made.tasks
    assert made.learners["ada"]["4-cleaning", "heights"].waits


def test_what_was_missed_most_comes_first():
    made = figures.collect([passing("ada", 1), passing("ben", 2), passing("cleo", 3)])

    assert [(m.behaviour, m.times, m.attempts) for _, m in made.missed()] == [
        ("Behaviour 2.", 2, 3),
        ("Behaviour 1.", 1, 3),
    ]


def test_an_answer_that_is_not_written_misses_no_behaviour():
    attempt = passing("ada", 0)
    task = attempt.tasks[0]
    tests = tuple(replace(t, unwritten=True, detail="In any words.") for t in task.tests)
    unwritten = replace(attempt, tasks=(replace(task, tests=tests),))
    one_written = replace(attempt, tasks=(replace(task, tests=(*tests[:2], task.tests[2])),))

    assert figures.collect([unwritten]).missed() == []
    assert len(figures.collect([unwritten, one_written]).missed()) == 3


def test_the_terminal_shows_points_endings_and_what_was_missed():
    batch = Batch([passing(), passing("ben", 0, ending=Ending.MEMORY)])

    out = printed(show.summary(batch))

    assert "9 submissions: 2 graded in 2.2 s, 4 unchanged, 0 pending" in out
    assert "3.33/15*" in out
    assert "0/15* memory" in out
    assert "17%" in out
    assert "Behaviour 2." in out and "2 of 2" in out


def test_pending_submissions_and_notices_are_named():
    pending = [Pending(f"l{n}/4-cleaning/heights", "test_hidden.py:3: no") for n in range(7)]
    pending.append(Pending("ada/4-cleaning/heights", "bwrap is missing"))
    batch = Batch([], pending=pending, notices=["x.ipynb: no exercise has this name"])

    out = printed(show.summary(batch))

    assert "Pending: ada/4-cleaning/heights: bwrap is missing" in out
    # One fault of many submissions is said once.
    assert "l4/4-cleaning/heights and 2 more: test_hidden.py:3: no" in " ".join(out.split())
    assert out.count("test_hidden.py:3") == 1
    assert "Note: x.ipynb: no exercise has this name" in out


def test_a_name_neither_colours_the_terminal_nor_moves_its_cursor():
    name = "[red]x[/red]\x1b[2J\x07\x9b31m"

    out = printed(show.tables(figures.collect([passing(name)])))

    assert "[red]x[/red]" in out
    assert not {"\x1b", "\x07", "\x9b"} & set(out)


def test_a_large_class_prints_a_page_and_says_where_the_rest_is():
    attempts = (passing(f"l{n:04}") for n in range(1000))

    out = printed(show.tables(figures.collect(attempts)))

    assert "l0039" in out and "l0040" not in out
    assert "and 960 more learners: all are in feedback/index.html" in out


def test_ten_thousand_attempts_are_summed_up_as_they_stream_by():
    alive = []

    def stream():
        for n in range(10_000):
            alive.append(n)
            yield passing(f"l{n // 10:04}", n % 4, exercise=f"e{n % 10}")

    made = figures.collect(stream())

    assert len(made.learners) == 1000
    assert len(made.exercises) == 10
    assert sum(figures.attempts for figures in made.tasks.values()) == 10_000


# CSV ---------------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path) -> Path:
    small(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    return tmp_path


@pytest.fixture
def url(course) -> str:
    return f"sqlite:///{course / 'gradebook.db'}"


def fill(course: Path, url: str, attempts: list[Attempt]) -> None:
    known = exercises.find_all(course)
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), attempts, known, inbox.times(course))


def change(course: Path, *statements: str) -> None:
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.slow
def test_marks_are_those_of_nbgraders_own_export(course, url):
    fill(course, url, [passing("ada", 2), passing("ben", 3), passing("cleo", 0)])
    change(
        course,
        "INSERT INTO student (id, first_name, last_name) VALUES ('dora', 'Dora', 'Zander')",
        "UPDATE student SET first_name = 'Ada', last_name = 'Aaron', email = 'a@example.org' "
        "WHERE id = 'ada'",
        "UPDATE grade SET manual_score = 4.5, extra_credit = 0.25 WHERE auto_score IS NULL",
        "UPDATE grade SET extra_credit = 1 WHERE auto_score = 10",
        "UPDATE submitted_notebook SET late_submission_penalty = 5",
        "UPDATE assignment SET duedate = '2026-03-02 12:00:00.000000'",
        "UPDATE submitted_assignment SET timestamp = '2026-03-02 11:00:00.000000'",
    )

    count = export_csv(records.open(url), course / "marks.csv")

    nbgrader(course, "export", "--to", "theirs.csv")
    ours, theirs = read_csv(course / "marks.csv"), read_csv(course / "theirs.csv")
    assert count == 4
    assert list(ours[0]) == [*theirs[0], "waiting_answers", "timestamp_by"]

    def by_learner(rows):
        return {row["student_id"]: row for row in rows}

    for row in ours:
        # Who handed in nothing has no grade, where nbgrader gives a 0.
        nothing = row["student_id"] == "dora"
        names = ("raw_score", "late_submission_penalty", "score")
        assert [row[name] == "" for name in names] == [nothing] * 3
        row |= dict.fromkeys(names, "0.0") if nothing else {}
        # The notes were marked, and nobody said yet that they need no more.
        assert row.pop("timestamp_by") == ""
        assert row.pop("waiting_answers") == ("0" if nothing else "1")
    assert by_learner(ours) == by_learner(theirs)


def test_a_csv_survives_commas_quotes_and_lines_in_names(course, url):
    name = 'Müller, "Ö"\nline'
    fill(course, url, [passing()])
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        connection.execute("UPDATE student SET last_name = ?", [name])

    export_csv(records.open(url), course / "marks.csv")

    (row,) = read_csv(course / "marks.csv")
    assert row["last_name"] == name
    assert (row["raw_score"], row["max_score"]) == ("3.3333333333333335", "15.0")


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("tasks", [False, True])
def test_no_name_becomes_a_formula_of_the_spreadsheet(course, url, name, tasks):
    fill(course, url, [passing(name)])

    export_csv(records.open(url), course / "marks.csv", tasks=tasks)

    for row in read_csv(course / "marks.csv"):
        assert row["student_id"] == f"'{name}"
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())


def test_one_row_a_task_has_points_tests_and_what_they_depend_on(course, url):
    fill(course, url, [passing("ada", 2)])

    assert export_csv(records.open(url), course / "tasks.csv", tasks=True) == 2

    first, second = read_csv(course / "tasks.csv")
    assert (first["task"], first["points"], first["tests_passed"], first["tests"]) == (
        "parse_height", "6.666666666666667", "2", "3",
    )  # fmt: skip
    assert first["started"] == "2026-03-01T12:00:00+00:00"
    assert first["suite_sha256"] == "b" * 64
    assert (second["task"], second["points"], second["max_points"]) == ("note", "", "5")


def test_a_course_without_a_gradebook_has_no_rows(course, url):
    assert export_csv(records.open(url), course / "marks.csv") == 0
    assert not (course / "gradebook.db").exists()
    assert read_csv(course / "marks.csv") == []


def test_an_export_that_fails_leaves_the_old_file_whole(course):
    target = course / "marks.csv"
    write_csv(target, ("a",), [("old",)])
    before = {*course.iterdir()}

    def rows():
        yield ("new",)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_csv(target, ("a",), rows())

    assert read_csv(target) == [{"a": "old"}]
    assert {*course.iterdir()} == before


def test_a_folder_that_is_not_there_is_named(course):
    with pytest.raises(GradebookError, match=r"nowhere/marks\.csv cannot be written"):
        write_csv(course / "nowhere" / "marks.csv", ("a",), [])


def test_ten_thousand_rows_are_written_as_they_stream_by(course, url):
    with records.open(url) as book:
        record(book, (passing(f"l{n:04}", exercise="e") for n in range(2500)))

    assert export_csv(records.open(url), course / "tasks.csv", tasks=True) == 5000
    assert len(read_csv(course / "tasks.csv")) == 5000
