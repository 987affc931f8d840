"""The projection: nbgrader's own commands read what the records say, and people's work is kept."""

import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader.book import marks, records
from grader.book import projection as gradebook
from grader.errors import ExerciseError, GradebookError
from grader.exercises import folder as exercises
from grader.submissions import inbox
from tests.builders import SMALL_NOTEBOOK, SMALL_SPEC, an_attempt, small
from tests.commands import nbgrader, run


@pytest.fixture
def course(tmp_path) -> Path:
    small(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    return tmp_path


@pytest.fixture
def url(course) -> str:
    return f"sqlite:///{course / 'gradebook.db'}"


@pytest.fixture
def known(course):
    return exercises.find_all(course)


def query(course: Path, sql: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        return connection.execute(sql, values).fetchall()


GRADES = """
SELECT student_id, base_cell.name, auto_score, manual_score, extra_credit, needs_manual_grade
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
ORDER BY student_id, base_cell.name"""


@pytest.mark.slow
def test_nbgrader_export_reads_the_same_totals_as_the_records(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(
        records.open(url),
        [an_attempt(), an_attempt("ben", Fraction(10))],
        known,
        inbox.times(course),
    )

    nbgrader(course, "export", "--to", "grades.csv")

    lines = (course / "grades.csv").read_text().splitlines()
    cells = [line.split(",") for line in lines[1:]]
    with records.open(url) as book:
        wanted = {a.learner: (float(a.score), a.max_score) for a in book.latest()}
    assert {row[3]: (float(row[7]), float(row[10])) for row in cells} == wanted
    assert wanted["ada"] == (pytest.approx(6.6667, abs=1e-4), 15)


@pytest.mark.slow
def test_a_gradebook_made_without_the_environment_on_path_can_be_upgraded(
    course, url, known, monkeypatch
):
    monkeypatch.setenv("PATH", str(course))  # where no alembic command is

    gradebook.prepare(records.open(url), known)

    monkeypatch.undo()
    assert query(course, "SELECT count(*) FROM alembic_version") == [(1,)]
    nbgrader(course, "db", "upgrade")
    assert query(course, "SELECT count(*) FROM alembic_version") == [(1,)]


def test_a_gradebook_that_nbgrader_left_without_a_version_is_repaired(course, url, known):
    gradebook.prepare(records.open(url), known)
    version = query(course, "SELECT version_num FROM alembic_version")
    query(course, "DROP TABLE alembic_version")

    gradebook.prepare(records.open(url), known)

    assert query(course, "SELECT version_num FROM alembic_version") == version


def test_a_gradebook_of_an_older_nbgrader_is_left_alone_and_says_what_to_run(course, url, known):
    query(course, "CREATE TABLE student (id VARCHAR(128) PRIMARY KEY)")

    with pytest.raises(GradebookError, match=r"run: nbgrader db upgrade"):
        gradebook.prepare(records.open(url), known)

    assert query(course, "SELECT name FROM sqlite_master WHERE type = 'table'") == [("student",)]


def test_records_and_projection_survive_a_kill_both_or_neither(course, url, known, tmp_path):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt("before")], known, inbox.times(course))
    (tmp_path / "killed.py").write_text(
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "sys.path[:0] = sys.argv[3:]\n"
        "from grader.book import projection as gradebook\n"
        "from grader.book import records\n"
        "from grader.exercises import folder as exercises\n"
        "from grader.submissions import inbox\n"
        "from tests.builders import an_attempt\n"
        "course = Path(sys.argv[2])\n"
        "def attempts():\n"
        "    yield from (an_attempt(f'l{n}') for n in range(20))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "known = exercises.find_all(course)\n"
        "gradebook.store(records.open(sys.argv[1]), attempts(), known, inbox.times(course))\n"
    )

    ended = run("python", "killed.py", url, course, Path(__file__).parents[1], cwd=tmp_path)

    assert ended.returncode == -signal.SIGKILL
    assert query(course, "SELECT learner FROM grader_attempt") == [("before",)]
    assert query(course, "SELECT id FROM student") == [("before",)]
    batch = [an_attempt(f"l{n}") for n in range(20)]
    assert gradebook.store(records.open(url), batch, known, inbox.times(course)) == 20
    assert gradebook.store(records.open(url), batch, known, inbox.times(course)) == 0
    assert query(course, "SELECT count(*) FROM grade WHERE auto_score IS NOT NULL") == [(21,)]


def test_every_cell_of_the_release_is_in_the_gradebook_as_nbgrader_would_save_it(
    course, url, known
):
    gradebook.prepare(records.open(url), known)

    cells = query(course, "SELECT name, type FROM base_cell ORDER BY name, type")
    grades = query(
        course,
        "SELECT name, max_score, cell_type FROM grade_cells JOIN base_cell USING (id) ORDER BY 1",
    )
    sources = query(course, "SELECT name, locked, source FROM source_cell ORDER BY name")
    assert cells == [
        ("note", "GradeCell"),
        ("note", "SolutionCell"),
        ("parse_height", "SolutionCell"),
        ("parse_height-points", "GradeCell"),
    ]
    assert grades == [("note", 5.0, "markdown"), ("parse_height-points", 10.0, "code")]
    assert [(name, locked) for name, locked, _ in sources] == [
        ("given-1", 1),
        ("given-2", 1),
        ("note", 0),
        ("parse_height", 0),
        ("parse_height-points", 1),
    ]
    assert all("return float(text)" not in source for _, _, source in sources)


def test_nbgraders_own_rules_accept_the_cells_that_were_prepared(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))

    with Gradebook(url) as book:
        submission = book.find_submission("4-cleaning", "ada")
        assert submission.max_score == 15
        assert submission.score == pytest.approx(20 / 3)
        assert submission.max_written_score == 5
        assert submission.needs_manual_grade
        assert book.find_grade("parse_height-points", "heights", "4-cleaning", "ada").failed_tests
        assert book.submission_dicts("4-cleaning")[0]["max_score"] == 15


def test_a_manual_answer_waits_for_a_person_and_the_rest_does_not(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))

    assert query(course, GRADES) == [
        ("ada", "note", None, None, None, 1),
        ("ada", "parse_height-points", 20 / 3, None, None, 0),
    ]


def grade_by_hand(course: Path, cell: str, score: float | None, extra: float | None = None) -> None:
    query(
        course,
        "UPDATE grade SET manual_score = ?, extra_credit = ?, needs_manual_grade = 0 "
        "WHERE cell_id IN (SELECT id FROM base_cell WHERE name = ? AND type = 'GradeCell')",
        score, extra, cell,
    )  # fmt: skip


def test_a_regrade_keeps_scores_given_by_hand_and_asks_to_look_at_them_again(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))
    grade_by_hand(course, "note", 4, 1)

    gradebook.store(
        records.open(url), [an_attempt(submission_sha256="d" * 64)], known, inbox.times(course)
    )

    assert query(course, GRADES)[0] == ("ada", "note", None, 4.0, 1.0, 1)


def test_running_the_same_batch_again_does_not_reopen_what_a_person_has_graded(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))
    grade_by_hand(course, "note", 4)
    before = query(course, GRADES)

    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))
    gradebook.rebuild(records.open(url), known, inbox.times(course))

    assert query(course, GRADES) == before


def test_comments_due_dates_and_penalties_that_people_wrote_are_kept(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))
    query(course, "UPDATE comment SET manual_comment = 'Well argued.'")
    query(course, "UPDATE submitted_notebook SET late_submission_penalty = 2.5, flagged = 1")
    query(course, "UPDATE assignment SET duedate = '2026-03-02 00:00:00.000000'")
    query(course, "UPDATE student SET first_name = 'Ada', email = 'ada@example.org'")

    gradebook.prepare(records.open(url), known)
    gradebook.store(
        records.open(url), [an_attempt(submission_sha256="d" * 64)], known, inbox.times(course)
    )

    assert query(course, "SELECT DISTINCT manual_comment FROM comment") == [("Well argued.",)]
    flags = "SELECT late_submission_penalty, flagged FROM submitted_notebook"
    assert query(course, flags) == [(2.5, 1)]
    assert query(course, "SELECT duedate FROM assignment") == [("2026-03-02 00:00:00.000000",)]
    names = "SELECT first_name, email FROM student"
    assert query(course, names) == [("Ada", "ada@example.org")]


def test_comments_hold_the_behaviours_missed_and_nothing_else(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))

    comments = query(
        course,
        "SELECT name, auto_comment FROM comment JOIN base_cell ON base_cell.id = cell_id "
        "ORDER BY name",
    )
    assert comments == [
        ("note", None),
        ("parse_height", "- not yet: A missing one stays so.\n- not yet: It ends."),
    ]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2026-02-02 15:58:23.948203 UTC", "2026-02-02 15:58:23.948203"),
        ("2026-02-02 15:58:23 America/Los_Angeles", "2026-02-02 23:58:23.000000"),
        ("2026-02-02T15:58:23+01:00", "2026-02-02 14:58:23.000000"),
        ("yesterday evening", None),
        ("", None),
        ("9" * 5000, None),
        ("\x00\xff UTC 1", None),
        ("2026-02-02 15:58:23 /etc/hostname", None),
    ],
)
def test_the_time_of_handing_in_is_read_in_utc_and_nonsense_is_no_time(
    course, url, known, written, stored
):
    folder = course / "submitted" / "ada" / "4-cleaning"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(written, encoding="latin-1")
    gradebook.prepare(records.open(url), known)

    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))

    assert query(course, "SELECT timestamp FROM submitted_assignment") == [(stored,)]


def test_a_named_pipe_in_place_of_the_timestamp_does_not_stop_the_batch(course, url, known):
    folder = course / "submitted" / "ada" / "4-cleaning"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "timestamp.txt")
    gradebook.prepare(records.open(url), known)

    assert gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course)) == 1


def test_an_exercise_that_was_not_handed_in_counts_nothing_and_waits_for_nobody(course, url):
    small(course, "weights")
    known = exercises.find_all(course)
    gradebook.prepare(records.open(url), known)

    gradebook.store(
        records.open(url), [an_attempt(points=Fraction(10))], known, inbox.times(course)
    )

    missing = [row for row in query(course, GRADES) if row[2] is None and not row[5]]
    assert [row[1] for row in missing] == ["note", "parse_height-points"]
    with Gradebook(url) as book:
        submission = book.find_submission("4-cleaning", "ada")
        assert (submission.score, submission.max_score) == (10, 30)
        assert book.submission_dicts("4-cleaning")[0]["max_score"] == 30


def test_an_exercise_added_later_appears_in_submissions_that_are_there(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))

    small(course, "weights")
    gradebook.prepare(records.open(url), exercises.find_all(course))

    assert query(course, "SELECT count(*) FROM submitted_notebook") == [(2,)]
    assert len(query(course, GRADES)) == 4


TWO_TASKS = SMALL_SPEC.replace(
    'name = "note"\npoints = 5\nmanual = true', 'name = "unit"\npoints = 3'
)
TWO_SOURCES = SMALL_NOTEBOOK.partition("# %% [markdown] task")[0] + (
    '# %% task="unit"\n### BEGIN SOLUTION\nunit = "cm"\n### END SOLUTION\n'
)


def test_a_task_that_was_taken_out_takes_its_automatic_scores_along(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))

    changed = small(course, spec=TWO_TASKS, notebook=TWO_SOURCES)
    gradebook.prepare(records.open(url), [changed])

    assert [(row[1], row[2]) for row in query(course, GRADES)] == [
        ("parse_height-points", 20 / 3),
        ("unit-points", None),
    ]


@pytest.mark.parametrize(
    "by_hand",
    [
        lambda course: grade_by_hand(course, "note", 4),
        lambda course: grade_by_hand(course, "note", None, 1),
        lambda course: query(
            course,
            "UPDATE comment SET manual_comment = 'Well argued.' "
            "WHERE cell_id IN (SELECT id FROM base_cell WHERE name = 'note')",
        ),
    ],
)
def test_a_task_that_people_worked_on_cannot_vanish_silently(course, url, known, by_hand):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))
    by_hand(course)
    before = query(course, GRADES)

    changed = small(course, spec=TWO_TASKS, notebook=TWO_SOURCES)
    with pytest.raises(ExerciseError, match=r"/heights has no cell 'note' any more.* 1 "):
        gradebook.prepare(records.open(url), [changed])

    assert query(course, GRADES) == before


def test_a_change_of_points_reaches_the_totals(course, url, known):
    gradebook.prepare(records.open(url), known)

    changed = small(course, spec=SMALL_SPEC.replace("points = 10", "points = 20"))
    gradebook.prepare(records.open(url), [changed])

    assert query(course, "SELECT sum(max_score) FROM grade_cells") == [(25.0,)]


def test_the_whole_projection_can_be_rebuilt_from_the_records(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(
        records.open(url), [an_attempt("ada"), an_attempt("ben")], known, inbox.times(course)
    )
    gradebook.store(
        records.open(url),
        [an_attempt("ben", Fraction(1), suite_sha256="d" * 64)],
        known,
        inbox.times(course),
    )
    before = query(course, GRADES)
    with closing(sqlite3.connect(course / "gradebook.db")) as connection, connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in tables.fetchall():
            if name != "grader_attempt":
                connection.execute(f"DROP TABLE {name}")

    gradebook.rebuild(records.open(url), known, inbox.times(course))

    assert query(course, GRADES) == before


def test_storing_what_was_never_prepared_says_so_and_keeps_nothing(course, url, known):
    small(course, "weights")
    gradebook.prepare(records.open(url), known)

    with pytest.raises(GradebookError, match=r"/weights is not in the gradebook; prepare"):
        gradebook.store(
            records.open(url),
            [an_attempt(), an_attempt(exercise="weights")],
            known,
            inbox.times(course),
        )

    assert query(course, "SELECT count(*) FROM grader_attempt") == [(0,)]


def test_a_forced_regrade_replaces_the_score(course, url, known):
    gradebook.prepare(records.open(url), known)
    gradebook.store(records.open(url), [an_attempt()], known, inbox.times(course))

    count = gradebook.store(
        records.open(url), [an_attempt(points=Fraction(3))], known, inbox.times(course), again=True
    )

    assert count == 1
    assert query(course, GRADES)[1][:3] == ("ada", "parse_height-points", 3.0)


@pytest.mark.slow
def test_a_thousand_learners_are_stored_in_one_go(course, url):
    for slug in ("weights", "widths"):
        small(course, slug)
    known = exercises.find_all(course)
    gradebook.prepare(records.open(url), known)
    slugs = ("heights", "weights", "widths")
    batch = (an_attempt(f"l{n:04}", exercise=slug) for n in range(1000) for slug in slugs)

    assert gradebook.store(records.open(url), batch, known, inbox.times(course)) == 3000

    total = "SELECT count(*), sum(auto_score) FROM grade WHERE auto_score IS NOT NULL"
    assert query(course, total) == [(3000, pytest.approx(20_000))]


def test_postgresql_holds_the_same_records_and_projection(course, known, tmp_path_factory):
    import psycopg

    with postgresql(tmp_path_factory.mktemp("pg")) as url:
        gradebook.prepare(records.open(url), known)
        assert (
            gradebook.store(
                records.open(url), [an_attempt(), an_attempt("ben")], known, inbox.times(course)
            )
            == 2
        )
        assert (
            gradebook.store(
                records.open(url), [an_attempt(), an_attempt("cleo")], known, inbox.times(course)
            )
            == 1
        )
        gradebook.rebuild(records.open(url), known, inbox.times(course))

        scores = [
            (mark.learner, mark.raw_score, mark.max_score)
            for mark in marks.marks(records.open(url))
        ]
        assert scores == [(name, 20 / 3, 15) for name in ("ada", "ben", "cleo")]
        with records.open(url) as book:
            assert list(book.latest()) == [an_attempt(name) for name in ("ada", "ben", "cleo")]
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert len(connection.execute(GRADES).fetchall()) == 6
            with pytest.raises(psycopg.Error, match="only ever added"):
                connection.execute("DELETE FROM grader_attempt")
            connection.rollback()
            with pytest.raises(psycopg.Error, match="run `grader grade`"):
                connection.execute("UPDATE grade SET auto_score = 15")
            connection.rollback()
            assert connection.execute("UPDATE grade SET manual_score = 15").rowcount == 6


def postgresql_programs() -> Path:
    """Find where Debian keeps what only a server's administrator runs."""
    folders = [Path(found).parent for found in [shutil.which("initdb")] if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert folders, "PostgreSQL is missing: apt-get install postgresql"
    return folders[-1]


class postgresql:
    """A server of our own on a socket in a folder, gone when the test is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None

    def run(self, *command: object) -> None:
        subprocess.run([str(part) for part in command], user=self.user, cwd="/", check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip

    def __enter__(self) -> str:
        data, bin = self.folder / "data", postgresql_programs()
        if self.user:
            shutil.chown(self.folder, self.user)
            for folder in (self.folder, *self.folder.parents[:3]):
                folder.chmod(0o755)
        self.run(bin / "initdb", "-D", data, "-A", "trust", "-U", "grader")
        options = f"-k {self.folder} -h ''"
        self.control = (bin / "pg_ctl", "-w", "-D", data, "-l", self.folder / "log", "-o", options)
        self.run(*self.control, "start")
        return f"postgresql+psycopg://grader@/postgres?host={self.folder}"

    def __exit__(self, *_: object) -> None:
        self.run(*self.control, "-m", "immediate", "stop")
