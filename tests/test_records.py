"""Records: added once, never changed, streamed, and clear about a database that is busy."""

import json
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text

from grader.book import records
from grader.errors import GradebookError
from grader.score.attempt import CellReport, CellStatus
from tests.builders import an_attempt, record
from tests.commands import run


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def rows(url: str, columns: str = "*") -> list[tuple]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return connection.execute(f"SELECT {columns} FROM grader_attempt ORDER BY id").fetchall()


def test_an_attempt_comes_back_exactly_as_it_was_recorded(url):
    attempt = an_attempt(cells=(CellReport(0, CellStatus.OK, "", "printed\x00\ud800"),))

    with records.open(url) as book:
        record(book, [attempt])

        assert list(book.latest()) == [attempt]


def test_a_record_takes_no_more_room_than_its_text(url):
    said = "\U0001f600" * 10_000
    attempt = an_attempt(cells=(CellReport(0, CellStatus.OK, "", said),))

    with records.open(url) as book:
        record(book, [attempt])

    [(text,)] = rows(url, "attempt")
    assert said in text
    assert len(text) < len(said) + 5_000


def test_scores_are_stored_as_exact_fractions_beside_their_keys(url):
    with records.open(url) as book:
        record(book, [an_attempt()])

    assert rows(url, "learner, exercise, score, max_score, ending, run") == [
        ("ada", "heights", "20/3", 15, "ok", 1)
    ]
    assert json.loads(rows(url, "attempt")[0][0])["tasks"][0]["points"] == "20/3"


def test_start_is_stored_in_utc_whatever_zone_it_came_in(url):
    there = datetime(2026, 3, 1, 14, 0, tzinfo=timezone(timedelta(hours=-5)))

    with records.open(url) as book:
        record(book, [an_attempt(started=there)])

    assert rows(url, "started")[0][0].startswith("2026-03-01 19:00:00")


def test_recording_the_same_key_again_adds_nothing_and_says_so(url):
    with records.open(url) as book:
        assert record(book, [an_attempt(), an_attempt("ben")]) == 2
        assert record(book, [an_attempt(), an_attempt("cleo")]) == 1

    assert len(rows(url)) == 3


def test_a_forced_regrade_is_a_further_run_and_becomes_the_latest(url):
    with records.open(url) as book:
        record(book, [an_attempt()])
        assert record(book, [an_attempt(seconds=9.0)], again=True) == 1

        assert rows(url, "run") == [(1,), (2,)]
        assert [attempt.seconds for attempt in book.latest()] == [9.0]


@pytest.mark.parametrize(
    "change",
    [
        {"submission_sha256": "d" * 64},
        {"suite_sha256": "d" * 64},
        {"environment_sha256": "d" * 64},
        {"isolation": "none"},
    ],
)
def test_a_change_of_anything_that_a_score_depends_on_is_a_new_record(url, change):
    with records.open(url) as book:
        record(book, [an_attempt()])

        assert record(book, [an_attempt(**change)]) == 1
        assert list(book.latest()) == [an_attempt(**change)]


def test_going_back_to_an_earlier_version_makes_it_the_latest_again(url):
    first, second = an_attempt(submission_sha256="1" * 64), an_attempt(submission_sha256="2" * 64)

    with records.open(url) as book:
        record(book, [first])
        record(book, [second])
        assert book.done([records.key(first)]) == set()
        assert record(book, [first]) == 1

        assert list(book.latest()) == [first]
        assert rows(url, "run") == [(1,), (1,), (2,)]


def test_done_names_exactly_the_keys_that_need_no_grading(url):
    graded, waiting = an_attempt(), an_attempt("ben")

    with records.open(url) as book:
        record(book, [graded, an_attempt(exercise="parse_height")])

        done = book.done([records.key(graded), records.key(waiting)])

    assert done == {records.key(graded)}


def test_latest_gives_one_attempt_for_every_learner_and_exercise_in_order_of_names(url):
    with records.open(url) as book:
        record(book, [an_attempt("ben"), an_attempt("ada"), an_attempt("ada", exercise="gaps")])
        record(book, [an_attempt("ben", submission_sha256="d" * 64)])

        found = [(a.exercise, a.learner, a.submission_sha256[0]) for a in book.latest()]

    assert found == [
        ("gaps", "ada", "a"),
        ("heights", "ada", "a"),
        ("heights", "ben", "d"),
    ]


def test_latest_can_be_asked_for_one_assignment(url):
    with records.open(url) as book:
        record(book, [an_attempt(), an_attempt(assignment="0-start")])

        assert [a.assignment for a in book.latest("0-start")] == ["0-start"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE grader_attempt SET score = '20'", "DELETE FROM grader_attempt"],
)
def test_the_database_itself_refuses_to_change_or_remove_an_attempt(url, statement):
    with records.open(url) as book:
        record(book, [an_attempt()])
    before = rows(url)

    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            connection.execute(statement)
        connection.commit()

    assert rows(url) == before


def test_an_error_in_mid_batch_leaves_nothing_of_the_batch(url):
    def attempts():
        yield an_attempt("ada")
        raise ZeroDivisionError

    with records.open(url) as book:
        with pytest.raises(ZeroDivisionError):
            record(book, attempts())

        assert list(book.latest()) == []


def test_a_killed_batch_can_be_run_again_and_every_attempt_is_there_once(url, tmp_path):
    (tmp_path / "killed.py").write_text(
        "import os, signal, sys\n"
        "sys.path[:0] = sys.argv[2:]\n"
        "from grader.book import records\n"
        "from tests.builders import an_attempt, record\n"
        "def attempts():\n"
        "    yield from (an_attempt(f'l{n}') for n in range(50))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "with records.open(sys.argv[1]) as book:\n"
        "    record(book, [an_attempt('before')])\n"
        "    record(book, attempts())\n"
    )

    ended = run("python", "killed.py", url, Path(__file__).parents[1], cwd=tmp_path)

    assert ended.returncode == -signal.SIGKILL
    with records.open(url) as book:
        assert [a.learner for a in book.latest()] == ["before"]
        assert record(book, (an_attempt(f"l{n}") for n in range(50))) == 50
        assert record(book, (an_attempt(f"l{n}") for n in range(50))) == 0


def test_a_locked_database_is_reported_in_one_sentence_after_the_timeout(url):
    with records.open(url, busy_seconds=0.05) as book:
        record(book, [an_attempt()])
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(GradebookError, match=r"gradebook\.db is locked by another program"):
            record(book, [an_attempt("ben")])
        with pytest.raises(GradebookError, match="is locked by another program"):
            list(book.latest())

        other.execute("ROLLBACK")
        assert record(book, [an_attempt("ben")]) == 1
        other.close()


def test_a_reader_that_takes_its_time_locks_nobody_out(url):
    with records.open(url, busy_seconds=0.05) as book:
        record(book, (an_attempt(f"l{n:04}") for n in range(records.CHUNK + 1)))
        stream = book.latest()
        next(stream)

        assert record(book, [an_attempt("zoe")]) == 1
        assert sum(1 for _ in stream) == records.CHUNK


def test_reading_a_gradebook_that_does_not_exist_creates_nothing(url, tmp_path):
    with records.open(url) as book:
        assert list(book.latest()) == []
        assert book.done([records.key(an_attempt())]) == set()

    assert list(tmp_path.iterdir()) == []


def test_a_database_that_nbgrader_made_has_no_attempts_yet(url):
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("CREATE TABLE student (id TEXT)")

    with records.open(url) as book:
        assert list(book.latest()) == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:////nowhere/at/all/gradebook.db", "/nowhere/at/all/gradebook.db cannot be opened"),
        ("mysql://u:secret@host/x", r"mysql://u:\*\*\*@host/x: a gradebook is sqlite"),
        ("gradebook.db", "the gradebook has no valid URL; write sqlite:///gradebook.db"),
    ],
)
def test_a_url_that_cannot_work_says_why_without_a_password(url, message):
    with pytest.raises(GradebookError, match=message), records.open(url) as book:
        record(book, [an_attempt()])


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"this is a letter, not a database" * 40)

    book = records.open(f"sqlite:///{tmp_path / 'gradebook.db'}")

    with pytest.raises(GradebookError, match="is not a gradebook"), book:
        list(book.latest())


def test_an_attempt_of_another_version_is_named_instead_of_guessed(url):
    with records.open(url) as book:
        record(book, [an_attempt()])
        with book.writing() as connection:
            columns = "assignment, exercise, learner, submission_sha256, suite_sha256, started, who"
            values = "environment_sha256, isolation, score, max_score, ending"
            connection.execute(
                text(
                    f"INSERT INTO grader_attempt ({columns}, {values}, run, attempt) "
                    f"SELECT {columns}, {values}, 2, '{{}}' FROM grader_attempt"
                )
            )

        with pytest.raises(GradebookError, match="attempt 2 cannot be read"):
            list(book.latest())


def test_ten_thousand_attempts_are_recorded_and_streamed_without_holding_them(url):
    early = datetime(2026, 1, 1, tzinfo=UTC)
    many = (an_attempt(f"l{n:05}", started=early + timedelta(seconds=n)) for n in range(10_000))

    with records.open(url) as book:
        assert record(book, many) == 10_000
        assert sum(1 for _ in book.latest()) == 10_000
        keys = [records.key(an_attempt(f"l{n:05}")) for n in range(10_000)]
        assert len(book.done(keys)) == 10_000
