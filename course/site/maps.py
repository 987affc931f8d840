"""The road of the course, its map with all times, and each open module's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from course.site import needs
from course.site.lesson import Lesson
from course.site.outline import Module, Outline
from course.site.parts import difficulty, exercise_cards, hours, minutes
from grader.exercises.folder import Exercise


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


def course_map(outline: Outline) -> str:
    """Return all open modules with their needs and times, as seen from a page at the top."""
    modules = [module for module in outline.modules if module.lessons]
    parts = "\n".join(_part(module, outline) for module in modules)
    return (
        f"{needs.drawing(outline)}\n{_sums(modules, outline)}\n"
        f"{_levels(outline.exercises.values())}\n\n{parts}"
    )


def load(names: Iterable[str], outline: Outline, up: str) -> str:
    """Return a table of what there is to do, with its minutes; `up` leads to the site's top."""
    work = outline.work(names)
    rows = "\n".join(_load_row(piece, outline, up) for piece in work)
    return (
        "| Do | What | Minutes |\n|:--|:--|--:|\n"
        f"{rows}\n| | **Together** | **{minutes(work):,}** |\n"
    )


def _load_row(piece: Lesson | Exercise, outline: Outline, up: str) -> str:
    if isinstance(piece, Lesson):
        link = f"[{outline.number(piece)} {piece.title}]({up}{piece.name}.md)"
        return f"| Lesson | {link} | {piece.minutes} |"
    title = f"[{piece.title}]({up}exercises/{piece.slug}.md)"
    return f"| Exercise | {title}, `{piece.slug}` | {piece.minutes} |"


def _sums(modules: Iterable[Module], outline: Outline) -> str:
    rows = "\n".join(
        f"| {module.number} [{module.title}](#{needs.anchor(module)}) "
        + _sum(outline.lessons_of(module), outline.exercises_of(module))
        for module in modules
    )
    total = _sum(outline.lessons.values(), outline.exercises.values())
    return (
        "| Module | Lessons | Exercises | Hours |\n|:--|--:|--:|--:|\n"
        f"{rows}\n| **All of it** {total}\n"
    )


def _sum(lessons: Iterable[Lesson], exercises: Iterable[Exercise]) -> str:
    both = (tuple(lessons), tuple(exercises))
    cells = [f"{len(some)} ({minutes(some):,} min)" for some in both]
    return f"| {cells[0]} | {cells[1]} | {hours((*both[0], *both[1]))} |"


def _levels(exercises: Iterable[Exercise]) -> str:
    counted = Counter(exercise.difficulty for exercise in exercises)
    said = ", ".join(f"{counted[level]} of difficulty {level}" for level in sorted(counted))
    return f"Of the exercises, {said}."


def _part(module: Module, outline: Outline) -> str:
    able = "\n".join(f"- {one}" for one in module.able)
    lessons = "\n".join(_map_lesson(lesson, outline) for lesson in outline.lessons_of(module))
    exercises = "\n".join(_map_exercise(e, outline) for e in outline.exercises_of(module))
    return (
        f"## {module.number} {module.title} {{ #{needs.anchor(module)} }}\n\n"
        f"{module.about} {_size(module, outline).capitalize()}: "
        f"[the module's page]({module.folder}/index.md).\n\n"
        + (f"Afterwards you can\n\n{able}\n\n" if able else "")
        + f"{_builds_on(module, outline)}\n\n"
        "| | Lesson | Minutes | After |\n|--:|:--|--:|:--|\n"
        f"{lessons}\n\n"
        + (
            "| Exercise | Difficulty | Minutes | Points |\n|:--|:--|--:|--:|\n" + exercises + "\n"
            if exercises
            else ""
        )
    )


def _builds_on(module: Module, outline: Outline) -> str:
    links = [
        f"[{outline.number(lesson)} {lesson.title}]({lesson.name}.md)"
        for lesson in needs.outside(module, outline)
    ]
    return f"Builds on {' and '.join(links)}." if links else "Builds on nothing."


def _map_lesson(lesson: Lesson, outline: Outline) -> str:
    after = ", ".join(
        f"[{outline.number(outline.lessons[name])}]({name}.md)" for name in lesson.needs
    )
    return (
        f"| {outline.number(lesson)} | [{lesson.title}]({lesson.name}.md) "
        f"| {lesson.minutes} | {after} |"
    )


def _map_exercise(exercise: Exercise, outline: Outline) -> str:
    lesson = outline.lessons[exercise.lesson]
    return (
        f"| [{exercise.title}](exercises/{exercise.slug}.md)<br>`{exercise.slug}`, "
        f"for {outline.number(lesson)} | {difficulty(exercise.difficulty, '')} "
        f"| {exercise.minutes} | {exercise.max_points} |"
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
    time = _about((*lessons, *exercises))
    parts = (_count(len(lessons), "lesson"), _count(len(exercises), "exercise"), time)
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _about(work: tuple[Lesson | Exercise, ...]) -> str:
    time = minutes(work)
    return f"about {time} minutes" if time < 90 else f"about {hours(work)} hours"
