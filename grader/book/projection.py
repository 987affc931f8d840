"""Attempts in nbgrader's own tables, so that its formgrader and its exports find them there.

nbgrader keeps what people decide: manual scores, extra credit, comments, extensions, due dates and
late penalties are never touched. Everything else here can be made again from the records
(`rebuild`). Exact fractions become nbgrader's floats in this module and nowhere before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any

from nbformat import NotebookNode
from sqlalchemy import Table, case, func, or_, select

from grader.book import guard, records
from grader.book.records import Records
from grader.book.tables import Tables
from grader.errors import ExerciseError, GradebookError
from grader.exercises import notebook
from grader.exercises.folder import Exercise
from grader.score.attempt import Attempt, Outcome, TaskScore

COURSE_ID = "default_course"  # nbgrader's own default

Times = Callable[[str, str], datetime | None]  # when a learner handed in an assignment


def prepare(book: Records, exercises: Iterable[Exercise], *, course_id: str = COURSE_ID) -> None:
    """Write the exercises' cells into nbgrader's tables; create the gradebook if there is none.

    Raises ExerciseError for an exercise that cannot be in the gradebook, and writes nothing then.
    """
    with Tables.writing(book) as tables:
        tables.upsert("course", [{"id": course_id}], ("id",))
        for exercise in exercises:
            _prepare(tables, exercise, course_id)


def store(
    book: Records,
    attempts: Iterable[Attempt],
    exercises: Iterable[Exercise],
    times: Times,
    *,
    again: bool = False,
) -> int:
    """Record attempts and project them, all or nothing; return how many were new.

    The exercises must have been prepared; `again` records regrades of what is recorded already.
    """
    count = 0
    with Tables.writing(book) as tables:
        projection = _Projection.of(tables, exercises, times)
        for attempt in attempts:
            projection.settle(attempt)
            new = records.append(tables.connection, attempt, again=again)
            projection.write(attempt, new=new)
            count += new
    return count


def _project(
    book: Records, attempts: Iterable[Attempt], exercises: Iterable[Exercise], times: Times
) -> None:
    with Tables.writing(book) as tables:
        projection = _Projection.of(tables, exercises, times)
        for attempt in attempts:
            projection.write(attempt, new=False)


def rebuild(
    book: Records, exercises: Iterable[Exercise], times: Times, *, course_id: str = COURSE_ID
) -> int:
    """Make nbgrader's tables again from the latest records of these exercises; return how many."""
    known = {exercise.name: exercise for exercise in exercises}
    prepare(book, known.values(), course_id=course_id)
    count = 0
    latest = (attempt for attempt in book.latest() if attempt.name in known)
    # A transaction a chunk: SQLite lets nobody read beside a large write, not even us.
    for chunk in records.chunks(latest):
        _project(book, chunk, known.values(), times)
        count += len(chunk)
    return count


def _take(*columns: str) -> Callable[[Table, Any], dict[str, Any]]:
    return lambda _, new: {column: new[column] for column in columns}


def _prepare(tables: Tables, exercise: Exercise, course_id: str) -> None:
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
        # Who handed in before a task was added is to have a row for it, too.
        submitted = tables.select("submitted_assignment", "id", assignment_id=assignment_id)
        _mirror(tables, _cells(tables, assignment_id), [row.id for row in submitted])


def _write_cells(
    tables: Tables, exercise: Exercise, notebook_id: str, cells: list[NotebookNode]
) -> bool:
    """Make nbgrader's cells those of the release and say whether any came or went."""
    wanted = {
        (cell.metadata.nbgrader.grade_id, type): cell for cell in cells for type in _types(cell)
    }
    rows = tables.select("base_cell", "id", "name", "type", notebook_id=notebook_id)
    existing = {(row.name, row.type): row.id for row in rows}
    # Rows that stay keep their ids: scores and comments hang on them.
    for name, type in existing.keys() - wanted.keys():
        _remove_cell(tables, f"{exercise.assignment}/{exercise.slug}", name, existing[name, type])
    for (name, type), cell in wanted.items():
        row = {"name": name, "notebook_id": notebook_id, "type": type}
        tables.upsert("base_cell", [row], ("name", "notebook_id", "type"))
        _write_kind(tables, type, tables.id("base_cell", **row), cell)
    # Nothing hangs on sources: nbgrader's autograde puts locked cells back from them.
    tables.remove("source_cell", notebook_id=notebook_id)
    tables.upsert("source_cell", [_source(notebook_id, cell) for cell in cells], ("id",))
    return existing.keys() != wanted.keys()


def _types(cell: NotebookNode) -> Iterator[str]:
    # A written answer is both in nbgrader's eyes: it is solved, and points are given for it.
    if cell.metadata.nbgrader.grade:
        yield "GradeCell"
    if cell.metadata.nbgrader.solution:
        yield "SolutionCell"


def _write_kind(tables: Tables, type: str, id: str, cell: NotebookNode) -> None:
    # The tables of nbgrader's subclasses; SQLAlchemy would join them to base_cell by the id.
    if type == "SolutionCell":
        return tables.upsert("solution_cells", [{"id": id}], ("id",))
    points = float(cell.metadata.nbgrader.points)
    row = {"id": id, "max_score": points, "cell_type": cell.cell_type}
    return tables.upsert("grade_cells", [row], ("id",), _take("max_score", "cell_type"))


def _remove_cell(tables: Tables, exercise: str, name: str, id: str) -> None:
    grade, comment = (tables.named[table].c for table in ("grade", "comment"))
    scored = or_(grade.manual_score.is_not(None), grade.extra_credit.is_not(None))
    by_hand = (
        select(func.count()).where(grade.cell_id == id, scored),
        select(func.count()).where(comment.cell_id == id, comment.manual_comment.is_not(None)),
    )
    # What a person gave is nobody's to remove: not ours either, for an edit of an exercise.
    if count := sum(tables.connection.execute(query).scalar_one() for query in by_hand):
        raise ExerciseError(
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


def _cells(tables: Tables, assignment_id: str) -> dict[str, _Cells]:
    """Look up the cells of every notebook of an assignment, by the notebook's name."""
    found = {}
    for row in tables.select("notebook", "id", "name", assignment_id=assignment_id):
        cells = found[row.name] = _Cells(row.id)
        for cell in tables.select("base_cell", "id", "name", "type", notebook_id=row.id):
            by_name = cells.answers if cell.type == "SolutionCell" else cells.points
            by_name[cell.name] = cell.id
    return found


def _mirror(tables: Tables, cells: Mapping[str, _Cells], submission_ids: list[str]) -> None:
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

    tables: Tables
    times: Times
    assignments: dict[str, str]
    cells: dict[str, dict[str, _Cells]]
    submissions: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Tables, exercises: Iterable[Exercise], times: Times) -> _Projection:
        names = {exercise.assignment for exercise in exercises}
        rows = tables.select("assignment", "name", "id")
        ids = {row.name: row.id for row in rows if row.name in names}
        return cls(tables, times, ids, {name: _cells(tables, id) for name, id in ids.items()})

    def settle(self, attempt: Attempt) -> None:
        """Before an attempt is recorded, keep for which answers the scores by hand were given.

        nbgrader keeps a score, and not what it was for. Where it asks for nothing more, it is for
        the answers of the latest attempt so far.
        """
        mine, cells = self._notebook(attempt)
        # A cell that waits again was marked for an earlier answer, which is on record already.
        settled = {id for id, waits in self._by_hand(mine).items() if not waits}
        before = records.before(self.tables.connection, attempt) if settled else None
        if before is None:  # marked in nbgrader before we ever graded: for which answer?
            return
        # Records of earlier versions know no answers: the same notebook has the same ones.
        same = before.submission_sha256 == attempt.submission_sha256
        known = {task.task: task.answer_sha256 for task in before.tasks}
        new = {task.task: task.answer_sha256 for task in attempt.tasks}
        for task, id in _tasks(attempt, cells):
            if id in settled and (answer := known.get(task.task) or (same and new[task.task])):
                records.keep_marked(self.tables.connection, attempt, task.task, answer)

    def write(self, attempt: Attempt, *, new: bool) -> None:
        """Write one attempt's scores and comments; a new one asks for a person where one has to.

        That is where nobody gave a score yet, and where one was given for another answer.
        """
        mine, cells = self._notebook(attempt)
        by_hand = self._by_hand(mine) if new else {}
        marked = records.marked(self.tables.connection, attempt) if by_hand else {}
        grades = []
        # Whether it waits is ours to say of a new attempt alone (`_regrade`); in a rebuild a score
        # by hand may have been given since, and what nbgrader says stays (`_repeat`).
        for task, id in _tasks(attempt, cells):
            waits = marked.get(task.task) != task.answer_sha256 if id in by_hand else task.waits
            grades.append(_grade(mine, id, _float(task), waits=waits))
        unique = ("cell_id", "notebook_id")
        self.tables.upsert("grade", grades, unique, _regrade if new else _repeat)
        by_cell = {task.task: task for task in attempt.tasks}
        comments = [
            {"notebook_id": mine, "cell_id": id, "auto_comment": _comment(by_cell.get(name))}
            for name, id in cells.answers.items()
        ]
        self.tables.upsert("comment", comments, unique, _take("auto_comment"))

    def _notebook(self, attempt: Attempt) -> tuple[str, _Cells]:
        """Return the id of the submission in nbgrader's tables, and its cells."""
        cells = self.cells.get(attempt.assignment, {}).get(attempt.exercise)
        if cells is None:
            name = f"{attempt.assignment}/{attempt.exercise}"
            raise GradebookError(f"{name} is not in the gradebook; prepare it before storing")
        mine = self._submission(attempt.assignment, attempt.learner)
        ids = {"assignment_id": mine, "notebook_id": cells.notebook_id}
        return self.tables.id("submitted_notebook", **ids), cells

    def _by_hand(self, notebook_id: str) -> dict[str, bool]:
        """Return the cells for which a person gave points, and whether they wait for one again."""
        columns = ("cell_id", "manual_score", "extra_credit", "needs_manual_grade")
        rows = self.tables.select("grade", *columns, notebook_id=notebook_id)
        given = (row for row in rows if row.manual_score is not None or row.extra_credit)
        return {row.cell_id: bool(row.needs_manual_grade) for row in given}

    def _submission(self, assignment: str, learner: str) -> str:
        # The first of a learner's exercises makes rows for all of the assignment's.
        key = (assignment, learner)
        if key not in self.submissions:
            ids = {"assignment_id": self.assignments[assignment], "student_id": learner}
            row = {**ids, "timestamp": self.times(learner, assignment)}
            self.tables.upsert("student", [{"id": learner}], ("id",))
            unique = ("assignment_id", "student_id")
            self.tables.upsert("submitted_assignment", [row], unique, _take("timestamp"))
            id = self.tables.id("submitted_assignment", **ids)
            _mirror(self.tables, self.cells[assignment], [id])
            self.submissions[key] = id
        return self.submissions[key]


def _tasks(attempt: Attempt, cells: _Cells) -> Iterator[tuple[TaskScore, str]]:
    """Pair an attempt's tasks with the cells that hold their points."""
    for task in attempt.tasks:
        for name in (task.task, f"{task.task}-points"):
            if name in cells.points:
                yield task, cells.points[name]


def _regrade(_: Table, new: Any) -> dict[str, Any]:
    return {"auto_score": new.auto_score, "needs_manual_grade": new.needs_manual_grade}


def _repeat(old: Table, new: Any) -> dict[str, Any]:
    extra = func.coalesce(old.c.extra_credit, 0.0)
    by_hand = or_(old.c.manual_score.is_not(None), extra != 0.0)
    waits = case((by_hand, old.c.needs_manual_grade), else_=new.needs_manual_grade)
    return {"auto_score": new.auto_score, "needs_manual_grade": waits}


def _float(task: TaskScore) -> float | None:
    # None, and no 0.0: nbgrader adds up what is there, and shows the rest as not graded.
    return None if task.points is None else float(task.points)


def _comment(task: TaskScore | None) -> str | None:
    """List the behaviours that were missed; only the author's words, as nbgrader renders HTML."""
    tests = task.tests if task else ()
    missed = [test.behaviour for test in tests if test.outcome is not Outcome.PASSED]
    return "\n".join(f"- not yet: {line}" for line in dict.fromkeys(missed) if line) or None
