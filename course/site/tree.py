"""The whole site as one mapping: path below the docs folder → Markdown text or file content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from course.site import convert, download, execute, exercises, maps, markers, paths
from course.site import outline as outline_file
from course.site.execute import Run
from course.site.fault import Fault, SiteError
from course.site.lesson import Lesson
from course.site.outline import Outline
from grader.errors import ExerciseError
from grader.exercises.folder import Exercise
from grader.exercises.notebook import dumps, release
from grader.exercises.support import NOTEBOOK

Content = str | bytes


def build(root: Path) -> dict[str, Content]:
    """Run what needs running and return everything that is made; raise SiteError with all faults.

    Files that stand in course/ and need no work (plain pages, assets) are not part of it.
    """
    outline = outline_file.read(root)
    runs = execute.run_all(outline)
    made: dict[str, Content] = {}
    faults: list[Fault] = []
    for name, lesson in outline.lessons.items():
        faults += runs[name].disagreements(lesson)
        _collect(made, faults, lambda lesson=lesson: _lesson(lesson, runs, outline))  # type: ignore[misc]
    for exercise in outline.exercises.values():
        _collect(made, faults, lambda e=exercise: _exercise(e, outline))  # type: ignore[misc]
    _collect(made, faults, lambda: _overviews(outline))
    _collect(made, faults, lambda: dict(markers.fill(outline)))
    if faults:
        raise SiteError(faults)
    return made


def corrections(root: Path) -> dict[Path, dict[str, str]]:
    """Return, for each lesson, the value that the data give for each of its claims."""
    outline = outline_file.read(root)
    runs = execute.run_all(outline)
    return {
        lesson.source: {
            claim.body: value
            for claim, (known, value) in zip(lesson.claims, runs[name].values, strict=True)
            if known and isinstance(value, str)
        }
        for name, lesson in outline.lessons.items()
    }


def _collect(
    made: dict[str, Content], faults: list[Fault], make: Callable[[], dict[str, Content]]
) -> None:
    try:
        made.update(make())
    except SiteError as error:
        faults += error.faults


def _lesson(lesson: Lesson, runs: dict[str, Run], outline: Outline) -> dict[str, Content]:
    page = convert.page(lesson, runs[lesson.name], outline)
    files = {f"{lesson.module}/{name}": content for name, content in page.files.items()}
    return {
        f"{lesson.name}.md": page.markdown,
        f"{lesson.name}.ipynb": download.notebook(lesson),
        **files,
    }


def _exercise(exercise: Exercise, outline: Outline) -> dict[str, Content]:
    try:
        released = release(exercise)
    except ExerciseError as error:
        raise SiteError([Fault(exercise.folder, str(error))]) from None
    page = exercises.page(exercise, released, outline)
    try:
        paths.refuse(page)
    except ValueError as error:
        raise SiteError([Fault(exercise.folder / NOTEBOOK, str(error))]) from None
    return {
        f"exercises/{exercise.slug}.md": page,
        f"exercises/{exercise.slug}.ipynb": dumps(released),
    }


def _overviews(outline: Outline) -> dict[str, Content]:
    pages: dict[str, Content] = {
        f"{module.folder}/index.md": maps.module_page(module, outline)
        for module in outline.modules
        if module.lessons
    }
    if outline.exercises:
        pages["exercises/index.md"] = exercises.index(outline)
    return pages
