"""Attempts in nbgrader's own tables, so that its formgrader and its exports find them there.

nbgrader keeps what people decide: manual scores, extra credit, comments, extensions, due dates and
late penalties are never touched. Everything else here can be made again from the records
(`rebuild`). Exact fractions become nbgrader's floats in this module and nowhere before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    case,
    delete,
    func,
    inspect,
    or_,
    select,
)

from grader import guard, lean, notebook, records, upload
from grader.errors import GradebookError
from grader.exercise import Exercise
from grader.score import Attempt, Outcome, TaskScore

COURSE_ID = "default_course"  # nbgrader's own default


def prepare(url: str, exercises: Iterable[Exercise], *, course_id: str = COURSE_ID) -> None:
    """Write the exercises' cells into nbgrader's tables; create the gradebook if there is none."""
    with _Tables.writing(url) as tables:
        tables.upsert("course", [{"id": course_id}], ("id",))
        for exercise in exercises:
            _prepare(tables, exercise, course_id)


def store(
    url: str,
    attempts: Iterable[Attempt],
    exercises: Iterable[Exercise],
    course: Path,
    *,
    again: bool = False,
) -> int:
    """Record attempts and project them, all or nothing; return how many were new.

    The exercises must have been prepared; `again` records regrades of what is recorded already.
    """
    count = 0
    with _Tables.writing(url) as tables:
        projection = _Projection.of(tables, exercises, course)
        for attempt in attempts:
            new = records.append(tables.connection, attempt, again=again)
            projection.write(attempt, new=new)
            count += new
    return count


def project(
    url: str, attempts: Iterable[Attempt], exercises: Iterable[Exercise], course: Path
) -> None:
    """Write recorded attempts into nbgrader's tables once more; harmless when repeated."""
    with _Tables.writing(url) as tables:
        projection = _Projection.of(tables, exercises, course)
        for attempt in attempts:
            projection.write(attempt, new=False)


def rebuild(url: str, exercises: Iterable[Exercise], course: Path) -> None:
    """Make nbgrader's tables again from the latest records of these exercises."""
    known = {(exercise.assignment, exercise.slug): exercise for exercise in exercises}
    prepare(url, known.values())
    with records.open(url) as book:
        latest = (a for a in book.latest() if (a.assignment, a.exercise) in known)
        # A transaction a chunk: SQLite lets nobody read beside a large write, not even us.
        for chunk in records.chunks(latest):
            project(url, chunk, known.values(), course)


@dataclass(frozen=True, slots=True)
class _Tables:
    """nbgrader's tables on the connection of an open transaction."""

    connection: Connection
    named: Mapping[str, Table]

    @classmethod
    @contextmanager
    def writing(cls, url: str) -> Iterator[_Tables]:
        metadata = lean.module("nbgrader.api").Base.metadata
        with records.open(url) as book, book.writing() as connection:
            _stamp(connection, metadata)
            metadata.create_all(connection)
            with guard.lifted(connection):
                yield cls(connection, metadata.tables)

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


def _head(migrations: Path) -> str:
    """Return the revision that no other builds on; alembic itself takes half a second to say it."""
    text = "".join(path.read_text(encoding="utf-8") for path in migrations.glob("versions/*.py"))
    revisions = re.findall(r"^revision = '(\w+)'", text, re.MULTILINE)
    head: str
    (head,) = set(revisions) - set(re.findall(r"^down_revision = '(\w+)'", text, re.MULTILINE))
    return head


def _same(table: Table, values: dict[str, Any]) -> Iterator[Any]:
    return (table.c[column] == value for column, value in values.items())


def _take(*columns: str) -> Callable[[Table, Any], dict[str, Any]]:
    return lambda _, new: {column: new[column] for column in columns}


def _stamp(connection: Connection, metadata: MetaData) -> None:
    """Write the schema's version as `Gradebook()` would, which shells out to `alembic` for it.

    Without the environment's `bin` on PATH that call fails half-way and leaves a gradebook with no
    version, which `nbgrader db upgrade` cannot upgrade. Such a gradebook is repaired here.
    """
    head = _head(Path(lean.module("nbgrader.dbutil").ALEMBIC_DIR))
    number = Column("version_num", String(32), nullable=False)
    version = Table("alembic_version", MetaData(), number)
    version.create(connection, checkfirst=True)
    found = connection.execute(select(number)).scalar()
    if found is None and _is_current(connection, metadata):
        connection.execute(version.insert().values(version_num=head))
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


def _prepare(tables: _Tables, exercise: Exercise, course_id: str) -> None:
    released = notebook.release(exercise)
    new = {"name": exercise.assignment, "course_id": course_id}
    tables.upsert("assignment", [new], ("name",))
    assignment_id = tables.id("assignment", name=exercise.assignment)
    key = {"name": exercise.slug, "assignment_id": assignment_id}
    row = {**key, "kernelspec": json.dumps(released.metadata.kernelspec)}
    tables.upsert("notebook", [row], ("name", "assignment_id"), _take("kernelspec"))
    notebook_id = tables.id("notebook", **key)
    guard.protect(tables.connection, notebook_id)
    if _write_cells(tables, exercise, notebook_id, released.cells):
        submitted = tables.select("submitted_assignment", "id", assignment_id=assignment_id)
        _mirror(tables, _cells(tables, assignment_id), [row.id for row in submitted])


def _write_cells(
    tables: _Tables, exercise: Exercise, notebook_id: str, cells: list[NotebookNode]
) -> bool:
    """Make nbgrader's cells those of the release and say whether any came or went."""
    wanted = {
        (cell.metadata.nbgrader.grade_id, type): cell for cell in cells for type in _types(cell)
    }
    rows = tables.select("base_cell", "id", "name", "type", notebook_id=notebook_id)
    existing = {(row.name, row.type): row.id for row in rows}
    for name, type in existing.keys() - wanted.keys():
        _remove_cell(tables, f"{exercise.assignment}/{exercise.slug}", name, existing[name, type])
    for (name, type), cell in wanted.items():
        row = {"name": name, "notebook_id": notebook_id, "type": type}
        tables.upsert("base_cell", [row], ("name", "notebook_id", "type"))
        _write_kind(tables, type, tables.id("base_cell", **row), cell)
    tables.remove("source_cell", notebook_id=notebook_id)
    tables.upsert("source_cell", [_source(notebook_id, cell) for cell in cells], ("id",))
    return existing.keys() != wanted.keys()


def _types(cell: NotebookNode) -> Iterator[str]:
    if cell.metadata.nbgrader.grade:
        yield "GradeCell"
    if cell.metadata.nbgrader.solution:
        yield "SolutionCell"


def _write_kind(tables: _Tables, type: str, id: str, cell: NotebookNode) -> None:
    if type == "SolutionCell":
        return tables.upsert("solution_cells", [{"id": id}], ("id",))
    points = float(cell.metadata.nbgrader.points)
    row = {"id": id, "max_score": points, "cell_type": cell.cell_type}
    return tables.upsert("grade_cells", [row], ("id",), _take("max_score", "cell_type"))


def _remove_cell(tables: _Tables, exercise: str, name: str, id: str) -> None:
    grade, comment = (tables.named[table].c for table in ("grade", "comment"))
    scored = or_(grade.manual_score.is_not(None), grade.extra_credit.is_not(None))
    by_hand = (
        select(func.count()).where(grade.cell_id == id, scored),
        select(func.count()).where(comment.cell_id == id, comment.manual_comment.is_not(None)),
    )
    if count := sum(tables.connection.execute(query).scalar_one() for query in by_hand):
        raise GradebookError(
            f"{exercise} has no cell {name!r} any more, but {count} scores or comments were given "
            "for it by hand; bring the task back, or clear them in formgrader"
        )
    for table in ("grade", "comment"):
        tables.remove(table, cell_id=id)
    for table in ("grade_cells", "solution_cells", "task_cells", "base_cell"):
        tables.remove(table, id=id)


def _source(notebook_id: str, cell: NotebookNode) -> dict[str, Any]:
    told = cell.metadata.nbgrader
    return {
        "notebook_id": notebook_id,
        "name": told.grade_id,
        "cell_type": cell.cell_type,
        "locked": not told.solution,
        "source": cell.source,
        "checksum": told.checksum,
    }


@dataclass(frozen=True, slots=True)
class _Cells:
    """The ids of one notebook's cells by name: those with points, and those with answers."""

    notebook_id: str
    points: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


def _cells(tables: _Tables, assignment_id: str) -> dict[str, _Cells]:
    """Look up the cells of every notebook of an assignment, by the notebook's name."""
    found = {}
    for row in tables.select("notebook", "id", "name", assignment_id=assignment_id):
        cells = found[row.name] = _Cells(row.id)
        for cell in tables.select("base_cell", "id", "name", "type", notebook_id=row.id):
            by_name = cells.answers if cell.type == "SolutionCell" else cells.points
            by_name[cell.name] = cell.id
    return found


def _mirror(tables: _Tables, cells: Mapping[str, _Cells], submission_ids: list[str]) -> None:
    """Give submissions a row for every notebook and cell, as nbgrader does, without any score.

    Totals depend on it: nbgrader sums the points to be had over the rows that are there.
    """
    pairs = list(product(submission_ids, cells.values()))
    rows = [{"assignment_id": id, "notebook_id": its.notebook_id} for id, its in pairs]
    tables.upsert("submitted_notebook", rows, ("notebook_id", "assignment_id"))
    for id, its in pairs:
        mine = tables.id("submitted_notebook", assignment_id=id, notebook_id=its.notebook_id)
        grades = [_grade(mine, cell, None, waits=False) for cell in its.points.values()]
        comments = [{"notebook_id": mine, "cell_id": cell} for cell in its.answers.values()]
        tables.upsert("grade", grades, ("cell_id", "notebook_id"))
        tables.upsert("comment", comments, ("cell_id", "notebook_id"))


def _grade(notebook_id: str, cell_id: str, score: float | None, *, waits: bool) -> dict[str, Any]:
    ids = {"notebook_id": notebook_id, "cell_id": cell_id}
    return {**ids, "auto_score": score, "needs_manual_grade": waits}


@dataclass(frozen=True, slots=True)
class _Projection:
    """Writes attempts of prepared exercises; remembers what every attempt would look up again."""

    tables: _Tables
    course: Path
    assignments: dict[str, str]
    cells: dict[str, dict[str, _Cells]]
    submissions: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: _Tables, exercises: Iterable[Exercise], course: Path) -> _Projection:
        names = {exercise.assignment for exercise in exercises}
        rows = tables.select("assignment", "name", "id")
        ids = {row.name: row.id for row in rows if row.name in names}
        return cls(tables, course, ids, {name: _cells(tables, id) for name, id in ids.items()})

    def write(self, attempt: Attempt, *, new: bool) -> None:
        """Write one attempt's scores and comments; a new one asks for manual scores anew."""
        cells = self.cells.get(attempt.assignment, {}).get(attempt.exercise)
        if cells is None:
            name = f"{attempt.assignment}/{attempt.exercise}"
            raise GradebookError(f"{name} is not in the gradebook; prepare it before storing")
        mine = self.tables.id(
            "submitted_notebook",
            assignment_id=self._submission(attempt.assignment, attempt.learner),
            notebook_id=cells.notebook_id,
        )
        scores = {(task.task, f"{task.task}-points"): task for task in attempt.tasks}
        by_cell = {name: task for names, task in scores.items() for name in names}
        known = [(by_cell[name], id) for name, id in cells.points.items() if name in by_cell]
        grades = [_grade(mine, id, _float(t), waits=t.points is None) for t, id in known]
        unique = ("cell_id", "notebook_id")
        self.tables.upsert("grade", grades, unique, _regrade if new else _repeat)
        comments = [
            {"notebook_id": mine, "cell_id": id, "auto_comment": _comment(by_cell.get(name))}
            for name, id in cells.answers.items()
        ]
        self.tables.upsert("comment", comments, unique, _take("auto_comment"))

    def _submission(self, assignment: str, learner: str) -> str:
        key = (assignment, learner)
        if key not in self.submissions:
            ids = {"assignment_id": self.assignments[assignment], "student_id": learner}
            row = {**ids, "timestamp": handed_in(self.course / "submitted" / learner / assignment)}
            self.tables.upsert("student", [{"id": learner}], ("id",))
            unique = ("assignment_id", "student_id")
            self.tables.upsert("submitted_assignment", [row], unique, _take("timestamp"))
            id = self.tables.id("submitted_assignment", **ids)
            _mirror(self.tables, self.cells[assignment], [id])
            self.submissions[key] = id
        return self.submissions[key]


def _regrade(old: Table, new: Any) -> dict[str, Any]:
    # nbgrader's rule: a score given by hand for an earlier version must be looked at again.
    waits = or_(new.needs_manual_grade, old.c.manual_score.is_not(None))
    return {"auto_score": new.auto_score, "needs_manual_grade": waits}


def _repeat(old: Table, new: Any) -> dict[str, Any]:
    by_hand = old.c.manual_score.is_not(None)
    waits = case((by_hand, old.c.needs_manual_grade), else_=new.needs_manual_grade)
    return {"auto_score": new.auto_score, "needs_manual_grade": waits}


def _float(task: TaskScore) -> float | None:
    return None if task.points is None else float(task.points)


def _comment(task: TaskScore | None) -> str | None:
    """List the behaviours that were missed; only the author's words, as nbgrader renders HTML."""
    tests = task.tests if task else ()
    missed = [test.behaviour for test in tests if test.outcome is not Outcome.PASSED]
    return "\n".join(f"- not yet: {line}" for line in dict.fromkeys(missed) if line) or None


def handed_in(folder: Path) -> datetime | None:
    """Read when a folder was handed in; a file that holds no time is as good as none."""
    written = upload.receipt(folder / "timestamp.txt")[:100].decode("utf-8", "replace").strip()
    if not written:
        return None
    try:
        parsed: datetime | None = lean.module("nbgrader.utils").parse_utc(written)
    except (ValueError, OverflowError):
        return None
    return parsed
