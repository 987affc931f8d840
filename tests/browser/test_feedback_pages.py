"""Feedback can be read by everybody: on a phone and at a desk, in light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from grader.exercises import notebook
from grader.pages import index, keep
from grader.sandbox.limits import Ending
from grader.score.attempt import CellReport, CellStatus
from grader.submissions.pieces import Aligned
from tests.builders import an_attempt, small
from tests.test_feedback import PNG, code, markdown, shown

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_in_light_and_dark_on_phone_and_desk(
    browser: Browser, tmp_path: Path, scheme: Any, width: int
) -> None:
    exercise = small(tmp_path)
    released = notebook.release(exercise)
    wide = "<table><tr>" + "<td>wide_column_name</td>" * 30 + "</tr></table>"
    own = markdown("## A table\n\n|a|b|\n|-|-|\n|1|2|\n\n[link](https://docs.python.org)")
    source = (
        "import math\n\ndef f(x):\n    # a comment\n    return 'text' + str(3.5) * 2" + "x" * 300
    )
    cells = [*released.cells, own, code(source, shown(text_html=wide), shown(image_png=PNG))]
    attempt = an_attempt(
        repairs=("A cell was put back.",), cells=(CellReport(6, CellStatus.ERROR, "NameError: x"),),
        note="cell 7: it took too long", ending=Ending.TIMEOUT, isolation="none",
    )  # fmt: skip
    keep.write(tmp_path, attempt, exercise, Aligned(notebook.node({"cells": cells}), (), {}))
    index.write_index(tmp_path, [attempt])
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()

    for name in ("ada/4-cleaning/heights.html", "index.html"):
        page.goto((tmp_path / "feedback" / name).as_uri())
        results = Axe().run(page)

        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
