"""One output of a cell → Markdown, and the files that it needs."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from nbformat import NotebookNode

from course.site import paths

SCALE = 2  # pixels of a plot to one on the page: sharp on phones (matplotlibrc has the other half)
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
NUMBER = re.compile(r"[-+]?[\d.,]+(e[-+]?\d+)?%?|nan|inf|-inf|", re.IGNORECASE)
BLANK = {"NaN", "NaT", "None", "<NA>", "...", "…"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page: Markdown, and files to stand beside the page."""

    markdown: str
    files: dict[str, bytes] = field(default_factory=dict)


def render(outputs: Iterable[NotebookNode], *, slug: str, alt: str) -> Iterator[Piece]:
    """Yield the pieces that a cell's outputs make; what has no readable form makes none."""
    shown = [*_joined(outputs)]
    plot = any("image/png" in output.get("data", {}) for output in shown)
    for output in shown:
        if output.output_type == "stream":
            yield Piece(fence(paths.without_prefix(ANSI.sub("", output.text)), "output"))
        elif output.output_type == "error":
            error = ANSI.sub("", f"{output.ename}: {output.evalue}")
            yield Piece(fence(error, "output output--error"))
        elif "image/png" in output.data:
            yield _plot(base64.b64decode(output.data["image/png"]), slug, alt)
        elif 'class="dataframe"' in output.data.get("text/html", ""):
            yield Piece(table(output.data["text/html"]))
        elif "text/markdown" in output.data:
            said = output.data["text/markdown"].strip()
            yield Piece(f'<div class="said" markdown="1">\n\n{said}\n\n</div>\n')
        elif "text/plain" in output.data and not plot:
            # Beside a plot the text is only the name of what was drawn on, as in <Axes: >.
            yield Piece(fence(ANSI.sub("", output.data["text/plain"]), "output"))


def fence(text: str, classes: str, language: str = "text") -> str:
    """Return a code block that its own text cannot close."""
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    marks = " ".join(f".{name}" for name in ["no-copy", *classes.split()] if classes)
    return f"{ticks} {{ .{language} {marks} }}\n{text.strip(chr(10))}\n{ticks}\n"


def table(markup: str) -> str:
    """Return pandas' HTML table as a plain one in a region that scrolls by itself."""
    parser = _Frame()
    parser.feed(markup)
    note = f"<p>{html.escape(parser.note)}</p>" if parser.note else ""
    return (
        '<div class="frame" data-search-exclude>'
        '<div class="frame__scroll" role="group" aria-label="Table" tabindex="0">'
        f'<table class="dataframe">{parser.rows()}</table></div>{note}</div>\n'
    )


def _joined(outputs: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    last: NotebookNode | None = None
    for output in outputs:
        if output.output_type == "stream" and last is not None and last.name == output.name:
            last.text += output.text
            continue
        last = NotebookNode(output) if output.output_type == "stream" else None
        yield last if last is not None else output


def _plot(png: bytes, slug: str, alt: str) -> Piece:
    name = f"figures/{slug}-{hashlib.sha256(png).hexdigest()[:10]}.png"
    width, height = (side // SCALE for side in struct.unpack(">II", png[16:24]))
    said = re.sub(r"\s+", " ", alt).replace("[", "(").replace("]", ")")
    marks = f'{{ .plot width="{width}" height="{height}" loading="lazy" }}'
    return Piece(f"![{said}]({name}){marks}\n", {name: png})


@dataclass(slots=True)
class _Cell:
    head: bool
    span: str
    text: str = ""


class _Frame(HTMLParser):
    """Read the cells of a pandas table; styles, scripts and every other attribute are dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.note = ""
        self._parts: dict[str, list[list[_Cell]]] = {"thead": [], "tbody": []}
        self._part = "tbody"
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._parts:
            self._part = tag
        elif tag == "tr":
            self._parts[self._part].append([])
        elif tag in ("td", "th"):
            spans = (f' {k}="{v}"' for k, v in attrs if k in ("colspan", "rowspan") and v)
            self._parts[self._part][-1].append(_Cell(tag == "th", "".join(spans)))
        self._into = tag

    def handle_endtag(self, tag: str) -> None:
        self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into in ("td", "th"):
            self._parts[self._part][-1][-1].text += data
        elif self._into == "p":
            self.note += data.strip()

    def rows(self) -> str:
        """Return the table's inside: words to the left, numbers to the right."""
        body = self._parts["tbody"]
        width = max((len(row) for row in body), default=0)
        words = {n for n in range(width) if _worded(row[n] for row in body if len(row) == width)}
        head = "".join(_row(row, words, "col", width) for row in self._parts["thead"])
        rows = "".join(_row(row, words, "row", width) for row in body)
        return f"<thead>{head}</thead><tbody>{rows}</tbody>"


def _worded(cells: Iterable[_Cell]) -> bool:
    return any(c.text.strip() not in BLANK and not NUMBER.fullmatch(c.text.strip()) for c in cells)


def _row(row: list[_Cell], words: set[int], scope: str, width: int) -> str:
    cells = []
    for number, cell in enumerate(row, width - len(row)):
        # An empty header names nothing; screen readers announce it all the same.
        tag = "th" if cell.head and cell.text.strip() else "td"
        marks = (f' scope="{scope}"' if tag == "th" else "") + cell.span
        marks += ' class="w"' if number in words else ""
        cells.append(f"<{tag}{marks}>{html.escape(cell.text)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"
