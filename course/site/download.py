"""A lesson → the notebook offered for download: not run, and readable in Jupyter.

It comes without outputs: whoever downloads it wants to run it, and the page shows the results.
"""

from __future__ import annotations

import hashlib
import re

import nbformat
from nbformat import NotebookNode

from course.site import claims, questions
from course.site.lesson import Lesson, tags

ADMONITION = re.compile(
    r'^(?:!!!|\?\?\?\+?) (?P<kind>\w+)(?: "(?P<title>[^"]*)")?\n(?P<body>(?:\n|[ ]{4}.*(?:\n|$))+)',
    re.MULTILINE,
)
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?![a-z]+:|#)[^)\s]+\)(?:\{[^}\n]*\})?")


def notebook(lesson: Lesson) -> bytes:
    """Return the lesson as the bytes of an .ipynb file; the same lesson gives the same bytes."""
    cells = [_cell(cell, lesson.name, number) for number, cell in enumerate(lesson.notebook.cells)]
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": _kernel()})
    nbformat.validate(made)
    text: str = nbformat.writes(made)
    return f"{text}\n".encode()


def readable(text: str) -> str:
    """Return Markdown that Jupyter can show: admonitions as quotes, no links into the site."""
    return LINK.sub(lambda link: link["text"], ADMONITION.sub(_quote, text))


def _cell(cell: NotebookNode, lesson: str, number: int) -> NotebookNode:
    identity = hashlib.sha256(f"{lesson}:{number}".encode()).hexdigest()[:12]
    if cell.cell_type == "code":
        return nbformat.v4.new_code_cell(cell.source, id=identity, metadata=_metadata(cell))
    if cell.cell_type != "markdown":
        return nbformat.v4.new_raw_cell(cell.source, id=identity)
    text = claims.plain(cell.source)
    if "question" in tags(cell):
        text = questions.to_notebook(questions.read(text))
    return nbformat.v4.new_markdown_cell(readable(text), id=identity)


def _metadata(cell: NotebookNode) -> dict[str, object]:
    kept: dict[str, object] = {}
    if "raises-exception" in tags(cell):
        kept["tags"] = ["raises-exception"]  # "Run all" goes on after it.
    if tags(cell) & {"hide-input", "remove-input", "remove-cell"}:
        kept["jupyter"] = {"source_hidden": True}
    return kept


def _quote(match: re.Match[str]) -> str:
    title = match["title"] if match["title"] is not None else match["kind"].capitalize()
    body = [line.removeprefix("    ") for line in match["body"].strip("\n").split("\n")]
    lines = [f"**{title}**", "", *body] if title else body
    after = match["body"][len(match["body"].rstrip("\n")) :]
    return "\n".join(f"> {line}".rstrip() for line in lines) + after


def _kernel() -> dict[str, str]:
    return {"display_name": "Python 3", "language": "python", "name": "python3"}
