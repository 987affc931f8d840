"""What `check` shows in a notebook can be read, and passed told from not passed, on any page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from grader.learners.shown import Checked
from grader.score.attempt import Outcome, TestResult
from tests.test_learner import luminance

pytestmark = pytest.mark.browser

READABLE = 4.5  # WCAG 2.2, 1.4.3
THEMES = Path(sys.prefix) / "share/jupyter/lab/themes/@jupyterlab"
# JupyterLab's own rules for HTML in an output (4.6), whose colors are the theme's.
RENDERED = """
body { background-color: var(--jp-layout-color0); color: var(--jp-content-font-color1) }
pre, code { background-color: var(--jp-layout-color0); color: var(--jp-content-font-color1) }
:not(pre) > code { background-color: var(--jp-layout-color2) }
"""
# Of other editors no more is known than that their pages are light or dark.
PLAIN = ":root { color-scheme: light dark } body { background-color: Canvas; color: CanvasText }"
PAGES = {
    "JupyterLab, light": ("light", "theme-light-extension"),
    "JupyterLab, dark": ("dark", "theme-dark-extension"),
    "JupyterLab, dark with more contrast": ("dark", "theme-dark-high-contrast-extension"),
    "another editor, light": ("light", ""),
    "another editor, dark": ("dark", ""),
}
CHECKED = Checked(
    "late_share",
    (
        TestResult("a", "late_share", Outcome.PASSED, behaviour="`nan` is no number."),
        TestResult("b", "late_share", Outcome.FAILED, behaviour="Text is refused by `late_share`.",
                   detail="AssertionError: 3 == 4"),
    ),
)  # fmt: skip
PASSED = Checked("late_share", CHECKED.results[:1])
# Every text with its own color and the one that lies behind it.
TEXTS = """() => {
    const parts = (color) => {
        const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
        return [[r, g, b], a];
    };
    const over = ([top, a], below) => top.map((part, n) => part * a + below[n] * (1 - a));
    const hex = (color) =>
        "#" + color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");
    const behind = (element) => {
        const [color, alpha] = parts(getComputedStyle(element).backgroundColor);
        if (alpha === 1) return color;
        return over([color, alpha], behind(element.parentElement));
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement, below = behind(element);
        const color = over(parts(getComputedStyle(element).color), below);
        if (text) found.push([text, hex(color), hex(below)]);
    }
    return found;
}"""


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give a function that shows what `check` found on one of the pages."""
    contexts = []

    def show(name: str, *checked: Checked, **more: Any) -> Page:
        scheme, theme = PAGES[name]
        contexts.append(browser.new_context(color_scheme=scheme, **more))
        page = contexts[-1].new_page()
        file = THEMES / theme / "index.css"
        css = file.read_text(encoding="utf-8") + RENDERED if theme else PLAIN
        shown = "".join(each._repr_html_() for each in checked)
        page.set_content(f"<!doctype html><style>{css}</style><body>{shown}</body>")
        return page

    yield show
    for context in contexts:
        context.close()


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PAGES)
def test_every_text_can_be_read(opened: Callable[..., Page], name: str) -> None:
    texts = opened(name, CHECKED, PASSED).evaluate(TEXTS)

    said = "".join("".join(text for text, _, _ in texts).split())
    assert said == "".join(f"{CHECKED}{PASSED}".replace("`", "").split())
    for text, color, behind in texts:
        assert contrast(color, behind) >= READABLE, (text, color, behind)


@pytest.mark.parametrize("name", PAGES)
def test_passed_and_not_passed_differ_in_color_and_in_sign(
    opened: Callable[..., Page], name: str
) -> None:
    page = opened(name, CHECKED)

    behind = {text: below for text, _, below in page.evaluate(TEXTS) if text in "✓✗"}
    assert behind.keys() == {"✓", "✗"}
    assert len({*behind.values()}) == 2
    for word in ("passed", "not passed"):  # what a screen reader says
        assert page.get_by_role("img", name=word, exact=True).is_visible()


@pytest.mark.parametrize("name", ["JupyterLab, light", "JupyterLab, dark"])
def test_without_colors_the_sign_tells(opened: Callable[..., Page], name: str) -> None:
    page = opened(name, CHECKED, forced_colors="active")

    texts = page.evaluate(TEXTS)
    marks = {text: (color, below) for text, color, below in texts if text in "✓✗"}
    assert marks.keys() == {"✓", "✗"}
    assert len({*marks.values()}) == 1  # this browser does away with our colors
    assert all(contrast(color, behind) >= READABLE for _, color, behind in texts)
