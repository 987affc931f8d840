"""What a learner wrote, printed or drew, made harmless for the pages of other people.

Everything in a submitted notebook is hostile here, its structure included. Out comes escaped text,
HTML that nh3 rebuilt from a short list of tags, or a picture that was read as PNG: nothing that
runs, loads, or reaches outside its place. Sizes are bounded, because a parser can be made to work
for minutes. No function here raises for what it is given.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import nh3
from markupsafe import Markup, escape

from grader import lean
from grader.submissions.upload import MAX_IMAGE
from grader.text import LONGEST, cut, printable

MAX_PROSE = 8_000  # characters of Markdown; its parser needs a second for 15,000 bad ones
MAX_HTML = 50_000  # nh3 works half a second on 100,000 characters of nested <div>
MAX_PIXELS = 20_000_000
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")
_HEADING = re.compile(r"<(/?)h([1-6])>")
_SCROLL = '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>'
_TAGS = frozenset(
    """a abbr b blockquote br caption cite code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i
    ins kbd li ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr
    u ul var""".split()  # noqa: SIM905 - a list of fifty names is no easier to read
)
_DROPPED = frozenset(  # with all that is in them: the text of a script is no text
    """iframe math noembed noframes noscript object script select style svg template textarea title
    xmp""".split()  # noqa: SIM905
)
_SPANS = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
# Renderers that let markup through turn this into something active, into a picture that is asked
# of its host, into a link that runs code (entities may hide which), or into an error page
# (attachments that are not there). With a word joiner after it, it looks the same and is only text.
_ACTIVE = re.compile(
    r"<(?=[A-Za-z/!?])|!(?=\[)|\](?=:|\((?!https?://|mailto:))|attachment(?=:)"
    r"|\\(?=(?:href|style|class|cssId|require)\b)"
)
_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def uncoloured(value: str) -> str:
    """Take out a terminal's codes for colours and cursors."""
    return _ANSI.sub("", value)


def broken(value: str) -> str:
    """Break markup in text that others will render as it comes; it still looks the same."""
    return _ACTIVE.sub("\\g<0>\u2060", value)


def ticked(value: str) -> Markup:
    """Escape an author's sentence and show what stands in backticks as code."""
    parts = [escape(printable(part)) for part in value.split("`")]
    marked = [
        part if n % 2 == 0 else Markup("<code>{}</code>").format(part)
        for n, part in enumerate(parts)
    ]
    # An odd number of backticks: the last one is only that.
    return Markup("").join(marked) if len(parts) % 2 else escape(printable(value))


def plain(value: str) -> Markup:
    """Show text as it is."""
    return Markup("<pre>{}</pre>").format(cut(printable(uncoloured(value))))


def code(source: str) -> Markup:
    """Show Python with its words coloured."""
    if len(source) > LONGEST:
        return plain(source)
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    lexer = PythonLexer(stripnl=False, ensurenl=False)
    spans = highlight(printable(source), lexer, HtmlFormatter(nowrap=True))
    cleaned = nh3.clean(spans, tags={"span"}, attributes={"span": {"class"}})
    return Markup("<pre><code>{}</code></pre>").format(Markup(cleaned))  # noqa: S704 - just cleaned


def prose(source: str) -> Markup:
    """Show Markdown."""
    if len(source) > MAX_PROSE:
        return plain(source)
    try:
        made = _markdown()(printable(source))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return plain(source)  # a fault of the parser must not cost the learner the page
    return html(made) if len(made) <= 2 * MAX_HTML else plain(source)


def html(source: str) -> Markup:
    """Rebuild HTML from harmless tags, without any style; its headings stand below h2."""
    if len(source) > 2 * MAX_HTML:
        return plain(source)
    cleaned = nh3.clean(
        printable(source),
        tags=set(_TAGS),
        attributes={"a": {"href"}, **_SPANS, "*": set()},
        clean_content_tags=set(_DROPPED),
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
    cleaned = cleaned.replace("<table>", _SCROLL).replace("</table>", "</table></div>")
    lowered = _HEADING.sub(lambda m: f"<{m[1]}h{min(int(m[2]) + 2, 6)}>", cleaned)
    return Markup(lowered)  # noqa: S704 - nh3 has just rebuilt it


def png(value: str) -> str:
    """Return a picture as base64 when it decodes as PNG of a reasonable size, else ""."""
    if not value or len(value) > MAX_IMAGE:
        return ""
    try:
        raw = base64.b64decode("".join(value.split()), validate=True)
        return base64.b64encode(raw).decode() if _is_whole(dict(_chunks(raw))) else ""
    except (ValueError, LookupError, zlib.error):
        return ""


@cache
def _markdown() -> Callable[[str], str]:
    """Build nbconvert's Markdown without what reads files, guesses languages or loads pictures."""
    from mistune.plugins import import_plugin

    nbconvert: Any = lean.module(
        "nbconvert.filters.markdown_mistune", without=("nbconvert.preprocessors",)
    )

    class Renderer(nbconvert.IPythonRenderer):  # type: ignore[misc]
        def block_code(self, code: str, info: str | None = None) -> str:
            return f"<pre><code>{escape(code)}</code></pre>"

        def image(self, text: str, url: str, title: str | None = None) -> str:
            return f"<em>(picture: {escape(text)})</em>"

    plugins = [import_plugin(name) for name in ("strikethrough", "table", "def_list")]
    renderer = Renderer(escape=False, exclude_anchor_links=True)
    render: Callable[[str], str] = nbconvert.MarkdownWithMath(renderer, plugins=plugins).render
    return render


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not raw.startswith(_PNG):
        raise ValueError("no PNG")
    place, drawn = len(_PNG), b""
    while place < len(raw):
        size = int.from_bytes(raw[place : place + 4], "big")
        name, end = raw[place + 4 : place + 8], place + 8 + size
        data = raw[place + 8 : end]
        if zlib.crc32(name + data) != int.from_bytes(raw[end : end + 4], "big"):
            raise ValueError("damaged")
        if name == b"IDAT":
            drawn += data
        yield name, drawn if name == b"IDAT" else data
        place = end + 4


def _is_whole(chunks: Mapping[bytes, bytes]) -> bool:
    header = chunks[b"IHDR"]
    width, height = (int.from_bytes(header[n : n + 4], "big") for n in (0, 4))
    if not 0 < width * height <= MAX_PIXELS or header[8] > 16 or b"IEND" not in chunks:
        return False
    bits = width * height * header[8] * _CHANNELS[header[9]]
    pixels = zlib.decompressobj().decompress(chunks[b"IDAT"], bits // 8 + 1)
    return len(pixels) >= bits // 8
