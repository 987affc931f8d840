"""A whole class through the real commands: every submission gets what it was made to get."""

from __future__ import annotations

import csv
import html
import json
import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.exercises import notebook, variants
from grader.exercises.folder import Exercise
from grader.score import points
from grader.suite import run as suite
from grader.suite.here import InProcess
from tests.commands import run
from tests.tools import sample_class
from tests.tools.sample_class import FULL, NONE, Handed

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@dataclass(frozen=True)
class Graded:
    course: Path
    handed: list[Handed]
    attempts: dict[tuple[str, str], dict[str, Any]]
    exit_code: int


@pytest.fixture(scope="module")
def graded(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    course = tmp_path_factory.mktemp("class")
    handed = sample_class.make(root, course)
    limit(course / "exercises/0-start")
    return Graded(course, handed, *grade(course))


def limit(module: Path) -> None:
    """Let what is endless in the class run for a shorter time than the course would."""
    real = module.resolve()
    module.unlink()  # a link
    shutil.copytree(real, module)
    with (module / "late_share/exercise.toml").open("a", encoding="utf-8") as spec:
        spec.write("\n[limits]\ncell_seconds = 3\nnotebook_seconds = 12\ntest_seconds = 1\n")


def grade(course: Path, *options: str) -> tuple[dict[tuple[str, str], dict[str, Any]], int]:
    done = run("grader", "grade", "--course", course, "--json", *options)
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(done.stdout)
    assert told["pending"] == []
    return {(a["learner"], a["exercise"]): a for a in told["graded"]}, done.returncode


def outcomes(attempt: dict[str, Any]) -> dict[str, str]:
    return {test["name"]: test["outcome"] for task in attempt["tasks"] for test in task["tests"]}


def expected(exercise: Exercise, variant: str) -> Fraction:
    """Score a variant in this very process: another way to the same answer, without any wall."""
    text = (exercise.folder / f"{variant}.py").read_text(encoding="utf-8")
    solved = notebook.solve(exercise, variants.variant(exercise, text))
    namespace: dict[str, Any] = {}
    for cell in solved.cells:
        if cell.cell_type == "code" and not cell.source.startswith("check("):
            exec(compile(cell.source, "cell", "exec"), namespace)
    tests = suite.load(exercise)

    def opened(*_: object, **__: object) -> nullcontext[InProcess]:
        return nullcontext(InProcess(namespace))

    marked = points.mark(tests.plan(exercise), tests.run(opened))
    return sum((task.points or Fraction(0) for task in marked), Fraction(0))


def test_every_submission_is_graded(graded: Graded) -> None:
    assert len(graded.handed) >= 24
    assert set(graded.attempts) == {(h.learner, h.exercise.slug) for h in graded.handed}


def test_right_solutions_get_everything_and_unsolved_ones_nothing(graded: Graded) -> None:
    wrong = {}
    for handed in graded.handed:
        points = Fraction(graded.attempts[handed.learner, handed.exercise.slug]["score"])
        want = {FULL: handed.exercise.max_points, NONE: 0}.get(handed.earns, points)
        if points != want:
            wrong[handed.learner, handed.exercise.slug, handed.variant] = points

    assert wrong == {}


@pytest.mark.filterwarnings("ignore")  # of mistaken solutions, which run in this process here
def test_mistaken_solutions_get_what_they_deserve(graded: Graded) -> None:
    mistaken = [h for h in graded.handed if h.earns.startswith("wrong/")]
    given = {
        (h.exercise.slug, h.variant): Fraction(graded.attempts[h.learner, h.exercise.slug]["score"])
        for h in mistaken
    }

    assert given == {
        (h.exercise.slug, h.variant): expected(h.exercise, h.variant) for h in mistaken
    }
    assert all(
        points < h.exercise.max_points for h, points in zip(mistaken, given.values(), strict=True)
    )


def test_a_mistake_is_rejected_by_the_tests_that_it_names(graded: Graded) -> None:
    for handed in graded.handed:
        if handed.earns.startswith("wrong/"):
            text = (handed.exercise.folder / f"{handed.variant}.py").read_text(encoding="utf-8")
            got = outcomes(graded.attempts[handed.learner, handed.exercise.slug])
            assert {got[name] for name in variants.rejected_by(text)} & {"passed"} == set()


def test_two_runs_give_the_same(graded: Graded) -> None:
    again, _ = grade(graded.course, "--again")

    assert {k: (a["score"], outcomes(a)) for k, a in again.items()} == {
        k: (a["score"], outcomes(a)) for k, a in graded.attempts.items()
    }


def test_what_is_graded_is_not_run_again(graded: Graded) -> None:
    done = json.loads(run("grader", "grade", "--course", graded.course, "--json").stdout)

    assert done["graded"] == []
    assert done["unchanged"] == len(graded.handed)


@pytest.mark.parametrize(
    ("trouble", "ending"),
    [
        ("endless-loop", "timeout"),
        ("endless-cell", "timeout"),
        ("killed-cell", "crashed"),
        ("truncated-file", "unreadable"),
    ],
)
def test_trouble_is_named(graded: Graded, trouble: str, ending: str) -> None:
    attempt = graded.attempts[f"trouble-{trouble}", "late_share"]

    assert attempt["ending"] == ending
    assert attempt["note"]


def test_an_unreadable_file_is_no_silent_zero(graded: Graded) -> None:
    page = graded.course / "feedback/trouble-truncated-file/0-start/late_share.html"

    assert graded.exit_code == 1
    note = graded.attempts["trouble-truncated-file", "late_share"]["note"]
    assert html.escape(note, quote=False)[:20] in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "trouble", ["deleted-cells", "doubled-cells", "no-metadata", "retyped-cell", "reversed-cells"]
)
def test_repairs_are_told(graded: Graded, trouble: str) -> None:
    attempt = graded.attempts[f"trouble-{trouble}", "late_share"]
    page = graded.course / f"feedback/trouble-{trouble}/0-start/late_share.html"

    assert attempt["repairs"]
    assert "repair" in page.read_text(encoding="utf-8").lower()


def test_nbgrader_reads_the_same_totals(graded: Graded) -> None:
    done = run("nbgrader", "export", "--to", "nbgrader.csv", cwd=graded.course)
    assert done.returncode == 0, done.stderr
    totals: dict[tuple[str, str], Fraction] = {}
    for attempt in graded.attempts.values():
        key = (attempt["learner"], attempt["assignment"])
        totals[key] = totals.get(key, Fraction(0)) + Fraction(attempt["score"])

    with (graded.course / "nbgrader.csv").open(encoding="utf-8") as file:
        rows = {(r["student_id"], r["assignment"]): float(r["score"]) for r in csv.DictReader(file)}

    assert {key: rows[key] for key in totals} == pytest.approx(
        {k: float(v) for k, v in totals.items()}
    )


def test_export_writes_the_same_totals(graded: Graded) -> None:
    target = graded.course / "marks.csv"
    assert run("grader", "export", "--course", graded.course, "--to", target).returncode == 0

    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    mine = sum(float(row["score"] or 0) for row in rows)

    assert mine == pytest.approx(sum(float(Fraction(a["score"])) for a in graded.attempts.values()))


def test_nothing_of_hidden_tests_or_solutions_reaches_learners(graded: Graded, root: Path) -> None:
    assert run("grader", "release", "--course", graded.course).returncode == 0
    received = {
        path: path.read_text(encoding="utf-8")
        for folder in ("release", "feedback")
        for path in (graded.course / folder).rglob("*")
        if path.suffix in (".html", ".ipynb", ".py", ".json")
    }
    leaks = [
        (path.relative_to(graded.course), line)
        for line in secret_lines(root)
        for path, text in received.items()
        if line in text or html.escape(line, quote=False) in text
    ]

    assert len(received) > 50
    assert leaks == []


def secret_lines(root: Path) -> set[str]:
    """Return the assertions of hidden tests; the release's own check covers the solutions."""
    visible = "\n".join(p.read_text() for p in root.glob("exercises/*/*/test_visible.py"))
    lines = set()
    for path in root.glob("exercises/*/*/test_hidden.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip().startswith("assert ") and line.strip() not in visible:
                lines.add(line.strip())
    return lines
