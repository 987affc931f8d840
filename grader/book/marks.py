"""What counts: attempts with what people gave by hand, and nbgrader's marks of a whole class.

A record says what the tests found, and stays as it is. nbgrader's tables say what people made of
it. Everybody who shows points takes them from here, so that no two places differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import DateTime, text

from grader.book.records import Records
from grader.score.attempt import Attempt, ByHand, HandedInBy, TaskScore

Whose = tuple[str, str, str]  # assignment, exercise, learner

# A score is of a cell named like the task, or "-points" after it; a comment of the task's own.
_SCORES = """
SELECT assignment.name, notebook.name, student_id, base_cell.name, manual_score, extra_credit,
  needs_manual_grade, NULL AS manual_comment
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id {submissions}
WHERE manual_score IS NOT NULL OR COALESCE(extra_credit, 0.0) <> 0.0
"""
_COMMENTS = """
SELECT assignment.name, notebook.name, student_id, base_cell.name, NULL, NULL, NULL, manual_comment
FROM comment JOIN base_cell ON base_cell.id = comment.cell_id {submissions}
WHERE manual_comment IS NOT NULL
"""
_SUBMISSIONS = """
JOIN submitted_notebook ON submitted_notebook.id = {table}.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN notebook ON notebook.id = submitted_notebook.notebook_id
JOIN assignment ON assignment.id = submitted_assignment.assignment_id"""


def latest(book: Records) -> Iterator[Attempt]:
    """Yield the latest attempt of every learner's exercise, with what people gave by hand."""
    given = by_hand(book)
    for attempt in book.latest():
        yield with_hand(attempt, given.get(attempt.where, {}))


def by_hand(book: Records) -> dict[Whose, dict[str, ByHand]]:
    """Read what people gave by hand, by task."""
    found: dict[Whose, dict[str, ByHand]] = {}
    for part, table in ((_SCORES, "grade"), (_COMMENTS, "comment")):
        query = text(part.format(submissions=_SUBMISSIONS.format(table=table)))
        for row in book.read(query, "base_cell"):
            assignment, exercise, learner, cell, *given = tuple(row)
            tasks = found.setdefault((assignment, exercise, learner), {})
            task = cell.removesuffix("-points")
            tasks[task] = _joined(tasks.get(task, ByHand(None)), *given)
    return found


def _joined(known: ByHand, score: Any, extra: Any, waits: Any, comment: Any) -> ByHand:
    if comment is not None:
        return replace(known, comment=str(comment))
    points = None if score is None else Fraction(str(score))
    return replace(known, points=points, extra=Fraction(str(extra or 0)), again=bool(waits))


def with_hand(attempt: Attempt, given: Mapping[str, ByHand]) -> Attempt:
    """Put what people gave by hand into an attempt."""
    if not given:
        return attempt

    def with_its(task: TaskScore) -> TaskScore:
        return replace(task, by_hand=given.get(task.task))

    return replace(attempt, tasks=tuple(map(with_its, attempt.tasks)))


@dataclass(frozen=True, slots=True)
class Mark:
    """What nbgrader says of one learner and one assignment, scores by hand included.

    Nothing was handed in where there is no raw score. `waiting` counts the answers that a person
    has yet to read.
    """

    assignment: str
    duedate: datetime | None
    timestamp: datetime | None
    learner: str
    last_name: str
    first_name: str
    email: str
    raw_score: float | None
    late_submission_penalty: float | None
    max_score: float
    waiting: int

    @property
    def score(self) -> float | None:
        """Return the score after the late penalty, which never makes it negative."""
        if self.raw_score is None:
            return None
        return max(0.0, self.raw_score - (self.late_submission_penalty or 0.0))


# nbgrader's models would say the same, row by row: minutes for a large class.
_MARKS = """
WITH raw AS (
  SELECT submitted_notebook.assignment_id AS id, SUM(
    CASE WHEN manual_score IS NULL AND auto_score IS NULL THEN 0.0
    ELSE COALESCE(manual_score, auto_score) + COALESCE(extra_credit, 0.0) END) AS score
  FROM grade JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
  GROUP BY submitted_notebook.assignment_id),
unread AS (
  SELECT submitted_notebook.assignment_id AS id, COUNT(*) AS answers
  FROM grade JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
  WHERE needs_manual_grade GROUP BY submitted_notebook.assignment_id),
late AS (
  SELECT assignment_id AS id, SUM(late_submission_penalty) AS penalty
  FROM submitted_notebook GROUP BY assignment_id),
cells AS (SELECT id, max_score FROM grade_cells UNION ALL SELECT id, max_score FROM task_cells),
most AS (
  SELECT notebook.assignment_id AS id, SUM(cells.max_score) AS score
  FROM cells JOIN base_cell ON base_cell.id = cells.id
  JOIN notebook ON notebook.id = base_cell.notebook_id GROUP BY notebook.assignment_id)
SELECT assignment.name, duedate, submitted_assignment.timestamp, student.id,
  COALESCE(last_name, ''), COALESCE(first_name, ''), COALESCE(email, ''),
  CASE WHEN submitted_assignment.id IS NOT NULL THEN COALESCE(raw.score, 0.0) END,
  CASE WHEN submitted_assignment.id IS NOT NULL THEN COALESCE(late.penalty, 0.0) END,
  COALESCE(most.score, 0.0), COALESCE(unread.answers, 0)
FROM assignment CROSS JOIN student
LEFT JOIN submitted_assignment
  ON submitted_assignment.assignment_id = assignment.id AND student_id = student.id
LEFT JOIN raw ON raw.id = submitted_assignment.id
LEFT JOIN unread ON unread.id = submitted_assignment.id
LEFT JOIN late ON late.id = submitted_assignment.id
LEFT JOIN most ON most.id = assignment.id
ORDER BY duedate, assignment.name, last_name, first_name, student.id
"""


def times_written_by(book: Records) -> dict[tuple[str, str], str]:
    """Tell by assignment and learner who seems to have written when it was handed in."""
    found: dict[tuple[str, str], str] = {}
    for attempt in book.latest():
        by = attempt.handed_in_by
        found[attempt.assignment, attempt.learner] = "" if by is HandedInBy.UNKNOWN else str(by)
    return found


def marks(book: Records) -> list[Mark]:
    """Read every learner's marks, meaning what `nbgrader export` means by them."""
    query = text(_MARKS).columns(duedate=DateTime(), timestamp=DateTime())
    return [Mark(*tuple(row)) for row in book.read(query, "assignment")]
