"""The course site in a real browser: what readers can do, on every kind of page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, build

pytestmark = pytest.mark.browser

LESSON = "4-cleaning/look-before-you-fix/"
KINDS = {
    "home": "",
    "module": "4-cleaning/",
    "lesson": LESSON,
    "lesson-with-errors": "0-start/set-up/",
    "exercises": "exercises/",
    "exercise": "exercises/minutes_between/",
    "data": "data/",
    "data-card": "data/weather/",
    "instructors": "instructors/",
    "authors": "authors/lessons/",
    "architecture": "architecture/",
    "not-found": "no-such-page/",
}
LESSON_KB = 60


def every_page(site: Path) -> list[str]:
    pages = sorted(path.parent.relative_to(site).as_posix() for path in site.rglob("index.html"))
    return ["" if page == "." else f"{page}/" for page in pages]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(visit: Any, kind: str, device: str, scheme: str) -> None:
    page = visit(device, scheme).open(KINDS[kind])
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_while_searching(visit: Any) -> None:
    page = visit().open()
    search(page, "quarantine")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_search_finds_a_word_inside_a_lesson_and_leads_there(visit: Any) -> None:
    page = visit().open()

    search(page, "Barrow Island")
    page.locator(".md-search-result__link").first.click()

    page.wait_for_url(re.compile(re.escape(LESSON)))
    expect(page.locator("article")).to_contain_text("Barrow Island")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_question_reveals_verdict_and_reason_by_keyboard(visit: Any, scripts: bool) -> None:
    page = visit(scripts=scripts).open(LESSON)
    wrong = page.locator(".option--no").first
    right = page.locator(".option--yes").first
    expect(wrong.locator("p")).to_be_hidden()

    wrong.locator("summary").press("Enter")
    right.locator("summary").press("Enter")

    expect(wrong.locator("p")).to_contain_text(re.compile(r"✗\s+Not this one\. \S+"))
    expect(right.locator("p")).to_contain_text(re.compile(r"✓\s+Right\. \S+"))


def test_an_exercise_shows_its_hints_one_by_one(visit: Any) -> None:
    page = visit().open("exercises/quarantine/")
    hints = page.locator(".hint")
    expect(hints).to_have_count(3)

    hints.nth(0).locator("summary").click()

    expect(hints.nth(0).locator("p").first).to_be_visible()
    expect(hints.nth(1).locator("p").first).to_be_hidden()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_no_page_asks_another_host_or_complains_or_overflows(
    visit: Any, site: Path, device: str
) -> None:
    reader = visit(device)
    wide = []
    for path in every_page(site):
        page = reader.open(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    page.wait_for_load_state("networkidle")

    assert (reader.foreign(), reader.complaints, wide) == ([], [], [])
    assert len(reader.requested) > len(every_page(site))


@pytest.mark.parametrize("path", [LESSON, "exercises/parse_height/"])
def test_the_download_is_a_valid_notebook(visit: Any, tmp_path: Path, path: str) -> None:
    page = visit().open(path)

    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the notebook").click()
    waiting.value.save_as(tmp_path / "got.ipynb")

    notebook = nbformat.read(tmp_path / "got.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert waiting.value.suggested_filename == f"{Path(path).name}.ipynb"
    assert any(cell.cell_type == "code" for cell in notebook.cells)


def test_progress_is_ticked_in_the_menu_and_kept(visit: Any) -> None:
    reader = visit()
    page = reader.open(LESSON)

    page.get_by_role("button", name="Mark this lesson as done").click()
    in_menu(page, "Parse, don").click()
    page.wait_for_url(re.compile("parse-dont-coerce"))

    expect(in_menu(page, "Look before you fix")).to_have_class(re.compile("is-done"))
    page = reader.open(LESSON)
    expect(page.get_by_role("button", name="Done")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Done").click()
    expect(in_menu(page, "Look before you fix")).not_to_have_class(re.compile("is-done"))


def test_plots_say_what_they_show_and_fit_a_phone(visit: Any) -> None:
    page = visit("phone").open(LESSON)
    plots = page.locator("img.plot")

    assert plots.count() > 0
    for plot in plots.all():
        plot.scroll_into_view_if_needed()
        assert len(plot.get_attribute("alt") or "") > 20
        assert plot.evaluate("(i) => i.decode().then(() => i.naturalWidth)") > 0
        assert plot.evaluate("(i) => i.getBoundingClientRect().right <= innerWidth")


def test_lesson_pages_stay_light(site: Path) -> None:
    lessons = [*site.glob("[0-9]-*/*/index.html")]

    sizes = {str(path.relative_to(site)): path.stat().st_size for path in lessons}
    heavy = {name: size for name, size in sizes.items() if size > LESSON_KB * 1000}

    assert len(lessons) >= 30
    assert heavy == {}


def test_a_second_build_runs_no_lesson(site: Path, tmp_path: Path) -> None:
    kept = ROOT / ".cache/lessons"
    before = {path: path.stat().st_mtime_ns for path in kept.glob("*.json")}

    build(tmp_path / "again")

    after = {path: path.stat().st_mtime_ns for path in kept.glob("*.json")}
    assert before
    assert after == before


def search(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Search")
    box.focus()
    expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
    box.press_sequentially(words)
    expect(page.locator(".md-search-result__item").first).to_be_visible()


def in_menu(page: Page, name: str) -> Locator:
    return page.locator("a.md-nav__link").filter(has_text=name).first
