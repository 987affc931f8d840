"""Marks that only grading writes: triggers which refuse what others write in their place.

nbgrader's autograde takes a cell that does not raise for solved, and writes that into the gradebook
whenever it runs, from wherever it runs: another environment, a script that reads no configuration.
The database is the one place that all of these have to pass. Refused are changes of what tests gave
(`COLUMNS`) in the notebooks of our exercises; what people decide, and notebooks of other courses in
the same gradebook, stay nbgrader's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Column, Connection, MetaData, String, Table, delete

from grader.book import records
from grader.errors import NOT_NBGRADERS

COLUMNS = {"grade": "auto_score", "comment": "auto_comment"}
REFUSED = f"{NOT_NBGRADERS}; `grader feedback` writes autograded/ once more"

_metadata = MetaData()
_NOTEBOOKS = Table("grader_notebook", _metadata, Column("id", String(32), primary_key=True))
# Holds a row only while one of our transactions writes: no other connection ever sees it.
_LIFTED = Table("grader_lifted", _metadata, Column("id", String(32)))

_GUARDED = """EXISTS (SELECT 1 FROM base_cell JOIN grader_notebook
    ON grader_notebook.id = base_cell.notebook_id WHERE base_cell.id = NEW.cell_id)
    AND NOT EXISTS (SELECT 1 FROM grader_lifted)"""
_SQLITE = """CREATE TRIGGER {name} BEFORE {verb} ON {table}
    WHEN NEW.{column} IS NOT {before} AND {guarded}
    BEGIN SELECT RAISE(ABORT, '{refused}'); END"""
_POSTGRESQL = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF {guarded} THEN RAISE EXCEPTION '{refused}'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW
    WHEN (NEW.{column} IS DISTINCT FROM {before}) EXECUTE FUNCTION {name}()"""
_FORMS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger",
}


def protect(connection: Connection, notebook_id: str) -> None:
    """Let nobody but us write what tests gave in this notebook of nbgrader's."""
    statement = records.insert(connection, _NOTEBOOKS).on_conflict_do_nothing()
    connection.execute(statement, {"id": notebook_id})


def create(connection: Connection) -> None:
    """Create tables and triggers that are missing: an upgrade of nbgrader's may make its anew."""
    _metadata.create_all(connection)
    _create_triggers(connection)


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """Let this transaction write; one that fails takes its permission back with all it wrote."""
    connection.execute(_LIFTED.insert().values(id="us"))
    yield
    connection.execute(delete(_LIFTED))


def _create_triggers(connection: Connection) -> None:
    dialect = connection.dialect.name
    there = set(connection.exec_driver_sql(_THERE[dialect]).scalars())
    for table, column in COLUMNS.items():
        for verb, before in (("insert", "NULL"), ("update", f"OLD.{column}")):
            name = f"grader_guard_{table}_{verb}"
            if name not in there:
                told = {"guarded": _GUARDED, "refused": REFUSED, "before": before, "verb": verb}
                form = _FORMS[dialect]
                create = form.format(name=name, table=table, column=column, **told)
                connection.exec_driver_sql(create)
