"""nbgrader's tables: created, stamped with their version, brought up to date, and written.

nbgrader itself shells out to `alembic` for the version, and leaves an upgrade to whoever reads its
error. Here an older gradebook is copied, and upgraded where it is.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    delete,
    inspect,
    make_url,
    select,
)

from grader import lean
from grader.book import guard, records
from grader.book.records import Records
from grader.errors import GradebookError

_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))


@dataclass(frozen=True, slots=True)
class Tables:
    """nbgrader's tables on the connection of an open transaction."""

    connection: Connection
    named: Mapping[str, Table]

    @classmethod
    @contextmanager
    def writing(cls, book: Records) -> Iterator[Tables]:
        """Open them in one transaction: all of it is kept, or nothing."""
        with book.writing(_create, guard.create) as connection, guard.lifted(connection):
            yield cls(connection, _schema().tables)

    def upsert(
        self,
        name: str,
        /,
        rows: list[dict[str, Any]],
        unique: tuple[str, ...],
        change: Callable[[Table, Any], dict[str, Any]] | None = None,
    ) -> None:
        """Insert rows; `change` says what a row that is there already takes over from the new."""
        statement = records.insert(self.connection, self.named[name])
        if change:
            values = change(self.named[name], statement.excluded)
            statement = statement.on_conflict_do_update(index_elements=unique, set_=values)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=unique)
        if rows:
            self.connection.execute(statement, rows)

    def select(self, name: str, /, *columns: str, **same: Any) -> list[Any]:
        """Return these columns of the rows whose other columns have the values given."""
        table = self.named[name]
        query = select(*(table.c[column] for column in columns))
        return list(self.connection.execute(query.where(*_same(table, same))).all())

    def id(self, name: str, /, **unique: Any) -> str:
        """Return the id of the one row that has these values."""
        return str(self.select(name, "id", **unique)[0].id)

    def remove(self, name: str, /, **same: Any) -> None:
        """Delete the rows that have these values."""
        table = self.named[name]
        self.connection.execute(delete(table).where(*_same(table, same)))


def _same(table: Table, values: dict[str, Any]) -> Iterator[Any]:
    return (table.c[column] == value for column, value in values.items())


def _schema() -> MetaData:
    schema: MetaData = lean.module("nbgrader.api").Base.metadata
    return schema


def _create(connection: Connection) -> None:
    _stamp(connection, _schema())
    _schema().create_all(connection)


def _stamp(connection: Connection, metadata: MetaData) -> None:
    """Write the schema's version as `Gradebook()` would, which shells out to `alembic` for it.

    Without the environment's `bin` on PATH that call fails half-way and leaves a gradebook with no
    version, which `nbgrader db upgrade` cannot upgrade. Such a gradebook is repaired here.
    """
    head = _revisions()[-1]
    _VERSION.create(connection, checkfirst=True)
    found = connection.execute(_VERSION.select()).scalar()
    if found is None and _is_current(connection, metadata):
        connection.execute(_VERSION.insert().values(version_num=head))
    elif found != head:
        raise GradebookError(
            f"the gradebook has another nbgrader's schema ({found or 'without a version'}, "
            f"not {head}); run: nbgrader db upgrade"
        )


def _is_current(connection: Connection, metadata: MetaData) -> bool:
    inspector = inspect(connection)
    existing = set(inspector.get_table_names()) & set(metadata.tables)
    return all(
        set(metadata.tables[name].columns.keys())
        <= {column["name"] for column in inspector.get_columns(name)}
        for name in existing
    )


def backup(url: str, why: str) -> Path | None:
    """Copy a gradebook in SQLite to a file beside it; None where there is no file to copy."""
    file = _file(url)
    if file is None or not file.exists():
        return None
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = file.with_name(f"{file.stem}.before-{why}-{now}{file.suffix}")
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)  # whole, also while somebody writes
    except sqlite3.Error as error:
        copy.unlink(missing_ok=True)
        raise GradebookError(f"{file} cannot be copied to {copy}: {error}") from None
    return copy


def upgrade(book: Records) -> Path | None:
    """Bring a gradebook of an older nbgrader up to date; return the copy that was made before."""
    found = [row.version_num for row in book.read(_VERSION.select(), _VERSION.name)]
    if not found or found[0] == _revisions()[-1]:
        return None
    if found[0] not in _revisions():
        raise GradebookError(
            f"the gradebook has the schema {found[0]}, which this nbgrader does not know; was it "
            "written by a newer one? Install that"
        )
    copy = backup(book.url, "upgrade")
    if copy is None:
        raise GradebookError(
            "the gradebook has an older nbgrader's schema; make a dump of the database, then run: "
            "nbgrader db upgrade"
        )
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "alembic.ini"
        lean.module("nbgrader.dbutil").write_alembic_ini(str(config), book.url.replace("%", "%%"))
        command = [sys.executable, "-m", "alembic", "-c", str(config), "upgrade", "head"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["alembic failed"])[-1]
        raise GradebookError(f"the gradebook could not be upgraded ({said}); a copy is {copy}")
    return copy


def folders(url: str) -> frozenset[Path]:
    """Return the folder of a gradebook that is a file, with its journal and its copies."""
    file = _database(url).removeprefix("file:").partition("?")[0]
    return frozenset([Path(file).resolve().parent]) if file else frozenset()


def _file(url: str) -> Path | None:
    file = _database(url)
    return Path(file) if file and not make_url(url).query.get("uri") else None


def _database(url: str) -> str:
    """Return what SQLite is told to open; "" where that is no file."""
    parsed = make_url(url)
    told = parsed.database if parsed.get_backend_name() == "sqlite" else None
    return "" if told in (None, ":memory:") else str(told)


def _revisions() -> list[str]:
    """List the versions of nbgrader's schema from the first to the one of this nbgrader.

    Alembic itself takes half a second to say it.
    """
    folder = Path(lean.module("nbgrader.dbutil").ALEMBIC_DIR) / "versions"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    found = "\n".join(texts)
    pairs = re.findall(
        r"^revision = '(\w+)'\s*^down_revision = (?:'(\w+)'|None)", found, re.MULTILINE
    )
    after = {before: revision for revision, before in pairs}
    ordered = [after[""]]
    while ordered[-1] in after:
        ordered.append(after[ordered[-1]])
    return ordered
