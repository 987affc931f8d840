"""Folders as learners and their uploads make them: each is graded, or named in one sentence."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import text
from grader.book import marks, records
from grader.errors import SubmissionError
from grader.exercises.folder import select
from grader.exports.csv import write_csv
from grader.grading import grade as grading
from grader.grading import work
from grader.grading.job import Job, Settings
from grader.pages import inert, keep
from grader.sandbox.inside.marks import NOBODY
from grader.submissions import inbox, upload
from grader.submissions.intake import layout
from tests.builders import one
from tests.tools import steady

SLUG, ASSIGNMENT = "doubled_value", "0-start"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    one(tmp_path, ASSIGNMENT, SLUG)
    one(tmp_path, ASSIGNMENT, "tripled_value")
    return tmp_path


def handed(course: Path, learner: str, *names: str) -> Path:
    folder = course / "submitted" / learner / ASSIGNMENT
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text("{}")
    return folder


def found(course: Path) -> tuple[list[Job], list[str]]:
    # Nothing is run here, and who looks may not be allowed to see all of Python.
    settings = Settings(isolation="none")
    todo = work.find(course, records.open(f"sqlite:///{course}/gradebook.db"), None, settings)
    return todo.jobs, todo.notices


@pytest.mark.parametrize(
    "learner",
    ["=1+1", "+49", "-x", "@ann", "<img src=x onerror=alert(1)>", "a'; DROP TABLE grade; --",
     "ann b", "%2e%2e", "javascript:alert(1)", "日本", "$(touch x)", "{{ 7*7 }}", "a" * 128],
)  # fmt: skip
def test_odd_names_of_learners_are_names(course: Path, learner: str) -> None:
    handed(course, learner, f"{SLUG}.ipynb")

    jobs, notices = found(course)

    assert ([job.learner for job in jobs], notices) == ([learner], [])


@pytest.mark.parametrize(
    "learner",
    ["a\x1b[2Jb", "a\nb", "a\u202eb", "a\\b", "index.html", "a" * 129, os.fsdecode(b"a\xff")],
)
def test_a_name_that_no_page_can_have_stops_nobody_and_is_named(course: Path, learner: str) -> None:
    handed(course, learner, f"{SLUG}.ipynb")
    handed(course, "zoe", f"{SLUG}.ipynb")

    jobs, (notice,) = found(course)

    assert [job.learner for job in jobs] == ["zoe"]
    assert notice.startswith(str(course / "submitted" / learner))
    assert "left alone" in notice


def test_an_archive_alone_is_an_unreadable_submission_to_each_exercise(course: Path) -> None:
    folder = handed(course, "ann")
    with zipfile.ZipFile(folder / "homework.zip", "w") as made:
        made.writestr("../../../../slip.txt", "slipped")

    jobs, notices = found(course)

    assert [(job.exercise.slug, job.path.name) for job in jobs] == [
        (SLUG, "homework.zip"), ("tripled_value", "homework.zip")
    ]  # fmt: skip
    assert notices == []


def test_an_archive_beside_a_notebook_is_left_alone_and_named(course: Path) -> None:
    folder = handed(course, "ann", f"{SLUG}.ipynb", "homework.zip")

    jobs, notices = found(course)

    assert [job.path.name for job in jobs] == [f"{SLUG}.ipynb"]
    why = "an archive is not opened: unpack it; the file was left alone"
    assert notices == [f"{folder / 'homework.zip'}: {why}"]


@pytest.mark.parametrize("kind", ["zip", "tar", "gz", "bz2", "xz"])
def test_an_archive_is_told_to_be_one(tmp_path: Path, kind: str) -> None:
    path, inside = tmp_path / "handed-in", io.BytesIO(b"{}")
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("x.ipynb", inside.getvalue())
    else:
        with tarfile.open(path, f"w:{kind.replace('tar', '')}") as made:
            member = tarfile.TarInfo("x.ipynb")
            member.size = 2
            made.addfile(member, inside)

    with pytest.raises(SubmissionError, match="is an archive: unpack it"):
        upload.read(path)


def test_a_folder_without_a_notebook_is_named(course: Path) -> None:
    folder = handed(course, "ann", f"{SLUG}.py", "notes.txt")

    notice = f"{folder}: there is no notebook in it but {SLUG}.py, notes.txt"
    assert found(course) == ([], [notice])


def test_thousands_of_strange_files_are_a_few_lines(course: Path) -> None:
    handed(course, "ann", f"{SLUG}.ipynb", *(f"x{n}\x1b[2J.ipynb" for n in range(2000)))

    jobs, notices = found(course)

    assert len(jobs) == 1
    assert len(notices) == inbox.MOST_NOTICES + 1
    assert "1990 more" in notices[-1]


@pytest.mark.parametrize("of_folder", ["ann", f"ann/{ASSIGNMENT}"])
def test_a_folder_whose_files_may_not_be_opened_stops_nobody(course: Path, of_folder: str) -> None:
    handed(course, "ann", f"{SLUG}.ipynb")
    handed(course, "zoe", f"{SLUG}.ipynb")
    open_to_all(course)
    locked = course / "submitted" / of_folder
    locked.chmod(0o444)  # names can be listed, and nothing else

    with nobody():
        jobs, notices = found(course)
        assert inbox.times(course)("ann", ASSIGNMENT) is None

    told = [job.learner for job in jobs] + [n for n in notices if n.startswith(str(locked))]
    assert len(told) == 2 and "zoe" in told


def test_a_folder_that_may_not_be_read_stops_nobody(course: Path) -> None:
    locked = handed(course, "ann", f"{SLUG}.ipynb")
    locked.chmod(0)
    handed(course, "zoe", f"{SLUG}.ipynb")
    open_to_all(course)

    with nobody():  # root may read everything
        jobs, notices = found(course)

    assert [job.learner for job in jobs] == ["zoe"]
    assert notices == [f"{locked}: Permission denied; the folder was left alone"]


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def open_to_all(course: Path) -> None:
    """Let another user pass pytest's private folders."""
    for folder in [course, *course.parents][:4]:
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)


@pytest.mark.parametrize("place", ["timestamp.txt", "submission_secret.txt"])
def test_only_a_small_line_of_text_is_a_receipt(tmp_path: Path, place: str) -> None:
    path, secret = tmp_path / place, tmp_path / "secret"
    secret.write_text("a token")
    makers = [
        lambda: path.symlink_to(secret),
        lambda: path.symlink_to("/dev/zero"),
        lambda: os.mkfifo(path),
        path.mkdir,
        lambda: path.write_text("two\nlines"),
        lambda: path.write_bytes(b"\x1b[2J"),
        lambda: path.write_text("x" * 1001),
    ]
    for make in makers:
        make()
        assert upload.receipt(path) == b""
        path.rmdir() if path.is_dir() else path.unlink()
    path.write_text("2026-02-02 15:58:23 UTC\n")

    assert upload.receipt(path) == b"2026-02-02 15:58:23 UTC\n"


def test_a_semicolon_in_a_name_opens_no_cell_in_any_spreadsheet(tmp_path: Path) -> None:
    # Where numbers are written with commas, spreadsheets part fields at semicolons.
    write_csv(tmp_path / "marks.csv", ("learner", "points"), [('x;=HYPERLINK("y")', 1.5)])
    text = (tmp_path / "marks.csv").read_text()
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))

    assert not [field for row in rows for field in row if field.startswith(("=", "+", "-", "@"))]
    assert list(csv.reader(io.StringIO(text)))[1] == ['x;=HYPERLINK("y")', "1.5"]


def test_text_is_shown_in_the_order_in_which_it_runs() -> None:
    spoofed = "if role == 'user\u202e \u2066# admin\u2069 \u2066':"

    for shown in (text.printable(spoofed), inert.code(spoofed), inert.prose(spoofed)):
        assert not {"\u202e", "\u2066", "\u2069"} & set(shown)
    assert not layout.is_folder_name("ann\u202e")


def test_nothing_that_is_not_shown_stands_in_the_name_of_a_folder() -> None:
    replaced = [sign for sign in map(chr, range(0x110000)) if text.printable(sign) != sign]

    assert {"\x1b", "\r", "\x00", "\ud800"} <= {*replaced} and not {"\n", "\t"} & {*replaced}
    assert not [sign for sign in replaced if layout.is_folder_name(f"ann{sign}")]


# Several files for one exercise ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        (["{}.ipynb", "{} (1).ipynb"], "{} (1).ipynb"),
        (["{} (2).ipynb", "{} (10).ipynb"], "{} (10).ipynb"),
        (["{}-Copy1.ipynb", "{}.ipynb"], "{}-Copy1.ipynb"),
        (["{} - Copy.ipynb", "{}.ipynb"], "{} - Copy.ipynb"),
        (["{}-1.ipynb", "{}-2.ipynb", "{}.ipynb"], "{}-2.ipynb"),
        (["{} (1).ipynb", "{}+.ipynb"], "{}+.ipynb"),  # an answered one
        (["{}.ipynb", "{}+ (1).ipynb", "{}+ (2).ipynb", "{} (9).ipynb"], "{}+ (2).ipynb"),
    ],
)
def test_of_several_files_one_counts_by_the_rule(
    course: Path, files: list[str], counts: str
) -> None:
    names = [name.format(SLUG).replace("+", "") for name in files]
    answered = {name.format(SLUG).replace("+", "") for name in files if "+" in name}
    handed(course, "ann", *names)

    found = inbox.read(course, {ASSIGNMENT: [SLUG]}, lambda _, path: path.name in answered)

    (one,) = found.found
    assert one.path.name == counts.format(SLUG).replace("+", "")
    assert sorted([one.path.name, *one.others]) == sorted(names)
    assert len(found.notices) == len(names) - 1
    assert all(f"{one.path.name} counts for {SLUG}" in notice for notice in found.notices)


def test_of_two_that_nothing_else_tells_apart_the_hash_decides(course: Path) -> None:
    for learner in ("ann", "ben"):
        folder = handed(course, learner)
        for number, name in enumerate(("%s (1).ipynb", "%s-Copy1.ipynb")):
            text = ("{}", "[]")[number ^ (learner == "ben")]
            (folder / (name % SLUG)).write_text(text)

    found = inbox.read(course, {ASSIGNMENT: [SLUG]}, lambda *_: False).found

    assert found[0].sha256 == found[1].sha256
    assert found[0].path.name != found[1].path.name


@pytest.mark.sandbox
def test_the_same_folder_has_the_same_points_whatever_the_number_of_workers() -> None:
    (found,) = steady.different(1, (1, 4))

    assert {learner: points for learner, (points, _) in found.items()} == {
        "by-number": "15/2", "by-number-too": "15/2", "by-answer": "9", "of-canvas": "15/2",
        "by-hash": found["by-hash"][0], "solved": "9", "wrong": "15/2", "endless": "6", "gone": "6",
    }  # fmt: skip


@pytest.mark.sandbox
def test_the_learners_page_names_the_files_that_do_not_count(tmp_path: Path) -> None:
    course = steady.write(tmp_path)
    url = f"sqlite:///{course / 'gradebook.db'}"
    page = course / "feedback/solved/4-cleaning/heights.html"
    summary = grading.grade(course, url)
    assert summary.exit_code == 1  # not everything that was handed in was graded
    assert "more than one file" not in page.read_text()
    before = (course / "feedback/by-number/4-cleaning/heights.html").read_text()
    assert "more than one file" in before and "heights (1).ipynb" in before

    # A file that does not count is named on the page although nothing was graded anew.
    folder = page.parent.parent.parent.parent / "submitted/solved/4-cleaning"
    untouched = course / "submitted/by-answer/4-cleaning/heights (1).ipynb"
    (folder / "heights (3).ipynb").write_bytes(untouched.read_bytes())
    summary = grading.grade(course, url)
    assert (summary.unchanged, len(summary.attempts)) == (9, 0)
    assert "heights (3).ipynb" in page.read_text()
    keep.write_all(course, list(marks.latest(records.open(url))), select(course, None))
    assert "heights (3).ipynb" in page.read_text()

    (folder / "heights (3).ipynb").unlink()
    grading.grade(course, url)
    assert "more than one file" not in page.read_text()
