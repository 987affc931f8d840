"""nbgrader's doors in JupyterLab, for those who learn and for those who teach."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import course
from tests.commands import run
from tests.jupyter import TOKEN, running
from tests.test_nbgrader_doors import marks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PANELS = ".lm-TabBar-tab[title*='Nbgrader']"
FORGIVING = 30_000  # milliseconds: JupyterLab starts slowly on a busy machine


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1500, "height": 900}) as context:
        context.set_default_timeout(FORGIVING)
        yield context.new_page()


def panels(page: Page) -> dict[str, int]:
    """Count nbgrader's menu and its panels beside the notebook."""
    menu = page.get_by_role("menuitem", name="Nbgrader")
    return {"menu": menu.count(), "tabs": page.locator(PANELS).count()}


def test_what_a_learner_starts_has_validate_and_no_instructors_panels(
    page: Page, tmp_path: Path
) -> None:
    root = course(tmp_path / "course")

    with running(tmp_path / "home", root, "grader", "start", "doubled_value") as address:
        page.goto(f"{address}lab/tree/doubled_value.ipynb?token={TOKEN}")
        page.get_by_role("button", name="Validate").click()
        told = page.locator(".jp-Dialog")
        expect(told).to_contain_text("doubled_value: 0 of 1 visible tests pass", timeout=FORGIVING)
        said = told.inner_text()
        shown = panels(page)
        formgrader = page.request.get(f"{address}formgrader?token={TOKEN}").status

    assert shown == {"menu": 0, "tabs": 0}
    assert formgrader == 404
    assert "This answer is not written yet." in said
    assert "Success" not in said


def test_formgraders_button_for_autograde_changes_no_mark(page: Page, tmp_path: Path) -> None:
    root = course(tmp_path / "course")
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    run("grader", "release", "--course", root)
    shutil.copytree(root / "release/0-start", root / "submitted/ada/0-start")
    run("grader", "grade", "0-start", "--course", root)
    before = marks(root)
    lab = ("jupyter", "lab", "--LabApp.default_url=/formgrader")

    with running(tmp_path / "home", root, *lab) as address:
        page.goto(f"{address}?token={TOKEN}")
        expect(page).to_have_url(f"{address}formgrader/manage_assignments")
        page.goto(f"{address}formgrader/manage_submissions/0-start")
        page.locator("td.autograde a").click()
        told = page.locator(".modal.in, .modal.show")
        expect(told).to_contain_text("run `grader grade 0-start`", timeout=FORGIVING)
        page.goto(f"{address}lab")
        expect(page.locator(PANELS).first).to_be_visible(timeout=FORGIVING)
        shown = panels(page)

    assert before
    assert marks(root) == before
    assert shown == {"menu": 1, "tabs": 1}
