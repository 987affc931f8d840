"""An exercise → its page, made from what the learner gets and nothing else.

The input is the release notebook, which holds no solution; the two test files and the folders
`wrong/` and `right/` are never opened here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

from course.site import outputs
from course.site.fault import Fault, SiteError
from course.site.outline import Outline
from course.site.parts import chips, difficulty
from grader.exercises.folder import Exercise, Task
from grader.exercises.support import NOTEBOOK

STEPS = ("a nudge", "the approach", "nearly there")


def page(exercise: Exercise, released: NotebookNode, outline: Outline) -> str:
    """Return the exercise's page."""
    first, *cells = released.cells
    heading, _, text = first.source.partition("\n")
    if first.cell_type != "markdown" or not heading.startswith("# "):
        where = exercise.folder / NOTEBOOK
        raise SiteError([Fault(where, "the first cell is Markdown and starts with # Title")])
    body = "\n".join(part for cell in cells for part in _cell(cell, exercise))
    return (
        f"{heading}\n\n{chips(_facts(exercise, outline))}\n{text}\n\n{body}\n{_start(exercise)}\n"
        '<div data-progress="exercise"></div>\n'
    )


def index(outline: Outline) -> str:
    """Return the table of all exercises."""
    rows = "\n".join(_row(e) for e in _in_order(outline))
    return (
        "# Exercises\n\nEach one asks for a function or a small class, says exactly what it must "
        "do, and is checked on your own machine at once. The last word has a set of tests that you "
        "do not see; when one of them fails, you read what your code should have done.\n\n"
        "| Exercise | Difficulty | Minutes | Points |\n"
        "|:--|:--|--:|--:|\n"
        f"{rows}\n"
    )


def _in_order(outline: Outline) -> Iterator[Exercise]:
    for module in outline.modules:
        yield from outline.exercises_of(module)


def _row(exercise: Exercise) -> str:
    return (
        f"| [{exercise.title}]({exercise.slug}.md)<br>{exercise.summary} "
        f"| {difficulty(exercise.difficulty, '')} | {exercise.minutes} | {exercise.max_points} |"
    )


def _facts(exercise: Exercise, outline: Outline) -> Iterator[str]:
    lesson = outline.lessons[exercise.lesson]
    yield "Exercise"
    yield f"{exercise.minutes} minutes"
    yield difficulty(exercise.difficulty)
    yield f"{exercise.max_points} points"
    yield f"for [{outline.number(lesson)} {lesson.title}](../{lesson.name}.md)"
    yield f'[Download the notebook]({exercise.slug}.ipynb){{ download="{exercise.slug}.ipynb" }}'


def _cell(cell: NotebookNode, exercise: Exercise) -> Iterator[str]:
    origin = cell.metadata.grader.origin
    if origin == "answer":
        task = exercise.task(cell.metadata.grader.task)
        yield _banner(task)
        yield _given(cell)
        yield from _hints(task)
    elif origin == "given":  # A cell that only checks has nothing to read.
        yield _given(cell)


def _given(cell: NotebookNode) -> str:
    if cell.cell_type == "code":
        return outputs.fence(cell.source, "", "python")
    return f"{cell.source}\n"


def _banner(task: Task) -> str:
    by = "read by a person" if task.manual else "checked by tests"
    points = "1 point" if task.points == 1 else f"{task.points} points"
    name = f"<strong>Your task: <code>{task.name}</code></strong>"
    return f'<p class="task">{name} <span>{points}, {by}</span></p>\n'


def _hints(task: Task) -> Iterable[str]:
    total = len(task.hints)
    for number, hint in enumerate(task.hints, 1):
        step = f": {STEPS[number - 1]}" if total == len(STEPS) else ""
        yield (
            '<details class="hint" markdown="1">\n'
            f"<summary>Hint {number} of {total}{step}</summary>\n\n{hint}\n\n</details>\n"
        )


def _start(exercise: Exercise) -> str:
    slug = exercise.slug
    return (
        "## Start\n\n"
        f"```sh\ngrader start {slug}\n```\n\n"
        "This puts the notebook, its visible tests and its data into your working folder and opens "
        "it in JupyterLab. The cell after your answer checks it. In a terminal, this does the "
        "same:\n\n"
        f"```sh\ngrader check {slug}\n```\n"
    )
