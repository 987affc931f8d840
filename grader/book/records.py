"""Every grading that was ever done: one row each, added and never changed.

The rows stand in a table of our own in nbgrader's database (SQLite by default, PostgreSQL by URL),
so that an attempt and its projection into nbgrader's tables (`gradebook`) are one transaction.

SQLite keeps its rollback journal; write-ahead logging stays off. WAL fails on network file systems,
where course folders often live, and `nbgrader db upgrade` backs the gradebook up by copying that
one file, which lacks the newest rows without its `-wal` file. Transactions here are short instead.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from grader.errors import GradebookError
from grader.score.attempt import LONGEST_NAME, Attempt, from_json, to_json

T = TypeVar("T")

BUSY_SECONDS = 30.0
CHUNK = 200  # rows a query: below SQLite's limit on variables, and little to hold in memory


class Key(NamedTuple):
    """What a score depends on, and whose it is: grading the same key twice is waste."""

    assignment: str
    exercise: str
    learner: str
    submission_sha256: str
    suite_sha256: str
    environment_sha256: str
    isolation: str


_metadata = MetaData()

ATTEMPTS = Table(
    "grader_attempt",
    _metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("assignment", String(LONGEST_NAME), nullable=False),
    Column("exercise", String(LONGEST_NAME), nullable=False),
    Column("learner", String(LONGEST_NAME), nullable=False),
    Column("submission_sha256", String(64), nullable=False),
    Column("suite_sha256", String(64), nullable=False),
    Column("environment_sha256", String(64), nullable=False),
    Column("isolation", String(32), nullable=False),
    Column("run", Integer, nullable=False),  # counts the gradings of one key from 1
    Column("started", DateTime, nullable=False),  # UTC without zone, as in nbgrader's tables
    Column("score", String(64), nullable=False),  # exact: "20/3"
    Column("max_score", Integer, nullable=False),
    Column("ending", String(32), nullable=False),
    Column("who", String(128), nullable=False),
    Column("attempt", Text, nullable=False),  # JSON of score.to_json
    UniqueConstraint(*Key._fields, "run", name="uq_grader_attempt_key"),
    Index("ix_grader_attempt_latest", "assignment", "exercise", "learner", "id"),
)

# For which answer a person gave points: nbgrader keeps the points alone.
MARKED = Table(
    "grader_marked_answer",
    _metadata,
    *(
        Column(name, String(LONGEST_NAME), primary_key=True)
        for name in ("assignment", "exercise", "learner", "task")
    ),
    Column("answer_sha256", String(64), nullable=False),
)

_REFUSE = "attempts are only ever added, never changed or removed"
_SQLITE_TRIGGER = """CREATE TRIGGER grader_attempt_no_{verb} BEFORE {verb} ON grader_attempt
BEGIN SELECT RAISE(ABORT, '{message}'); END"""
_POSTGRESQL_TRIGGER = """
CREATE OR REPLACE FUNCTION grader_attempt_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{message}'; END $$;
CREATE TRIGGER grader_attempt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON grader_attempt
FOR EACH STATEMENT EXECUTE FUNCTION grader_attempt_refuse()"""


def _on_creation(dialect: str, statement: str) -> None:
    create: Any = DDL  # SQLAlchemy 2.1 leaves its constructor untyped
    event.listen(ATTEMPTS, "after_create", create(statement).execute_if(dialect=dialect))


for _verb in ("UPDATE", "DELETE"):
    _on_creation("sqlite", _SQLITE_TRIGGER.format(verb=_verb, message=_REFUSE))
_on_creation("postgresql", _POSTGRESQL_TRIGGER.format(message=_REFUSE))


def open(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Records:
    """Connect to the gradebook's database; nothing is created before something is written."""
    with _named(url):
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            raise GradebookError(f"{_shown(url)}: a gradebook is sqlite:/// or postgresql://")
        waits = backend == "sqlite" and "timeout" not in parsed.query
        options = {"timeout": busy_seconds} if waits else {}
        try:
            # A connection a transaction: kept for hours it would be dropped by a server, and would
            # write into a file that somebody has put away meanwhile.
            engine = create_engine(parsed, connect_args=options, poolclass=NullPool)
        except ImportError as error:
            raise GradebookError(f"{_shown(url)} needs a driver: {error}; install it") from None
    if backend == "sqlite":
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin)
    return Records(engine, url)


@dataclass(slots=True)
class Records:
    """The gradebook's database, opened once a command; a context manager that closes it."""

    engine: Engine
    url: str
    _created: set[Callable[[Connection], None]] = field(default_factory=set, init=False)

    def __enter__(self) -> Records:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    def done(self, keys: Iterable[Key]) -> set[Key]:
        """Return those keys whose grading is the latest record of that learner's exercise."""
        wanted = set(keys)
        found: set[Key] = set()
        for chunk in chunks(sorted(wanted)):
            query = _latest_ids().where(ATTEMPTS.c.learner.in_({key.learner for key in chunk}))
            found |= {Key._make(row) for row in self.read(_columns(query))}
        return found & wanted

    def latest(self, assignment: str | None = None) -> Iterator[Attempt]:
        """Yield the latest attempt of every learner's exercise, ordered by these names.

        Rows are read in chunks, so that no lock is held while the caller works on them.
        """
        query = _latest_ids()
        if assignment is not None:
            query = query.where(ATTEMPTS.c.assignment == assignment)
        order = select(ATTEMPTS.c.id).where(ATTEMPTS.c.id.in_(query)).order_by(*_BY_NAME)
        ids = [row.id for row in self.read(order)]
        for chunk in chunks(ids):
            text = select(ATTEMPTS.c.id, ATTEMPTS.c.attempt).where(ATTEMPTS.c.id.in_(chunk))
            found = {row.id: row.attempt for row in self.read(text)}
            yield from (self._attempt(id, found[id]) for id in chunk)

    def latest_of(self, names: Iterable[tuple[str, str, str]]) -> dict[tuple[str, ...], Attempt]:
        """Return the latest attempts of these (assignment, exercise, learner), where there are."""
        wanted = set(names)
        found: dict[tuple[str, ...], Attempt] = {}
        for chunk in chunks(sorted(wanted)):
            ids = _latest_ids().where(ATTEMPTS.c.learner.in_({name[2] for name in chunk}))
            query = select(ATTEMPTS.c.id, ATTEMPTS.c.attempt, *_BY_NAME)
            for row in self.read(query.where(ATTEMPTS.c.id.in_(ids))):
                name = (row.assignment, row.exercise, row.learner)
                if name in wanted:
                    found[name] = self._attempt(row.id, row.attempt)
        return found

    @contextmanager
    def writing(self, *create: Callable[[Connection], None]) -> Iterator[Connection]:
        """Open the one write transaction: all of it is kept, or nothing.

        What is to `create` before the first of these transactions is not looked for again.
        """
        due = {_metadata.create_all: None, **dict.fromkeys(create)}
        with _named(self.url), self.engine.connect() as connection:
            connection = connection.execution_options(grader_writes=True)
            with connection.begin():
                for each in due:
                    if each not in self._created:
                        each(connection)
                yield connection
        self._created.update(due)

    def read(self, query: Any, table: str = ATTEMPTS.name) -> Sequence[Row[Any]]:
        """Run a query; no rows when the database or the table is not there yet."""
        if self._missing():
            return []  # connecting would create an empty file
        with _named(self.url), self.engine.connect() as connection:
            if not inspect(connection).has_table(table):
                return []
            return connection.execute(query).all()

    def _missing(self) -> bool:
        url = self.engine.url
        if url.get_backend_name() != "sqlite" or url.query.get("uri"):
            return False
        return url.database not in (None, "", ":memory:") and not Path(str(url.database)).exists()

    def _attempt(self, id: int, text: str) -> Attempt:
        try:
            return from_json(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise GradebookError(
                f"{_shown(self.url)}: attempt {id} cannot be read ({error}); "
                "was it written by another version of grader?"
            ) from None


def key(attempt: Attempt) -> Key:
    """Return the key of an attempt."""
    return Key(*(getattr(attempt, name) for name in Key._fields))


def append(connection: Connection, attempt: Attempt, *, again: bool = False) -> bool:
    """Record one attempt inside a `writing` transaction and say whether it was new.

    The same key as the learner's latest record is not recorded twice, so a batch that was killed
    can simply be run again; `again` records it as a further run. A learner who goes back to an
    earlier version is recorded anew, because the latest record is the one that counts.
    """
    latest = _latest_key(connection, attempt)
    if latest == key(attempt) and not again:
        return False
    runs = _runs(connection, key(attempt)) if latest else 0
    row = {**_row(attempt), "run": runs + 1}
    # Two commands that grade the same key at once: PostgreSQL lets the first one win.
    statement = insert(connection, ATTEMPTS).on_conflict_do_nothing()
    return connection.execute(statement.returning(ATTEMPTS.c.id), row).first() is not None


def before(connection: Connection, attempt: Attempt) -> Attempt | None:
    """Return the latest record of an attempt's learner and exercise, inside a transaction."""
    query = select(ATTEMPTS.c.attempt).where(ATTEMPTS.c.id.in_(_mine(attempt)))
    text = connection.execute(query).scalar()
    return None if text is None else from_json(json.loads(text))


def marked(connection: Connection, attempt: Attempt) -> dict[str, str]:
    """Return the hashes of the answers that a person gave points for, by task."""
    same = (MARKED.c[name] == getattr(attempt, name) for name in _WHOSE)
    rows = connection.execute(select(MARKED.c.task, MARKED.c.answer_sha256).where(*same))
    return {row.task: row.answer_sha256 for row in rows}


def keep_marked(connection: Connection, attempt: Attempt, task: str, answer_sha256: str) -> None:
    """Keep which answer a person gave points for."""
    row = {name: getattr(attempt, name) for name in _WHOSE}
    row |= {"task": task, "answer_sha256": answer_sha256}
    statement = insert(connection, MARKED)
    new = {"answer_sha256": statement.excluded.answer_sha256}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[*_WHOSE, "task"], set_=new), row
    )


def insert(connection: Connection, table: Any) -> Any:
    """Build the dialect's INSERT: both know ON CONFLICT, which standard SQL has not."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


_WHOSE = ("assignment", "exercise", "learner")
_BY_NAME = (ATTEMPTS.c.assignment, ATTEMPTS.c.exercise, ATTEMPTS.c.learner)


def _latest_ids() -> Any:
    return select(func.max(ATTEMPTS.c.id)).group_by(*_BY_NAME)


def _columns(ids: Any) -> Any:
    return select(*(ATTEMPTS.c[name] for name in Key._fields)).where(ATTEMPTS.c.id.in_(ids))


def _latest_key(connection: Connection, attempt: Attempt) -> Key | None:
    row = connection.execute(_columns(_mine(attempt))).first()
    return Key._make(row) if row else None


def _mine(attempt: Attempt) -> Any:
    same = (ATTEMPTS.c[name] == getattr(attempt, name) for name in _WHOSE)
    return select(func.max(ATTEMPTS.c.id)).where(*same)


def _runs(connection: Connection, wanted: Key) -> int:
    same = (ATTEMPTS.c[name] == value for name, value in wanted._asdict().items())
    return connection.execute(select(func.max(ATTEMPTS.c.run)).where(*same)).scalar() or 0


def _row(attempt: Attempt) -> dict[str, Any]:
    return {
        **key(attempt)._asdict(),
        "started": attempt.started.astimezone(UTC).replace(tzinfo=None),
        "score": str(attempt.score),
        "max_score": attempt.max_score,
        "ending": attempt.ending.value,
        "who": _who(),
        "attempt": _written(attempt),
    }


def _written(attempt: Attempt) -> str:
    """Write an attempt as it is read; in JSON's escapes one character may take twelve."""
    told = json.dumps(to_json(attempt), ensure_ascii=False)
    # Halves of characters alone are in no text that a database takes; their escapes are JSON's.
    return told.encode("utf-8", "backslashreplace").decode()


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry for this user id: usual in containers
        return str(os.getuid())


def _leave_transactions_to_us(connection: Any, _: object) -> None:
    # Python's sqlite3 begins late and commits before DDL; both would break "all or nothing".
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: waiting for it in mid-transaction can end in a deadlock,
    # for which SQLite reports "locked" without waiting.
    writes = connection.get_execution_options().get("grader_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _named(url: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise GradebookError(f"{_shown(url)} {_reason(error)}") from error


def _shown(url: str) -> str:
    try:
        parsed = make_url(url)
    except SQLAlchemyError:
        return "the gradebook"  # what cannot be parsed may hold a password anywhere
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.database
    return parsed.render_as_string(hide_password=True)


def _reason(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    known = {
        "locked": "is locked by another program; close formgrader or try again",
        "unable to open": "cannot be opened; does its folder exist, and may you write there?",
        "readonly": "may not be written to; check who owns it",
        "disk is full": "has no room left: the disk is full; make some, then run it again",
        "not a database": "is not a gradebook: the file is no SQLite database",
        "parse": "has no valid URL; write sqlite:///gradebook.db or postgresql+psycopg://…",
    }
    matches = (message for part, message in known.items() if part in text.lower())
    return next(matches, f"could not be used: {text}")
