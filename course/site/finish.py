"""Last touches to finished HTML: out with what no reader gets, and headers that name nothing.

Marks without a style and the templates' indentation are a third of a lesson's page. Pure text
work, for the MkDocs door only.
"""

from __future__ import annotations

import re

# The style colors keywords, names that are defined or built in, strings, numbers and comments.
PLAIN = re.compile(r'<span class="(?:bp|n|na|nn|nv|nx|o|p|pm|sa|si|vc|vi|w)">([^<]*)</span>')
EMPTY = re.compile(r"<th( [^>]*)?></th>")
KEPT = re.compile(r"<(pre|script|style|textarea)\b.*?</\1>", re.DOTALL)
BREAKS = re.compile(r"\s*\n\s*")


def content(html: str) -> str:
    """Return a page's content without unstyled marks and without empty table headers."""
    return EMPTY.sub(r"<td\1></td>", PLAIN.sub(r"\1", html))


def page(html: str) -> str:
    """Return a whole page with each run of line breaks and indentation made one break."""
    pieces, last = [], 0
    for kept in KEPT.finditer(html):
        pieces += [BREAKS.sub("\n", html[last : kept.start()]), kept[0]]
        last = kept.end()
    return "".join([*pieces, BREAKS.sub("\n", html[last:])])
