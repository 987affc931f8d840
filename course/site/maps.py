"""The road of the course: its modules as cards, and each open module's page."""

from __future__ import annotations

from course.site.convert import difficulty, exercise_cards
from course.site.lesson import Lesson
from course.site.outline import Module, Outline


def road(outline: Outline) -> str:
    """Return all modules in order, as seen from the home page; planned ones say so."""
    stops = "\n".join(_stop(module, outline) for module in outline.modules)
    return f'<div class="road" markdown="1">\n\n{stops}\n</div>\n'


def module_page(module: Module, outline: Outline) -> str:
    """Return the page that a module opens with."""
    lessons = outline.lessons_of(module)
    exercises = outline.exercises_of(module)
    rows = "\n".join(_row(lesson, outline) for lesson in lessons)
    return (
        f"# {module.title}\n\n{module.about}\n\n"
        f"{_size(module, outline)}.\n\n"
        "| | Lesson | Minutes | Difficulty | Then |\n|--:|:--|--:|:--|:--|\n"
        f"{rows}\n\n## Exercises\n\n{exercise_cards(exercises)}"
    )


def _stop(module: Module, outline: Outline) -> str:
    number = f'<span class="road__number">{module.number}</span>'
    if not module.lessons:
        name = f'**{module.title}** <span class="road__state">planned</span>'
        return f"-   {number} {name}\n\n    {module.about}\n"
    link = f"**[{module.title}]({module.folder}/index.md)**"
    size = f'<span class="road__state">{_size(module, outline)}</span>'
    return f"-   {number} {link} {size}\n\n    {module.about}\n"


def _row(lesson: Lesson, outline: Outline) -> str:
    then = ", ".join(
        f"[{outline.exercises[slug].title}](../exercises/{slug}.md)" for slug in lesson.exercises
    )
    return (
        f"| {outline.number(lesson)} | [{lesson.title}]({lesson.slug}.md) | {lesson.minutes} "
        f"| {difficulty(lesson.difficulty, '')} | {then} |"
    )


def _size(module: Module, outline: Outline) -> str:
    lessons, exercises = outline.lessons_of(module), outline.exercises_of(module)
    minutes = sum(x.minutes for x in lessons) + sum(x.minutes for x in exercises)
    parts = (_count(len(lessons), "lesson"), _count(len(exercises), "exercise"), _hours(minutes))
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _hours(minutes: int) -> str:
    if minutes < 90:
        return f"about {minutes} minutes"
    return f"about {round(minutes / 30) / 2:g} hours"
