"""All pages of a course: what they show is what the gradebook says now, and what lies beside it.

A page is written when its submission is graded. When a person has marked an answer since, or
another file has come to lie beside the one that counts, it is written again.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader import files
from grader.errors import SubmissionError
from grader.exercises import notebook
from grader.exercises.folder import Exercise
from grader.pages import feedback, index
from grader.pages.feedback import folder_name, page
from grader.pages.formgrader import autograded
from grader.sandbox.limits import Ending
from grader.score.attempt import Attempt
from grader.submissions import inbox, upload
from grader.submissions.align import align
from grader.submissions.inbox import HandedIn, Inbox
from grader.submissions.intake import companions
from grader.submissions.intake.companions import Companions
from grader.submissions.pieces import Aligned


def refresh(
    course: Path, latest: Sequence[Attempt], chosen: Iterable[Exercise], found: Inbox
) -> None:
    """Write the index, and again the pages that no longer show how things are."""
    known, by_place = {exercise.name: exercise for exercise in chosen}, found.by_place
    for attempt in latest:
        one = by_place.get(attempt.where)
        beside = one.others if one else ()
        if attempt.name in known and not feedback.is_current(course, attempt, beside):
            _write(course, attempt, known[attempt.name], one)
    index.write_index(course, latest)


def write_all(course: Path, latest: Sequence[Attempt], chosen: Iterable[Exercise]) -> int:
    """Write the pages of all latest attempts once more; return how many."""
    known = {exercise.name: exercise for exercise in chosen}
    by_place = inbox.of_course(course).by_place if (course / "submitted").is_dir() else {}
    count = 0
    for attempt in latest:
        if attempt.name in known:
            _write(course, attempt, known[attempt.name], by_place.get(attempt.where))
            count += 1
    index.write_index(course, latest)
    return count


def _write(course: Path, attempt: Attempt, exercise: Exercise, found: HandedIn | None) -> None:
    aligned = _aligned([found.path, *found.beside] if found else [], attempt, exercise)
    # What formgrader shows stays as it is when the file that was graded is not there any more.
    whole = aligned is not None or attempt.ending is Ending.UNREADABLE
    others = found.others if found else ()
    write(course, attempt, exercise, aligned, others, formgrader=whole)


def _aligned(paths: Iterable[Path], attempt: Attempt, exercise: Exercise) -> Aligned | None:
    """Read once more what was graded; None when the file has changed since."""
    for path in paths:
        with contextlib.suppress(SubmissionError, OSError):
            data = upload.contents(path)
            if _is_of(attempt, data, path.parent):
                return align(upload.parse(data), notebook.release(exercise), exercise)
    return None


def _is_of(attempt: Attempt, data: bytes, folder: Path) -> bool:
    """Tell whether a notebook, with what lies beside it, is what an attempt was at."""
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 == attempt.submission_sha256:  # alone, or from before what is beside it counted
        return True
    beside = companions.look(folder).contents()
    return companions.combined(sha256, beside) == attempt.submission_sha256


def write(
    course: Path,
    attempt: Attempt,
    exercise: Exercise,
    aligned: Aligned | None,
    others: Sequence[str] = (),
    beside: Companions | None = None,
    *,
    formgrader: bool = True,
) -> Path:
    """Write what people read of an attempt, and return the path of the learner's page.

    feedback/LEARNER/ASSIGNMENT/EXERCISE.html is for the learner; autograded/… .ipynb, with the
    results in its check cells, is for nbgrader's `formgrader` and generate_feedback. `aligned` is
    None for a file that could not be read; `others` are files beside it that do not count, and
    those `beside` it that do are copied.
    """
    if formgrader:
        folder = _folder(course, "autograded", attempt)
        book = notebook.dumps(autograded(attempt, aligned))
        copies = beside.contents() if beside else {}
        for name, data in {**copies, f"{attempt.exercise}.ipynb": book}.items():
            files.write(folder / name, data)
    path = _folder(course, "feedback", attempt) / f"{attempt.exercise}.html"
    files.write(path, page(attempt, exercise, aligned, others).encode())
    return path


def _folder(course: Path, step: str, attempt: Attempt) -> Path:
    """Make nbgrader's folder of a step, and put the receipts of the submission into it."""
    learner, assignment, _ = map(
        folder_name, (attempt.learner, attempt.assignment, attempt.exercise)
    )
    folder = course / step / learner / assignment
    folder.mkdir(parents=True, exist_ok=True)
    for name in companions.RECEIPTS:
        receipt = inbox.receipt(course, learner, assignment, name)
        if receipt:
            files.write(folder / name, receipt)
    return folder
