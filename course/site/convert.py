"""A lesson and its run → its page. Pure: Markdown and files out, nothing read or written."""

from __future__ import annotations

from collections.abc import Iterator

from nbformat import NotebookNode

from course.site import claims, outputs, paths, questions
from course.site.execute import Run
from course.site.fault import Fault, SiteError
from course.site.lesson import Lesson, place, tags
from course.site.outline import Outline
from course.site.outputs import Piece
from course.site.parts import chips, difficulty, exercise_cards


def page(lesson: Lesson, run: Run, outline: Outline) -> Piece:
    """Return the lesson's page; raise SiteError for plots and questions that lack something."""
    pieces: list[Piece] = []
    faults: list[Fault] = []
    ran = iter(run.outputs)
    asked = [cell for cell in lesson.notebook.cells if "question" in tags(cell)]
    for number, cell in enumerate(lesson.notebook.cells, 1):
        given = next(ran) if cell.cell_type == "code" else ()
        try:
            if any(cell is question for question in asked):
                made = [_question(cell, asked)]
            else:
                made = [*_cell(cell, given, lesson.slug)]
            pieces += made
            paths.refuse("\n".join(piece.markdown for piece in made))
        except ValueError as error:
            faults.append(Fault(lesson.source, f"{place(cell, number)}: {error}"))
    if faults:
        raise SiteError(faults)
    body = "\n".join(piece.markdown for piece in pieces)
    files = {name: content for piece in pieces for name, content in piece.files.items()}
    return Piece(_framed(lesson, body, outline), files)


def _framed(lesson: Lesson, body: str, outline: Outline) -> str:
    heading, _, rest = body.partition("\n")
    exercises = [outline.exercises[slug] for slug in lesson.exercises]
    practice = f"## Now you\n\n{exercise_cards(exercises)}" if exercises else ""
    return (
        f"{heading}\n\n{chips(_facts(lesson, outline))}\n{rest}\n{practice}\n"
        f'<div data-progress="lesson"></div>\n'
    )


def _facts(lesson: Lesson, outline: Outline) -> Iterator[str]:
    yield f"Lesson {outline.number(lesson)}"
    yield f"{lesson.minutes} minutes"
    yield difficulty(lesson.difficulty)
    for name in lesson.needs:
        needed = outline.lessons[name]
        yield f"after [{outline.number(needed)} {needed.title}](../{name}.md)"
    yield f'[Download the notebook]({lesson.slug}.ipynb){{ download="{lesson.slug}.ipynb" }}'


def _cell(cell: NotebookNode, given: tuple[NotebookNode, ...], slug: str) -> Iterator[Piece]:
    marks = tags(cell)
    if "remove-cell" in marks:
        return
    if cell.cell_type == "markdown":
        yield Piece(f"{claims.plain(cell.source)}\n")
    elif cell.cell_type == "code":
        if "remove-input" not in marks and cell.source.strip():
            yield Piece(_code(cell.source, folded="hide-input" in marks))
        if "remove-output" not in marks:
            yield from outputs.render(given, slug=slug, alt=_alt(cell, given))


def _question(cell: NotebookNode, asked: list[NotebookNode]) -> Piece:
    number = next(n for n, question in enumerate(asked, 1) if question is cell)
    return Piece(questions.to_page(questions.read(claims.plain(cell.source)), number, len(asked)))


def _code(source: str, *, folded: bool) -> str:
    block = outputs.fence(source, "", "python")
    if not folded:
        return block
    return (
        '<details class="folded" markdown="1">\n'
        f"<summary>Show the code</summary>\n\n{block}\n</details>\n"
    )


def _alt(cell: NotebookNode, given: tuple[NotebookNode, ...]) -> str:
    alt = claims.plain(str(cell.metadata.get("alt", ""))).strip()
    if not alt and any("image/png" in output.get("data", {}) for output in given):
        raise ValueError('draws a plot; say what it shows: # %% alt="…"')
    return alt
