"""What a learner wrote, printed or drew, made harmless for the pages of other people.

Everything in a submitted notebook is hostile here, its structure included. Out comes escaped text,
HTML that nh3 rebuilt from a short list of tags, or a picture that was read as PNG or JPEG: nothing
that runs, loads, or reaches outside its place. Sizes are bounded, because a parser can be made to
work for minutes. No function here raises for what it is given.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import nh3
from markupsafe import Markup, escape

from grader import lean
from grader.submissions.pictures import NAME
from grader.text import LONGEST, cut, printable

MAX_PROSE = 8_000  # characters of Markdown; its parser needs a second for 15,000 bad ones
MAX_HTML = 50_000  # nh3 works half a second on 100,000 characters of nested <div>
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

# Where a picture goes. A text cannot name it, and the cleaning leaves it as it is.
_PLACE = secrets.token_hex(16)
_PLACED = re.compile(rf"<em>{_PLACE}({NAME.pattern})</em>")
_PICTURE = re.compile(rf"!\[[^\]\n]*\]\(attachment:({NAME.pattern})\)")


def uncoloured(value: str) -> str:
    """Take out a terminal's codes for colours and cursors."""
    return _ANSI.sub("", value)


def broken(value: str, pictures: Iterable[str] = ()) -> str:
    """Break markup in text that others will render as it comes; it still looks the same.

    References to `pictures`, attachments of the text, stay; one to each, or it would have copies.
    """
    parts, at, left = [], 0, set(pictures)
    for found in _PICTURE.finditer(value):
        if found[1] in left:
            left.remove(found[1])
            # A word joiner before it: nothing that ends the text before it goes on in here.
            parts += [value[at : found.start()], f"\u2060![Picture](attachment:{found[1]})"]
            at = found.end()
    parts.append(value[at:])
    return "".join(_broken(part) if n % 2 == 0 else part for n, part in enumerate(parts))


def _broken(value: str) -> str:
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
    return plain(source) if len(source) > LONGEST else _coloured(source)


# What a class is given stands on each page, and so do answers that many of it give.
@lru_cache(maxsize=64)
def _coloured(source: str) -> Markup:
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    lexer = PythonLexer(stripnl=False, ensurenl=False)
    spans = highlight(printable(source), lexer, HtmlFormatter(nowrap=True))
    cleaned = nh3.clean(spans, tags={"span"}, attributes={"span": {"class"}})
    return Markup("<pre><code>{}</code></pre>").format(Markup(cleaned))  # noqa: S704 - just cleaned


def prose(source: str, pictures: Mapping[str, str] | None = None) -> Markup:
    """Show Markdown, with its pictures: URLs of data that somebody vouches for, by their names."""
    left = dict(pictures or {})
    if len(source) > MAX_PROSE:
        return text(source, left)
    try:
        made = _markdown()(printable(source))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return text(source, left)  # a fault of the parser must not cost the learner the page
    if len(made) > 2 * MAX_HTML:
        return text(source, left)

    def picture(found: re.Match[str]) -> str:
        # Once each: a text may refer to it a thousand times.
        return _image(left.pop(found[1])) if found[1] in left else "<em>(picture)</em>"

    return Markup(_PLACED.sub(picture, html(made)))  # noqa: S704 - nh3 has just rebuilt it


def text(source: str, pictures: Mapping[str, str]) -> Markup:
    """Show text as it is, and its pictures below."""
    return plain(source) + Markup("").join(map(_image, pictures.values()))


def _image(url: str) -> Markup:
    return Markup('<img alt="Picture in this text" src="{}">').format(url)


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
            name = url.removeprefix("attachment:")
            if name != url and NAME.fullmatch(name):
                return f"<em>{_PLACE}{name}</em>"
            return f"<em>(picture: {escape(text.replace(_PLACE, ''))})</em>"

    plugins = [import_plugin(name) for name in ("strikethrough", "table", "def_list")]
    renderer = Renderer(escape=False, exclude_anchor_links=True)
    render: Callable[[str], str] = nbconvert.MarkdownWithMath(renderer, plugins=plugins).render
    return render
