"""What people gave by hand stands everywhere, and as long as the answer that it was given for."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from grader.book import marks, records
from grader.exercises import folder as exercises
from grader.exercises import notebook
from grader.exports.csv import export_csv
from grader.grading import grade as grading
from grader.grading import preview, summary
from grader.grading.job import Settings
from grader.pages import keep
from grader.score import figures
from grader.score.attempt import Attempt
from grader.score.points import points_text
from tests import builders
from tests.commands import run

pytestmark = pytest.mark.sandbox

NOTE = "Those below two feet."
HEIGHTS = ("4-cleaning", "heights")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = builders.course(tmp_path / "course")
    hand_in(root, "ann", note=NOTE)
    return root


def url(course: Path) -> str:
    return f"sqlite:///{course / 'gradebook.db'}"


def write_again(course: Path) -> None:
    with records.open(url(course)) as book:
        keep.write_all(course, list(marks.latest(book)), exercises.find_all(course))


def hand_in(
    course: Path, learner: str, name: str = "heights.ipynb", *, note: str, **answers: str
) -> None:
    exercise = exercises.find(course, "heights")
    book = notebook.solve(exercise, {"note": note, **answers})
    path = course / "submitted" / learner / "4-cleaning" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook.dumps(book))


def mark(course: Path, learner: str, **cells: tuple[float | None, float, str | None]) -> None:
    """Give points, extra points and a comment as formgrader does."""
    with Gradebook(url(course)) as book:
        its = book.find_submission_notebook("heights", "4-cleaning", learner)
        for name, (points, extra, comment) in cells.items():
            grade = next(g for g in its.grades if g.name.removesuffix("-points") == name)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
            next(c for c in its.comments if c.name == name).manual_comment = comment
        book.db.commit()


def grade(course: Path, **settings: Any) -> summary.Summary:
    return grading.grade(course, url(course), settings=Settings(**settings))


def latest(course: Path, learner: str = "ann") -> Attempt:
    found = [
        a
        for a in marks.latest(records.open(url(course)))
        if a.name == HEIGHTS and a.learner == learner
    ]
    return found[0]


def waits(course: Path, learner: str = "ann") -> list[str]:
    return [task.task for task in latest(course, learner).tasks if task.waits]


def page(course: Path, learner: str = "ann") -> str:
    text = (course / "feedback" / learner / "4-cleaning" / "heights.html").read_text()
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.S)).split())


# As long as the answer is the same ---------------------------------------------------------------


def edit_a_test(course: Path) -> None:
    path = course / "exercises/4-cleaning/heights/test_hidden.py"
    path.write_text(path.read_text().replace("182.88", "182.87"))


def edit_points(course: Path) -> None:
    path = course / "exercises/4-cleaning/heights/exercise.toml"
    path.write_text(path.read_text().replace("points = 6", "points = 8"))


def hand_in_other_code(course: Path) -> None:
    hand_in(course, "ann", note=NOTE, tallest="def tallest(heights):\n    return heights[0]")


def hand_in_blanks(course: Path) -> None:
    hand_in(course, "ann", note=f"\n{NOTE}  \n\n")


def lose_what_nbgrader_wrote_into_cells(course: Path) -> None:
    path = course / "submitted/ann/4-cleaning/heights.ipynb"
    book = json.loads(path.read_text())
    for cell in book["cells"]:
        cell["metadata"] = {}
    path.write_text(json.dumps(book))


@pytest.mark.parametrize(
    "what",
    [edit_a_test, edit_points, hand_in_other_code, hand_in_blanks,
     lose_what_nbgrader_wrote_into_cells, lambda course: None],
)  # fmt: skip
def test_what_a_person_marked_stays_marked_while_the_answer_is_the_same(
    course: Path, what: Callable[[Path], None]
) -> None:
    grade(course)
    mark(course, "ann", note=(1.5, 0.25, "Well argued."))

    what(course)
    summary = grade(course, again=True)

    assert len(summary.attempts) == 1
    assert waits(course) == []
    assert "1.75 of 2 points, given by a person, with 0.25 extra." in page(course)
    assert "Well argued." in page(course)
    assert "wait for a person" not in page(course)


def test_another_answer_is_asked_for_again_and_the_old_mark_is_shown_as_old(course: Path) -> None:
    grade(course)
    assert waits(course) == ["note"]
    mark(course, "ann", note=(1.5, 0, "Well argued."))
    assert waits(course) == []

    hand_in(course, "ann", note="I trust them all.")
    shown = run("grader", "grade", cwd=course).stdout
    exported = run("grader", "export", "--to", "marks.csv", cwd=course)

    assert waits(course) == ["note"]
    assert "10.5/11**" in shown and "marked for an earlier answer" in shown
    assert "These points were given for an earlier answer." in page(course)
    assert "10.5 of 11**" in index(course)["ann"].values()
    assert "1 answer waits for a person: ann (heights, note)" in exported.stderr
    assert rows(course / "marks.csv")[0]["waiting_answers"] == "1"
    assert rows(course / "marks.csv")[0]["raw_score"] == "10.5"  # nbgrader's: the old one counts

    # The first answer once more: somebody has read it.
    hand_in(course, "ann", note=NOTE)
    grade(course)
    assert waits(course) == []
    assert "earlier answer" not in page(course)


def test_the_mark_of_the_new_answer_is_for_the_new_answer(course: Path) -> None:
    grade(course)
    mark(course, "ann", note=(1.5, 0, None))
    hand_in(course, "ann", note="I trust them all.")
    grade(course)
    mark(course, "ann", note=(0.5, 0, None))

    grade(course, again=True)
    assert waits(course) == []

    hand_in(course, "ann", note=NOTE)
    grade(course)
    assert waits(course) == ["note"]


def attach(course: Path, picture: str) -> None:
    path = course / "submitted/ann/4-cleaning/heights.ipynb"
    book = json.loads(path.read_text())
    cell = next(c for c in book["cells"] if c["metadata"]["nbgrader"]["grade_id"] == "note")
    cell["attachments"] = {"photo.png": {"image/png": picture}}
    path.write_text(json.dumps(book))


@pytest.mark.parametrize("note", [NOTE, "YOUR ANSWER HERE", ""], ids=["text", "stub", "none"])
def test_another_picture_is_another_answer(course: Path, note: str) -> None:
    hand_in(course, "ann", note=note)
    attach(course, "QUJD")
    grade(course)
    mark(course, "ann", note=(1.5, 0, None))
    grade(course, again=True)
    assert waits(course) == []

    attach(course, "REVG")
    grade(course)

    assert waits(course) == ["note"]


def test_points_that_took_the_place_of_a_tests_are_for_that_answer_too(course: Path) -> None:
    grade(course)
    mark(course, "ann", note=(2, 0, None), tallest=(1, 0, "Not by eye, please."))
    hand_in(course, "ann", note=NOTE, parse_height="def parse_height(text):\n    return 1")
    grade(course)
    assert waits(course) == []
    assert latest(course).score == 3

    hand_in_other_code(course)
    grade(course)

    assert waits(course) == ["tallest"]
    assert "Not by eye, please." in page(course)


def test_a_gradebook_from_before_answers_were_kept_asks_for_what_has_changed_alone(
    course: Path,
) -> None:
    hand_in(course, "ben", note=NOTE)
    grade(course)
    for learner in ("ann", "ben"):
        mark(course, learner, note=(1, 0, None))
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        connection.execute("DROP TRIGGER grader_attempt_no_UPDATE")
        (texts,) = zip(*connection.execute("SELECT attempt FROM grader_attempt"), strict=True)
        for text in texts:
            told = json.loads(text)
            for task in told["tasks"]:
                del task["answer_sha256"]
            connection.execute(
                "UPDATE grader_attempt SET attempt = ? WHERE learner = ?",
                (json.dumps(told), told["learner"]),
            )
        connection.execute("DROP TABLE grader_marked_answer")

    hand_in(course, "ben", note="Another one.")
    grade(course, again=True)

    assert (waits(course, "ann"), waits(course, "ben")) == ([], ["note"])


# Everywhere --------------------------------------------------------------------------------------


def test_pages_take_over_what_was_marked_since(course: Path) -> None:
    hand_in(course, "ben", note="None.")
    grade(course)
    written = course / "feedback/ben/4-cleaning/heights.html"
    before = written.stat().st_mtime_ns
    mark(course, "ann", note=(2, 0, "<b>Good</b>"))

    summary = grade(course)

    assert (summary.unchanged, len(summary.attempts)) == (2, 0)
    assert "11 of 11 points" in page(course) and "<b>Good</b>" in page(course)
    assert index(course) == {"ann": {HEIGHTS: "11 of 11"}, "ben": {HEIGHTS: "9 of 11*"}}
    assert written.stat().st_mtime_ns == before  # what shows how things are is left alone
    write_again(course)
    assert "<b>Good</b>" in page(course)

    mark(course, "ann", note=(0, 0, None))
    grade(course)
    assert "9 of 11 points" in page(course) and "Good" not in page(course)


def test_a_page_written_again_keeps_formgraders_notebook_when_the_file_is_gone(
    course: Path,
) -> None:
    grade(course)
    book = course / "autograded/ann/4-cleaning/heights.ipynb"
    before = book.read_bytes()
    mark(course, "ann", note=(2, 0, None))
    hand_in(course, "ann", note="Not graded yet.")

    write_again(course)

    assert book.read_bytes() == before
    assert "11 of 11 points" in page(course)


def test_nothing_handed_in_is_blank_and_not_nothing_earned(course: Path) -> None:
    hand_in(course, "ben", note="", parse_height="x = 1", tallest="y = 1")
    grade(course)
    with Gradebook(url(course)) as book:
        book.add_student("dora")

    export_csv(records.open(url(course)), course / "marks.csv")

    raw = {
        row["student_id"]: (row["raw_score"], row["score"]) for row in rows(course / "marks.csv")
    }
    assert raw == {"ann": ("9.0", "9.0"), "ben": ("0.0", "0.0"), "dora": ("", "")}


def index(course: Path) -> dict[str, dict[tuple[str, str], str]]:
    """Read feedback/index.html: what stands there by learner and exercise."""
    text = (course / "feedback/index.html").read_text()
    columns = re.findall(r'<th scope="col">(.*?) / (.*?)</th>', text)
    found: dict[str, dict[tuple[str, str], str]] = {}
    for row in re.findall(r"(?s)<tr><th scope=\"row\">.*?</tr>", text):
        name, *cells = re.findall(r"(?s)<t[hd].*?</t[hd]>", row)
        plain = [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in (name, *cells)]
        its = {c: t for c, t in zip(columns, plain[1:], strict=True) if t}
        found[plain[0]] = its
    return found


def rows(path: Path) -> list[dict[str, str]]:
    """Read the rows of the one assignment that somebody handed in."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["assignment"] == "4-cleaning"]


AWKWARD = ["ann", "O'Brien", "Smith, Jr.", "李小龙", 'Jo "Joey"', "=1+1", "-x", "a b", "{{ 7 }}"]


def by_tables(course: Path) -> dict[str, Fraction]:
    """Add up nbgrader's own table."""
    with Gradebook(url(course)) as book:
        return {
            s.student_id: Fraction(str(round(s.score, 6)))
            for s in book.assignment_submissions("4-cleaning")
        }


def test_no_sum_differs_from_another(course: Path) -> None:
    for number, learner in enumerate(AWKWARD):
        wrong = "def tallest(heights):\n    return max(heights)"
        hand_in(
            course, learner, note=f"Note {number}.", **({"tallest": wrong} if number % 2 else {})
        )
        if number % 3 == 0:
            hand_in(course, learner, "heights (1).ipynb", note="Another.", tallest="tallest = max")
    grade(course)
    with Gradebook(url(course)) as book:
        book.add_student("nothing", first_name='Nobody, "N"', last_name="=cmd")
    for learner in AWKWARD[:5]:
        mark(course, learner, note=(1 / 3, 0.1, "Read."), tallest=(None, 0.5, None))
    mark(course, AWKWARD[5], parse_height=(0.7, 0, None))

    edits: list[Callable[[Path], None]] = [
        lambda course: None,
        edit_a_test,
        edit_points,
        lambda course: hand_in(course, "O'Brien", note="Changed."),
        lambda course: hand_in(course, "a b", "heights (2).ipynb", note="Second file."),
    ]
    for edit in edits:
        edit(course)
        before = compare(course)
        _, changes = preview.preview(course, url(course))
        assert compare(course) == before  # it wrote nothing
        grade(course)
        after = compare(course)
        told = {c.submission.split("/")[0]: (c.before, c.after) for c in changes}
        moved = {who: (before[who], after[who]) for who in after if before[who] != after[who]}
        assert moved == {who: points for who, points in told.items() if points[0] != points[1]}
    assert len(after) == len(AWKWARD)


def compare(course: Path) -> dict[str, Fraction]:
    """Read the points of everybody in every place, see that they agree, and return them."""
    attempts = {a.learner: a for a in marks.latest(records.open(url(course))) if a.name == HEIGHTS}
    points = {who: attempt.score for who, attempt in attempts.items()}
    shown = {who: points_text(score) for who, score in points.items()}
    most = next(iter(attempts.values())).max_score
    write_again(course)
    for who in points:
        assert f"{shown[who]} of {most} points" in page(course, who)
    stars = {who: "*" * any(t.waits for t in a.tasks) for who, a in attempts.items()}
    listed = {who: its[HEIGHTS] for who, its in index(course).items()}
    assert {w: t.rstrip("*") + "*" * t.endswith("*") for w, t in listed.items()} == {
        who: f"{shown[who]} of {most}{stars[who]}" for who in points
    }
    cells = figures.collect(attempts.values()).learners
    assert {who: cell[HEIGHTS].points for who, cell in cells.items()} == points

    export_csv(records.open(url(course)), course / "marks.csv")
    raw = {name(row): row["raw_score"] for row in rows(course / "marks.csv")}
    assert raw.pop("nothing", "") == ""
    assert {who: float(text) for who, text in raw.items()} == pytest.approx(
        {who: float(score) for who, score in points.items()}
    )
    export_csv(records.open(url(course)), course / "tasks.csv", tasks=True)
    sums = dict.fromkeys(points, 0.0)
    waiting = dict.fromkeys(points, 0)
    for row in rows(course / "tasks.csv"):
        sums[name(row)] += float(row["points"] or 0)
        waiting[name(row)] += int(row["waiting_answers"])
    assert sums == pytest.approx({who: float(score) for who, score in points.items()})
    told = {name(row): int(row["waiting_answers"]) for row in rows(course / "marks.csv")}
    assert waiting == {who: told[who] for who in points}
    tables = {who: float(total) for who, total in by_tables(course).items()}
    assert tables == pytest.approx({who: float(score) for who, score in points.items()}, abs=1e-5)
    return points


def name(row: dict[str, str]) -> str:
    """Take away what keeps a spreadsheet from computing a name."""
    return row["student_id"].removeprefix("'")


# A gradebook that something happened to ----------------------------------------------------------


def test_rebuild_makes_again_what_another_program_changed(course: Path) -> None:
    hand_in(course, "ben", note="None.")
    grade(course)
    mark(course, "ann", note=(1.5, 0, "Well argued."))
    grade(course)
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        # Something that did not even stop at the guard.
        connection.execute("DROP TRIGGER grader_guard_grade_update")
        connection.execute("UPDATE grade SET auto_score = 100")
        connection.execute("DELETE FROM comment WHERE manual_comment IS NULL")

    done = run("grader", "rebuild", cwd=course)

    assert (done.returncode, done.stderr) == (0, "")
    (copy,) = course.glob("gradebook.before-rebuild-*.db")
    assert copy.name in done.stdout and "2 submissions written once more" in done.stdout
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT max(auto_score) FROM grade").fetchone() == (100,)
    assert {who: float(points) for who, points in by_tables(course).items()} == {
        "ann": 10.5, "ben": 9
    }  # fmt: skip
    assert (waits(course, "ann"), waits(course, "ben")) == ([], ["note"])
    assert "Well argued." in page(course)


def test_a_gradebook_that_was_emptied_of_nbgraders_tables_is_made_again(course: Path) -> None:
    grade(course)
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master "
                                                       "WHERE type = 'table'")]  # fmt: skip
        for table in tables:
            if not table.startswith("grader_"):
                connection.execute(f"DROP TABLE {table}")

    done = run("grader", "rebuild", cwd=course)

    assert (done.returncode, done.stderr) == (0, "")
    assert {who: float(points) for who, points in by_tables(course).items()} == {"ann": 9}


def older(course: Path) -> None:
    """Make the gradebook what nbgrader 0.5 would have written: no courses yet."""
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        connection.executescript(
            """
            PRAGMA foreign_keys = OFF;
            CREATE TABLE older (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL,
                duedate TIMESTAMP, UNIQUE (name));
            INSERT INTO older SELECT id, name, duedate FROM assignment;
            DROP TABLE assignment;
            ALTER TABLE older RENAME TO assignment;
            DROP TABLE course;
            UPDATE alembic_version SET version_num = '282d30a0218e';
            """
        )


def test_an_older_gradebook_is_upgraded_in_place_after_a_copy(course: Path) -> None:
    grade(course)
    mark(course, "ann", note=(1.5, 0, "Well argued."))
    older(course)

    done = run("grader", "grade", "--again", cwd=course)

    assert done.returncode == 0, done.stderr
    (copy,) = course.glob("gradebook.before-upgrade-*.db")
    assert f"copied to {copy}" in " ".join(done.stderr.split())
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
            "282d30a0218e",
        )
    assert {who: float(points) for who, points in by_tables(course).items()} == {"ann": 10.5}
    assert waits(course) == []
    assert run("grader", "grade", cwd=course).stderr == ""  # once


def test_a_gradebook_of_a_newer_nbgrader_is_left_alone(course: Path) -> None:
    grade(course)
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")

    done = run("grader", "export", "--to", "marks.csv", cwd=course)

    assert done.returncode == 2
    assert "written by a newer one" in done.stderr
