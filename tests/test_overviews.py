"""The course's overviews: glossary, map and teaching page say what the course says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from course.site import markers, needs, outline
from course.site.fault import SiteError
from course.site.outline import Outline
from tests.tools import sample_class

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "course"
TERM = re.compile(
    r"^(?P<term>[^\n:]+?) \{ #(?P<anchor>[\w-]+) \}\n:   (?P<text>.+?)\n"
    r"    Lesson: \[(?P<title>[^\]]+)\]\((?P<lesson>[\w/-]+)\.md\)$",
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"\.\./glossary\.md#([\w-]+)")


@pytest.fixture(scope="module")
def course() -> Outline:
    return outline.read(ROOT)


def terms() -> list[re.Match[str]]:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    found = [*TERM.finditer(text)]
    assert len(found) == text.count("\n:   ") > 0
    return found


def test_each_term_is_linked_once_from_the_lesson_that_teaches_it(course: Outline) -> None:
    linked = [
        (anchor, name)
        for name, lesson in course.lessons.items()
        for anchor in LINK.findall(lesson.source.read_text(encoding="utf-8"))
    ]

    assert sorted(linked) == sorted((term["anchor"], term["lesson"]) for term in terms())
    assert {term["title"] for term in terms()} <= {x.title for x in course.lessons.values()}


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    names = [term["term"].lower().replace("-", " ") for term in terms()]

    assert names == sorted(names)


def test_the_map_shows_every_lesson_and_exercise_and_what_it_builds_on(course: Outline) -> None:
    page = markers.fill(course)["map.md"]

    assert all(f"]({name}.md) | {x.minutes} |" in page for name, x in course.lessons.items())
    assert all(f"](exercises/{slug}.md)" in page for slug in course.exercises)
    assert all(f"](#{needs.anchor(m)})" in page for m in course.modules if m.lessons)


def test_every_open_module_says_what_one_can_do_afterwards() -> None:
    modules = tomllib.loads((DOCS / "modules.toml").read_text(encoding="utf-8"))["modules"]

    assert {module["title"] for module in modules if not 1 <= len(module["able"]) <= 3} == set()


def test_a_time_that_is_no_longer_true_is_named(course: Outline, tmp_path: Path) -> None:
    page = tmp_path / "course/teaching.md"
    page.parent.mkdir()
    page.write_text("{{ 1 | minutes late_share }} {{ 2 | hours 1-scoping }} {{ 3 | hours x }}")
    moved = Outline(tmp_path, course.modules, course.lessons, course.exercises)

    with pytest.raises(SiteError, match=r"'x' is no module, no lesson and no exercise"):
        markers.fill(moved)
    page.write_text("{{ 1 | minutes late_share }}, {{ 3 | hours 1-scoping }}")
    with pytest.raises(SiteError, match=r"text says 1, but it is \d+ \(minutes late_share\)"):
        markers.fill(moved)


def test_the_teaching_page_names_mistakes_and_submissions_that_exist() -> None:
    text = (DOCS / "instructors/teaching.md").read_text(encoding="utf-8")

    mistakes = re.findall(r"^\| `(\w+)`, `(\w+)` \|", text, re.MULTILINE)
    assert len(mistakes) == 6
    assert all([*ROOT.glob(f"exercises/*/{of}/wrong/{name}.py")] for of, name in mistakes)
    trouble = set(re.findall(r"`trouble-([\w-]+)`", text))
    assert trouble and trouble <= set(sample_class.TROUBLE)
    assert len(sample_class.TROUBLE) == sample_class.LEARNERS == 12  # "twelve" and "twelve"
