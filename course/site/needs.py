"""Which module builds on which: read off the lessons' `needs`, and drawn.

The drawing is plain SVG in the page's own colors. Nothing in it is a link: the theme's script sets
`href` on every link, which SVG's do not bear. The tables below it say and link the same.
"""

from __future__ import annotations

import re
from itertools import pairwise

from course.site.lesson import Lesson
from course.site.outline import Module, Outline

WIDTH, HEIGHT, ACROSS, DOWN, EDGE = 80, 40, 88, 82, 2


def outside(module: Module, outline: Outline) -> tuple[Lesson, ...]:
    """Return the lessons of other modules that this module's lessons name as needed."""
    names = [name for lesson in outline.lessons_of(module) for name in lesson.needs]
    needed = (outline.lessons[name] for name in dict.fromkeys(names))
    return tuple(lesson for lesson in needed if lesson.module != module.folder)


def anchor(module: Module) -> str:
    """Return the id of a module's part of the map."""
    return re.sub(r"\W+", "-", module.title.lower())


def drawing(outline: Outline) -> str:
    """Return the open modules as boxes, each below those that it builds on."""
    needs = _needs(outline)
    rows = _rows(outline, needs)
    columns = max(len(row) for row in rows)
    places = {
        module.folder: ((column + (columns - len(row)) / 2) * ACROSS + EDGE, depth * DOWN + EDGE)
        for depth, row in enumerate(rows)
        for column, module in enumerate(row)
    }
    width = columns * ACROSS - (ACROSS - WIDTH) + 2 * EDGE
    height = len(rows) * DOWN - (DOWN - HEIGHT) + 2 * EDGE
    lines = [
        _line(places[before], places[after])
        for after, all_before in needs.items()
        for before in _direct(all_before, needs)
    ]
    boxes = [_box(module, *places[module.folder]) for module in outline.modules if module.lessons]
    return (
        f'<svg class="needs" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="Modules, each below those that it builds on; the parts below name them">\n'
        + "\n".join([*lines, *boxes])
        + "\n</svg>\n"
    )


def _needs(outline: Outline) -> dict[str, set[str]]:
    """Return for each open module the folders of all that it builds on, near and far."""
    near = {
        module.folder: {lesson.module for lesson in outside(module, outline)}
        for module in outline.modules
        if module.lessons
    }
    needs = {folder: set(before) for folder, before in near.items()}
    for _ in needs:
        for before in needs.values():
            before.update(*(near[folder] for folder in before))
    return needs


def _direct(before: set[str], needs: dict[str, set[str]]) -> list[str]:
    return sorted(folder for folder in before if not any(folder in needs[by] for by in before))


def _rows(outline: Outline, needs: dict[str, set[str]]) -> list[list[Module]]:
    """Return the modules by the length of the longest way to them."""
    depth: dict[str, int] = {}
    for folder in sorted(needs, key=lambda folder: len(needs[folder])):
        depth[folder] = max((depth[before] + 1 for before in needs[folder]), default=0)
    return [
        [module for module in outline.modules if depth.get(module.folder) == row]
        for row in range(max(depth.values(), default=-1) + 1)
    ]


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (to_x, to_y) = start, end
    x, y, to_x = x + WIDTH / 2, y + HEIGHT, to_x + WIDTH / 2
    middle = (y + to_y) / 2
    points = [(x, y), (x, middle), (to_x, middle), (to_x, to_y)]
    path = " ".join(f"L{px:g} {py:g}" for one, (px, py) in pairwise(points) if one != (px, py))
    return f'<path d="M{x:g} {y:g} {path}"/>'


def _box(module: Module, x: float, y: float) -> str:
    middle = x + WIDTH / 2
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{middle:g}" y="{y + 16:g}" class="needs__number">{module.number}</text>'
        f'<text x="{middle:g}" y="{y + 31:g}">{module.title}</text>'
    )
