"""The way in: whatever a file is called and wherever it lies, it is graded, or somebody is told."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from grader.book import marks, records
from grader.exercises import notebook
from grader.exercises.folder import find
from grader.exports.csv import export_csv
from grader.grading import grade as grading
from grader.pages import keep
from grader.score.attempt import HandedInBy
from grader.submissions import inbox
from grader.submissions.inbox import Inbox
from grader.submissions.intake import clock, layout
from grader.submissions.intake.filenames import is_noise, is_notebook
from tests.builders import one
from tests.commands import run

DOUBLED, TRIPLED, HALVED = "0-start/doubled_value", "0-start/tripled_value", "1-next/halved_value"
NAME = "doubled_value"

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name in (DOUBLED, TRIPLED, HALVED):
        one(tmp_path, *name.split("/"))
    return tmp_path


def solved(course: Path, exercise: str, *changes: Change) -> bytes:
    whole = json.loads(notebook.dumps(notebook.solve(find(course, exercise))))
    for change in changes:
        change(whole)
    return json.dumps(whole).encode()


def untouched(course: Path, exercise: str) -> bytes:
    return notebook.dumps(notebook.release(find(course, exercise)))


def put(course: Path, place: str, content: bytes) -> Path:
    path = course / "submitted" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def taken(found: Inbox) -> dict[str, str]:
    """Return which file was taken, by learner and exercise."""
    return {f"{one.learner}:{one.assignment}/{one.slug}": one.path.name for one in found.found}


# Names of files ----------------------------------------------------------------------------------

# Each is doubled_value's, whatever is in it.
NAMES = [
    "{}.ipynb", "{} (1).ipynb", "{}(2).ipynb", "{}-Copy1.ipynb", "{} - Copy.ipynb",
    "{} - Copy (2).ipynb", "{}_copy.ipynb", "{} copy 2.ipynb", "{} 2.ipynb", "{}-1.ipynb",
    "Copy of {}.ipynb", "Copy of Copy of {}.ipynb", "Copy of {} (1).ipynb", "{} - Kopie.ipynb",
    "{} - Kopie (2).ipynb", "Kopie von {}.ipynb", "Copie de {}.ipynb", "{} - Copie.ipynb",
    "Copia de {}.ipynb", "Copia di {}.ipynb", "Cópia de {}.ipynb", "{} - copia.ipynb",
    "Kopia {}.ipynb", "{} (another copy).ipynb", "{} (3rd copy).ipynb", "{} — копия.ipynb",
    'Копия блокнота "{}.ipynb".ipynb', "「{}」のコピー.ipynb", "“{}”的副本.ipynb",
    "{} - 副本.ipynb", "{}.ipynb.ipynb", "{}.ipynb.txt", "{}.ipynb.json", "{}.IPYNB",
    "{}.ipynb (1)", "{}.ipynb.1", " {} .ipynb", "{}_v2.ipynb", "Doubled_Value.ipynb",
    "doubled value.ipynb", "Doubled-Value (1).ipynb", "DOUBLED_VALUE.IPYNB",
    "doejane_12345_678901_{}.ipynb", "doejane_LATE_12345_678901_{}-1.ipynb",
    "anon_A1b2C_678901_{}-2.ipynb", "Jane Doe_1234567_assignsubmission_file_{}.ipynb",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_computers_have_changed_says_the_exercise_still(
    course: Path, name: str
) -> None:
    put(course, f"ann/0-start/{name.format(NAME)}", b"{}")  # nothing in it could help

    found = inbox.of_course(course)

    assert taken(found) == {f"ann:{DOUBLED}": name.format(NAME)}
    assert (found.notices, found.remarks) == ([], [])
    told = f"The file was called {name.format(NAME)}; it was read as {NAME}."
    assert found.found[0].repairs == (() if name == "{}.ipynb" else (told,))


@pytest.mark.parametrize(
    "name",
    ["Untitled.ipynb", "Untitled3.ipynb", "ps1-Jane Doe.ipynb", "homework (2).ipynb", "x.IPYNB",
     "final_FINAL.ipynb", "{}_final.ipynb", "my {}.ipynb", "tripled_value_2.ipynb", "копия.ipynb",
     "doejane_12345_678901_homework.ipynb", "0-start.ipynb"],
)  # fmt: skip
def test_where_a_name_says_nothing_the_notebook_does(course: Path, name: str) -> None:
    path = put(course, f"ann/0-start/{name.format(NAME)}", solved(course, DOUBLED))

    found = inbox.of_course(course)

    assert taken(found) == {f"ann:{DOUBLED}": path.name}
    assert found.notices == []
    assert found.remarks == [f"{path}: read as {DOUBLED}"]
    assert f"The file was called {path.name}" in found.found[0].repairs[0]


def without_metadata(whole: dict[str, Any]) -> None:
    whole["metadata"] = {}


def without_grade_ids(whole: dict[str, Any]) -> None:
    without_metadata(whole)
    for cell in whole["cells"]:
        cell["metadata"] = {}


def without_ids(whole: dict[str, Any]) -> None:
    without_metadata(whole)
    for cell in whole["cells"]:
        del cell["id"]


def bare(whole: dict[str, Any]) -> None:
    without_grade_ids(whole)
    without_ids(whole)


def unanswered(whole: dict[str, Any]) -> None:
    bare(whole)
    whole["cells"] = whole["cells"][:1]


def also_tripled(whole: dict[str, Any]) -> None:
    source = "def tripled_value(value):\n    return 3 * value"
    whole["cells"].append({"cell_type": "code", "metadata": {}, "source": source, "outputs": []})


def written_over(whole: dict[str, Any]) -> None:
    for cell in whole["cells"]:
        cell["source"] = "".join(cell["source"]).replace("doubled_value", "tripled_value")


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ([], True),
        ([without_metadata], True),
        ([without_grade_ids], True),
        ([without_ids], True),
        ([bare], True),
        ([also_tripled], True),  # it claims to be one, and the answer is there
        ([bare, also_tripled], False),
        ([unanswered], False),
        ([written_over], False),  # it says one, and defines another
    ],
)
def test_what_is_in_a_notebook_has_to_name_exactly_one_exercise(
    course: Path, changes: list[Change], is_found: bool
) -> None:
    path = put(course, "ann/0-start/Untitled.ipynb", solved(course, DOUBLED, *changes))

    found = inbox.of_course(course)

    faults = [one.fault for one in found.found]
    if is_found:
        assert (taken(found), found.notices) == ({f"ann:{DOUBLED}": path.name}, [])
        assert faults == [""]
        return
    (notice,) = found.notices
    assert notice.startswith(f"{path}: no exercise has this name, and what is in it is of ")
    assert faults == []  # which page of two would it be?


def test_a_name_that_is_of_two_exercises_is_decided_by_what_is_in_the_notebook(
    tmp_path: Path,
) -> None:
    for slug in ("step", "step_1"):
        one(tmp_path, "0-start", slug)
    for learner, slug in (("ann", "step"), ("ben", "step_1")):
        put(tmp_path, f"{learner}/0-start/step-1.ipynb", solved(tmp_path, slug))

    found = inbox.of_course(tmp_path)

    assert list(taken(found)) == ["ann:0-start/step", "ben:0-start/step_1"]


def test_a_notebook_under_the_name_of_another_is_what_it_is_if_that_is_missing(
    course: Path,
) -> None:
    put(course, "ann/0-start/tripled_value.ipynb", solved(course, DOUBLED))
    put(course, "ben/0-start/tripled_value.ipynb", solved(course, DOUBLED))
    put(course, "ben/0-start/doubled_value.ipynb", solved(course, DOUBLED))
    put(course, "cleo/0-start/tripled_value.ipynb", solved(course, DOUBLED))
    put(course, "cleo/0-start/doubled_value.ipynb", solved(course, TRIPLED))
    # Whoever writes an answer into the notebook of another exercise has answered.
    put(course, "dan/0-start/tripled_value.ipynb", solved(course, DOUBLED, also_tripled))

    found = inbox.of_course(course)

    assert taken(found) == {
        f"ann:{DOUBLED}": "tripled_value.ipynb",
        f"ben:{DOUBLED}": "doubled_value.ipynb", f"ben:{TRIPLED}": "tripled_value.ipynb",
        f"cleo:{DOUBLED}": "tripled_value.ipynb", f"cleo:{TRIPLED}": "doubled_value.ipynb",
        f"dan:{TRIPLED}": "tripled_value.ipynb",
    }  # fmt: skip
    assert len(found.remarks) == 3 and found.notices == []


def test_a_broken_notebook_whose_name_mentions_one_exercise_is_that_exercises(
    course: Path,
) -> None:
    put(course, "ann/0-start/doubled_value_final.ipynb", b'{"cells": [')

    found = inbox.of_course(course)

    assert taken(found) == {f"ann:{DOUBLED}": "doubled_value_final.ipynb"}


def test_thousands_of_files_that_say_nothing_are_not_all_opened(course: Path) -> None:
    for number in range(200):
        put(course, f"ann/0-start/page {number:03d}x.ipynb", b"{}")
    put(course, "ann/0-start/doubled_value.ipynb", b"{}")
    opened: list[Path] = []

    def said(path: Path) -> inbox.Said:
        opened.append(path)
        return inbox.Said()

    found = inbox.read(course, {"0-start": [NAME]}, lambda *_: False, said)

    assert len(found.found) == 1 and 0 < len(opened) <= 50


def test_a_notebook_with_its_own_name_is_not_parsed(course: Path) -> None:
    put(course, "ann/0-start/doubled_value.ipynb", solved(course, DOUBLED))
    put(course, "ann/0-start/tripled_value (1).ipynb", solved(course, TRIPLED))
    opened: list[Path] = []

    def said(path: Path) -> inbox.Said:
        opened.append(path)
        return inbox.Said()

    slugs = {"0-start": ["doubled_value", "tripled_value"]}
    found = inbox.read(course, slugs, lambda *_: False, said)

    assert (len(found.found), opened) == (2, [])


# Where files lie ---------------------------------------------------------------------------------

# Files, each with the exercise that is solved in it; what is taken; parts of the notices.
LAYOUTS: dict[str, tuple[dict[str, str], dict[str, str], list[str]]] = {
    "as documented": (
        {"ann/0-start/doubled_value.ipynb": DOUBLED}, {f"ann:{DOUBLED}": "doubled_value.ipynb"}, []
    ),
    "Moodle's folders": (
        {"Jane Doe_1234567_assignsubmission_file_/doubled_value.ipynb": DOUBLED,
         "Max Muster_7654321_assignsubmission_file_/doubled_value (1).ipynb": DOUBLED},
        {f"Jane Doe_1234567_assignsubmission_file_:{DOUBLED}": "doubled_value.ipynb",
         f"Max Muster_7654321_assignsubmission_file_:{DOUBLED}": "doubled_value (1).ipynb"},
        [],
    ),
    "Moodle's texts": (
        {"Jane Doe_1234567_assignsubmission_onlinetext_/onlinetext.html": "-"}, {},
        ["onlinetext.html: no notebook"],
    ),
    "Moodle's folders in another": (
        {"all/Jane Doe_12_assignsubmission_file_/doubled_value.ipynb": DOUBLED}, {},
        ["belongs in submitted/Jane Doe_12_assignsubmission_file_/"],
    ),
    "Moodle's folders in an assignment's": (
        {"0-start/Jane Doe_12_assignsubmission_file_/doubled_value.ipynb": DOUBLED}, {},
        ["belongs in submitted/Jane Doe_12_assignsubmission_file_/0-start/"],
    ),
    "Moodle's flat files": (
        {"Jane Doe_12_assignsubmission_file_doubled_value.ipynb": DOUBLED}, {},
        ["Jane Doe, number 12): it belongs in submitted/LEARNER/0-start/doubled_value.ipynb"],
    ),
    "Canvas's files": (
        {"doejane_LATE_12345_678901_late_doubled_value-1.ipynb": DOUBLED,
         "mustermax_12346_678902_Untitled.ipynb": HALVED},
        {},
        ["doejane, number 12345): it belongs in submitted/LEARNER/0-start/doubled_value.ipynb",
         "mustermax, number 12346): it belongs in submitted/LEARNER/1-next/halved_value.ipynb"],
    ),
    "Canvas's files in a folder": (
        {"canvas/doejane_12345_678901_doubled_value.ipynb": DOUBLED,
         "canvas/mustermax_12346_678902_doubled_value.ipynb": DOUBLED},
        {},
        ["doejane", "mustermax"],
    ),
    "Canvas's files in an assignment's folder": (
        {"0-start/doejane_12345_678901_doubled_value.ipynb": DOUBLED}, {},
        ["doejane, number 12345): it belongs in submitted/LEARNER/0-start/"],
    ),
    "several people's files in one learner's folder": (
        {"all/0-start/doejane_12345_678901_doubled_value.ipynb": DOUBLED,
         "all/0-start/mustermax_12346_678902_tripled_value.ipynb": TRIPLED},
        {},
        ["of several learners: whose it is is not guessed"] * 2,
    ),
    "several people's files directly in a folder": (
        {"all/jane.ipynb": DOUBLED, "all/max.ipynb": DOUBLED}, {},
        ["jane.ipynb: one of several for doubled_value", "max.ipynb: one of several"],
    ),
    "too deep": (
        {"ann/0-start/0-start/doubled_value.ipynb": DOUBLED},
        {f"ann:{DOUBLED}": "doubled_value.ipynb"}, [],
    ),
    "much too deep": (
        {"ann/0-start/my work/done/Untitled.ipynb": DOUBLED},
        {f"ann:{DOUBLED}": "Untitled.ipynb"}, [],
    ),
    "too high": (
        {"ann/doubled_value.ipynb": DOUBLED}, {f"ann:{DOUBLED}": "doubled_value.ipynb"}, []
    ),
    "too high, and renamed": (
        {"ann/Untitled.ipynb": HALVED}, {f"ann:{HALVED}": "Untitled.ipynb"}, []
    ),
    "too high, and silent": (
        {"ann/Untitled.ipynb": "-"}, {}, ["Untitled.ipynb: whose it is cannot be told"]
    ),
    "nobody's": (
        {"doubled_value.ipynb": DOUBLED}, {},
        ["whose it is cannot be told: it belongs in submitted/LEARNER/0-start/doubled_value.ipynb"],
    ),
    "nobody's, but an assignment's": (
        {"0-start/doubled_value.ipynb": DOUBLED}, {},
        ["whose it is cannot be told: it belongs in submitted/LEARNER/0-start/doubled_value.ipynb"],
    ),
    "assignment before learner": (
        {"0-start/ann/doubled_value.ipynb": DOUBLED}, {},
        ["learners come first: it belongs in submitted/ann/0-start/"],
    ),
    "all one folder too deep": (
        {"download/ann/0-start/doubled_value.ipynb": DOUBLED}, {},
        ["it lies too deep and belongs in submitted/ann/"],
    ),
    "no assignment's folder": (
        {"ann/homework/doubled_value.ipynb": DOUBLED}, {},
        ["homework: no assignment has this name; doubled_value.ipynb in it is of "
         "0-start/doubled_value"],
    ),
    "an assignment in another spelling": (
        {"ann/0_Start/doubled_value.ipynb": DOUBLED}, {f"ann:{DOUBLED}": "doubled_value.ipynb"}, []
    ),
    "another assignment's exercise, by its name": (
        {"ann/1-next/doubled_value.ipynb": DOUBLED}, {},
        ["no exercise of 1-next has this name; is of 0-start/doubled_value and belongs in "
         "submitted/LEARNER/0-start/doubled_value.ipynb"],
    ),
    "another assignment's exercise, by what is in it": (
        {"ann/1-next/Untitled.ipynb": DOUBLED}, {}, ["belongs in submitted/LEARNER/0-start/doubled"]
    ),
    "what a Mac adds": (
        {"__MACOSX/ann/0-start/._doubled_value.ipynb": "-", ".DS_Store": "-", "ann/.DS_Store": "-",
         "ann/0-start/.DS_Store": "-", "ann/0-start/__MACOSX/._doubled_value.ipynb": "-",
         "ann/0-start/doubled_value.ipynb": DOUBLED},
        {f"ann:{DOUBLED}": "doubled_value.ipynb"}, [],
    ),
    "checkpoints": (
        {"ann/0-start/.ipynb_checkpoints/doubled_value-checkpoint.ipynb": TRIPLED,
         "ann/.ipynb_checkpoints/doubled_value-checkpoint.ipynb": TRIPLED,
         ".ipynb_checkpoints/x-checkpoint.ipynb": TRIPLED,
         "ann/0-start/doubled_value.ipynb": DOUBLED},
        {f"ann:{DOUBLED}": "doubled_value.ipynb"}, [],
    ),
    "a checkpoint that was saved elsewhere": (
        {"ann/0-start/doubled_value-checkpoint.ipynb": DOUBLED,
         "ann/0-start/doubled_value.ipynb": DOUBLED},
        {f"ann:{DOUBLED}": "doubled_value.ipynb"}, ["doubled_value.ipynb counts for doubled_value"],
    ),
    "an archive in the wrong place": (
        {"ann/homework.ZIP": "-", "all.zip": "-"}, {},
        ["all.zip: an archive is not opened", "homework.ZIP: an archive is not opened"],
    ),
    "other files beside a notebook": (
        {"ann/0-start/doubled_value.ipynb": DOUBLED, "ann/0-start/helpers.py": "-",
         "ann/0-start/data/people.csv": "-"},
        {f"ann:{DOUBLED}": "doubled_value.ipynb"}, [],
    ),
    "other files in place of one": (
        {"ann/0-start/doubled_value.py": "-"}, {}, ["there is no notebook in it but doubled_value"]
    ),
    "a file of a learner's, in no assignment": (
        {"ann/essay.docx": "-"}, {}, ["essay.docx: no notebook, and in no assignment's folder"]
    ),
    "no learner's file": ({"notes.txt": "-"}, {}, ["notes.txt: it lies in no learner's folder"]),
    "hidden folders": (
        {".hidden/0-start/doubled_value.ipynb": DOUBLED, ".tool/settings.json": "-"}, {},
        [".hidden: a learner's name does not begin with a dot"],
    ),
    "a folder that is called a notebook": (
        {"ann/0-start/doubled_value.ipynb/Untitled.ipynb": DOUBLED},
        {f"ann:{DOUBLED}": "Untitled.ipynb"}, [],
    ),
    "a folder in place of a notebook": (
        {"ann/0-start/doubled_value.ipynb/notes.txt": "-"},
        {f"ann:{DOUBLED}": "doubled_value.ipynb"}, [],
    ),
    "an assignment twice": (
        {"ann/0-start/doubled_value.ipynb": DOUBLED, "ann/0-Start/tripled_value.ipynb": TRIPLED},
        {f"ann:{DOUBLED}": "doubled_value.ipynb", f"ann:{TRIPLED}": "tripled_value.ipynb"}, [],
    ),
    "nbgrader's exchange": (
        {"ann+0-start+2026-02-01 16:28:58 UTC+aB3/doubled_value.ipynb": DOUBLED}, {},
        ["belongs in submitted/ann/0-start/"],
    ),
    "two places": (
        {"ann/0-start/doubled_value.ipynb": DOUBLED, "ann/0-start/old/doubled_value.ipynb": DOUBLED,
         "ann/doubled_value.ipynb": DOUBLED},
        {f"ann:{DOUBLED}": "doubled_value.ipynb"},
        ["old/doubled_value.ipynb: doubled_value.ipynb counts",
         "ann/doubled_value.ipynb: doubled_value.ipynb counts"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout_", LAYOUTS)
def test_a_file_is_graded_where_it_lies_or_named_with_its_place(course: Path, layout_: str) -> None:
    files, graded, parts = LAYOUTS[layout_]
    for place, exercise in files.items():
        put(course, place, b"{}" if exercise == "-" else solved(course, exercise))

    found = inbox.of_course(course)

    assert taken(found) == graded
    assert len(found.notices) == len(parts), found.notices
    for part in parts:
        assert any(part in notice for notice in found.notices), found.notices
    lying_right = all(
        place.split("/")[1:] == f"{exercise}.ipynb".split("/") for place, exercise in files.items()
    )
    repaired = [one for one in found.found if one.repairs]
    assert not (lying_right and repaired)
    assert all(one.path.is_relative_to(course / "submitted") for one in found.found)


def test_nothing_that_a_person_handed_in_is_passed_over(course: Path) -> None:
    """Every notebook of all layouts at once is taken, or stands in a notice."""
    for number, (files, *_) in enumerate(LAYOUTS.values()):
        for place, exercise in files.items():
            whole = place if "/" not in place else f"{number}{place}"
            put(course, whole, b"{}" if exercise == "-" else solved(course, exercise))
    found = inbox.of_course(course)
    used = {path for one in found.found for path in (one.path, *one.beside)}
    told = "\n".join(found.notices)

    for path in (course / "submitted").rglob("*"):
        ignored = any(is_noise(part) for part in path.relative_to(course / "submitted").parts)
        if path.is_file() and is_notebook(path.name) and not ignored:
            folders = [at for at in path.parents if at.is_relative_to(course / "submitted")][:-1]
            named = [f"{at}: " for at in (path, *folders)]
            assert path in used or any(name in told for name in named), path


def test_a_person_in_a_crowd_of_strange_files_is_named_too(course: Path) -> None:
    for number in range(300):
        name = f"learner{number:03d}_{number + 1000}_{number + 9000}_doubled_value.ipynb"
        put(course, f"canvas/{name}", b"{}")
        put(course, f"download/learner{number:03d}/doubled_value.ipynb", b"{}")

    told = "\n".join(inbox.of_course(course).notices)

    assert len(told.split("\n")) < 50
    assert all(f"learner{n:03d}_{n + 1000}_" in told for n in range(300))
    assert all(told.count(f"learner{n:03d}") >= 2 for n in range(300))


def test_a_folder_that_may_not_be_read_costs_what_is_in_it_alone(course: Path) -> None:
    put(course, "ann/0-start/doubled_value.ipynb", solved(course, DOUBLED))
    (course / "submitted/ann/0-start/elsewhere").symlink_to(course)
    for number in range(layout.MOST_FILES + 1):
        put(course, f"ann/0-start/venv/{number}", b"")

    found = inbox.of_course(course)

    assert taken(found) == {f"ann:{DOUBLED}": "doubled_value.ipynb"}
    (notice,) = found.notices
    assert "venv: more than 5,000 files are before it" in notice


# One name in two spellings -----------------------------------------------------------------------


def test_a_name_in_two_spellings_is_one_learners(course: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Zoë") for form in ("NFC", "NFD"))
    put(course, f"{decomposed}/0-start/doubled_value.ipynb", solved(course, DOUBLED))
    put(course, f"{composed}/0-start/doubled_value.ipynb", untouched(course, DOUBLED))
    put(course, f"{composed}/0-start/tripled_value.ipynb", solved(course, TRIPLED))
    put(course, f"{decomposed}/1-next/halved_value.ipynb", solved(course, HALVED))
    put(course, f"{decomposed}/1-next/timestamp.txt", b"2026-02-01 16:28:58 UTC")

    found = inbox.of_course(course)

    assert {one.learner for one in found.found} == {composed}
    assert [one.path.parts[-3] for one in found.found] == [decomposed, composed, decomposed]
    (notice,) = found.notices  # an answered one goes before an untouched one
    assert notice.startswith(str(course / f"submitted/{composed}/0-start/doubled_value.ipynb"))
    assert inbox.times(course)(composed, "1-next") == datetime(2026, 2, 1, 16, 28, 58)
    assert inbox.times(course)(composed, "0-start") is None


def test_of_several_times_the_one_nearest_to_its_place_counts(course: Path) -> None:
    time = inbox.times(course)
    for number, place in enumerate(("ann", "ann/0-Start/inner", "ann/0-Start")):
        put(course, f"{place}/timestamp.txt", f"2026-02-0{number + 1} 12:00:00 UTC".encode())
        assert time("ann", "0-start") == datetime(2026, 2, number + 1, 12)
    assert time("ann", "1-next") == datetime(2026, 2, 1, 12)


# The rule for several files ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        (["Copy of {}.ipynb", "{}.ipynb"], "Copy of {}.ipynb"),
        (["{} - Kopie (3).ipynb", "{}-Copy2.ipynb", "{}.ipynb"], "{} - Kopie (3).ipynb"),
        (["Untitled7.ipynb", "{}.ipynb"], "{}.ipynb"),  # no number of a copy
        (["Untitled.ipynb", "{} (1).ipynb"], "{} (1).ipynb"),
        (["{}+.ipynb", "{}.IPYNB", "Copy of {} (9).ipynb"], "{}.ipynb"),
        (["Untitled+.ipynb", "{} (9).ipynb"], "Untitled.ipynb"),
        (["{}.ipynb", "sub/{} (1).ipynb"], "sub/{} (1).ipynb"),
        (["{}.ipynb", "sub/{}.ipynb"], "{}.ipynb"),
        (["{}.ipynb", "sub/{}+.ipynb"], "sub/{}.ipynb"),
    ],
)
def test_the_rule_for_several_files_holds_over_renamed_ones(
    course: Path, files: list[str], counts: str
) -> None:
    for name in files:
        content = solved(course, DOUBLED) if "+" in name else untouched(course, DOUBLED)
        put(course, f"ann/0-start/{name.format(NAME).replace('+', '')}", content)

    (one,) = inbox.of_course(course).found

    home = course / "submitted/ann/0-start"
    assert one.path.relative_to(home).as_posix() == counts.format(NAME)
    assert len(one.others) == len(files) - 1


# timestamp.txt -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2026-02-01 16:28:58.948203 UTC", "2026-02-01 16:28:58.948203"),  # nbgrader's own
        ("2026-02-01 16:28:58 +0100", "2026-02-01 15:28:58"),
        ("2026-02-01 16:28:58 -0530", "2026-02-01 21:58:58"),
        ("2026-02-01 16:28:58+01:00", "2026-02-01 15:28:58"),
        ("2026-02-01T16:28:58Z", "2026-02-01 16:28:58"),
        ("2026-02-01T16:28:58.5Z", "2026-02-01 16:28:58.500000"),
        ("20260201T162858Z", "2026-02-01 16:28:58"),
        ("2026-02-01 16:28:58", "2026-02-01 16:28:58"),  # nbgrader takes it for UTC
        ("2026/02/01 16:28", "2026-02-01 16:28:00"),
        ("2026-07-01 15:28:58 CEST", "2026-07-01 13:28:58"),
        ("2026-02-01 20:30:10 SAST", "2026-02-01 18:30:10"),
        ("2026-02-01 16:28:58 Europe/Berlin", "2026-02-01 15:28:58"),
        ("2026-07-01 16:28:58 America/Los_Angeles", "2026-07-01 23:28:58"),
        ("2026-02-01 16:28:58 UTC+1", "2026-02-01 15:28:58"),
        ("02/13/2026 11:59 PM", "2026-02-13 23:59:00"),
        ("13/02/2026 12:05 am", "2026-02-13 00:05:00"),
        ("13.02.2026 23:59", "2026-02-13 23:59:00"),
        ("02/02/2026 11:59 PM", "2026-02-02 23:59:00"),  # either way the same
        ("Sun, 01 Feb 2026 16:28:58 +0100", "2026-02-01 15:28:58"),
        ("Sun Feb  1 16:28:58 CET 2026", "2026-02-01 15:28:58"),
        ("Sunday, 1 February 2026, 4:28 PM", "2026-02-01 16:28:00"),
        ("Feb 1, 2026 at 11:59pm", "2026-02-01 23:59:00"),
        ("Sun Feb 01 2026 16:28:58 GMT+0100 (Central European Standard Time)",
         "2026-02-01 15:28:58"),
        ("1769963338", "2026-02-01 16:28:58"),
        ("1769963338123", "2026-02-01 16:28:58"),
        ("02/01/2026 11:59 PM", None),
        ("01.02.2026 23:59", None),
        ("2026-02-01 16:28:58 CST", None),
        ("2026-02-01 16:28:58 IST", None),
        ("2026-02-01 16:28:58 EST", None),
        ("2026-02-01 16:28:58 BST", None),
        ("2026-02-01 16:28:58 XYZ", None),
        ("2026-02-01 16:28:58 /etc/hostname", None),
        ("2026-02-01 16:28:58 Europe/../../../etc/hostname", None),
        ("2026-10-25 02:30:00 Europe/Berlin", None),  # twice that night
        ("2026-03-29 02:30:00 Europe/Berlin", None),  # not that night
        ("2026-02-30 16:28:58 UTC", None),
        ("2026-02-01 16:28:58 +2500", None),
        ("2026-02-01 13:28 PM", None),
        ("2026-02-01", None),
        ("26-02-01 16:28", None),
        ("0001-01-01 00:00:00 +0100", None),
        ("late", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_time_is_read_right_or_not_at_all(
    course: Path, written: str, time: str | None, encoding: str
) -> None:
    put(course, "ann/0-start/doubled_value.ipynb", b"{}")
    path = put(course, "ann/0-start/timestamp.txt", f"{written}\r\n".encode(encoding))

    notices = inbox.of_course(course).notices
    read = inbox.times(course)("ann", "0-start")

    assert read == (datetime.fromisoformat(time) if time else None)
    assert [notice.startswith(f"{path}: no time can be read") for notice in notices] == (
        [] if time else [True]
    )
    assert clock.read(clock.EXAMPLE) == datetime(2026, 2, 1, 22, 59)


@pytest.mark.parametrize(
    ("place", "written", "secret", "by"),
    [
        ("ann/0-start", "2026-02-01 15:28:58.948203 UTC", True, HandedInBy.EXCHANGE),
        ("ann/0-start", "2026-02-01 15:28:58.948203 Europe/Zurich", True, HandedInBy.EXCHANGE),
        ("ann/0-start", "2026-02-01 15:28:58", False, HandedInBy.ZIP_COLLECT),
        ("ann/0-start", "2026-02-01 15:28:58.948203 UTC", False, HandedInBy.ANYBODY),
        ("ann/0-start", "2026-02-01T15:28Z", True, HandedInBy.ANYBODY),
        ("ann/0-start/inner", "2026-02-01 15:28:58.948203 UTC", True, HandedInBy.ANYBODY),
        ("ann", "2026-02-01 15:28:58", False, HandedInBy.ANYBODY),
        ("ann/0-start", "late", True, HandedInBy.UNKNOWN),
    ],
)
def test_a_time_is_told_with_who_seems_to_have_written_it(
    course: Path, place: str, written: str, secret: bool, by: HandedInBy
) -> None:
    put(course, "ann/0-start/doubled_value.ipynb", b"{}")
    put(course, f"{place}/timestamp.txt", written.encode())
    if secret:
        put(course, f"{place}/submission_secret.txt", b"abc")

    time, writer = inbox.time_and_source(course, "ann", "0-start")

    assert writer is by
    assert (time is None) == (by is HandedInBy.UNKNOWN)


# Graded for real ---------------------------------------------------------------------------------


def shown(page: Path) -> str:
    return re.sub("<[^>]*>", "", page.read_text())


@pytest.mark.sandbox
def test_what_lies_and_is_called_otherwise_has_its_points_and_says_so(course: Path) -> None:
    put(course, "a/0-start/Copy of doubled_value.ipynb", solved(course, DOUBLED))
    put(course, "b/0-start/Untitled.ipynb", solved(course, DOUBLED, bare))
    put(course, "c_12_assignsubmission_file_/doubled_value.ipynb", solved(course, DOUBLED))
    put(course, "d/0-start/0-start/doubled_value.ipynb", solved(course, DOUBLED))
    put(course, "Zoe\u0308/0-start/doubled_value.ipynb", solved(course, DOUBLED))
    put(course, "Zoe\u0308/0-start/timestamp.txt", b"2026-02-01 16:28:58 +0100")

    first = run("grader", "grade", "--course", course, "--json")
    again = run("grader", "grade", "--course", course, "--json")

    told = json.loads(first.stdout)
    assert (first.returncode, told["notices"]) == (0, [])  # a repair alone needs nobody
    assert {one["learner"]: one["tasks"][0]["points"] for one in told["graded"]} == dict.fromkeys(
        ["a", "b", "c_12_assignsubmission_file_", "d", "Zo\u00eb"], "1"
    )
    assert len(told["remarks"]) == 4
    assert (json.loads(again.stdout)["unchanged"], again.returncode) == (5, 0)
    page = course / "feedback/a/0-start/doubled_value.html"
    sentence = "The file was called Copy of doubled_value.ipynb; it was read as doubled_value."
    assert sentence in page.read_text()
    assert "def doubled_value" in shown(course / "feedback/d/0-start/doubled_value.html")
    assert (course / "feedback/Zo\u00eb/0-start/timestamp.txt").is_file()
    url = f"sqlite:///{course / 'gradebook.db'}"
    book = records.open(url)
    assert {a.learner: str(a.handed_in or "") for a in book.latest()} == {
        **dict.fromkeys(["a", "b", "c_12_assignsubmission_file_", "d"], ""),
        "Zo\u00eb": "2026-02-01 15:28:58+00:00",
    }
    when = "Handed in on 2026-02-01 at 15:28 UTC, as a file says that came with it"
    page_of = {
        who: course / f"feedback/{who}/0-start/doubled_value.html" for who in ("a", "Zo\u00eb")
    }
    assert [when in " ".join(shown(path).split()) for path in page_of.values()] == [False, True]
    export_csv(book, course / "marks.csv")
    rows = csv.DictReader((course / "marks.csv").read_text().splitlines())
    by = {r["student_id"]: r["timestamp_by"] for r in rows if r["assignment"] == "0-start"}
    assert (by["a"], by["Zo\u00eb"]) == ("", "anybody")
    keep.write_all(course, list(marks.latest(records.open(url))), [find(course, DOUBLED)])
    assert sentence in page.read_text()
    assert "def doubled_value" in shown(course / "feedback/d/0-start/doubled_value.html")


@pytest.mark.sandbox
def test_who_handed_in_what_cannot_be_told_has_a_page_until_it_is_renamed(course: Path) -> None:
    path = put(course, "ann/1-next/{home}work.ipynb", solved(course, HALVED, unanswered))
    url = f"sqlite:///{course / 'gradebook.db'}"

    summary = grading.grade(course, url, only="1-next")

    assert summary.exit_code == 1
    page = course / "feedback/ann/1-next/halved_value.html"
    assert "Which exercise {home}work.ipynb is of cannot be told" in page.read_text()
    assert "rename it to halved_value.ipynb" in page.read_text()
    assert "ann" in (course / "feedback/index.html").read_text()

    path.rename(path.with_name("halved_value.ipynb"))
    summary = grading.grade(course, url, only="1-next")
    assert ([a.exercise for a in summary.attempts], summary.exit_code) == (["halved_value"], 0)
    assert "cannot be told" not in page.read_text()


@pytest.mark.sandbox
def test_a_file_that_was_not_graded_is_exit_code_1(course: Path) -> None:
    put(course, "ann/0-start/doubled_value.ipynb", solved(course, DOUBLED))
    put(course, "doejane_12345_678901_doubled_value.ipynb", solved(course, DOUBLED))

    ended = run("grader", "grade", "--course", course)

    assert ended.returncode == 1
    assert "doejane, number 12345" in " ".join(ended.stdout.split())
