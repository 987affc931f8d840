"""What prose says and the data must confirm: `{{ 8.5 | wind.std():.1f }}`, `{{ none | n == 0 }}`.

The reader sees the literal. After the last cell the build evaluates the expression in the lesson's
namespace: a value must read like the literal, and a condition must be true for its words to stand.
Pure text work: running the expressions is `execute`'s job.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

CLAIM = re.compile(r"\{\{\s*(?P<literal>[^|{}]*?)\s*\|\s*(?P<body>.+?)\s*\}\}", re.DOTALL)
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(")
NUMBER = re.compile(r"[-+\u2212]?\d(?:[\d.,/]*\d)?%?")
# Names, not measurements: a year, a day of a month, a time of day, 9th, and F1 or A320.
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NAME = re.compile(
    rf"\b(?:19|20)\d\d\b(?![.,/:]?\d|%)|\b\d\d?(?: (?:{MONTHS})\b|:\d\d\b|(?:st|nd|rd|th)\b)"
    r"|\b[A-Za-z]+\d+\b"
)
BY_HAND = "a description has {} typed by hand; write {{{{ literal | expression:format }}}}"
OPEN = re.compile(r"\{\{.{0,40}", re.DOTALL)
CODE = re.compile(
    r"^[ ]*(?P<fence>```+|~~~+).*?^[ ]*(?P=fence)[`~]*[ ]*$|(?P<tick>`+).+?(?P=tick)", re.M | re.S
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A literal as it stands in the text, and what must give it or make it true."""

    literal: str
    expression: str
    format: str = ""

    @property
    def body(self) -> str:
        """Return the part after the bar, on one line."""
        return f"{self.expression}:{self.format}" if self.format else self.expression

    @property
    def proves_nothing(self) -> bool:
        """Say whether the expression is itself a literal, so that it would always agree."""
        return _parses(self.expression) and isinstance(
            ast.parse(self.expression.strip(), mode="eval").body, ast.Constant
        )

    def agrees(self, value: str | bool) -> bool:
        """Compare with what the data say; a typographic minus is a minus."""
        if isinstance(value, bool):
            return value
        return self.literal.replace("\u2212", "-") == value


def find(text: str) -> Iterator[Claim]:
    """Yield the claims of a text in their order."""
    for match in CLAIM.finditer(text):
        yield _claim(match)


def plain(text: str) -> str:
    """Return the text as the reader sees it: every claim replaced by its literal."""
    return CLAIM.sub(lambda match: match["literal"], text)


def stray(text: str) -> str | None:
    """Return the start of a `{{` that is no claim, if there is one."""
    match = OPEN.search(CLAIM.sub("", text))
    return match[0] if match else None


def descriptions(markdown: str) -> Iterator[str]:
    """Yield the descriptions of images that Markdown shows, without their claims."""
    for image in IMAGE.finditer(CLAIM.sub("", CODE.sub("", markdown))):
        yield image["alt"]


def typed_number(description: str) -> str | None:
    """Return the first number of a description that is neither a claim's nor part of a name."""
    match = NUMBER.search(NAME.sub("", CLAIM.sub("", description)))
    return match[0] if match else None


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Apply a change to Markdown, but not to what is shown as code in it."""
    pieces, last = [], 0
    for code in CODE.finditer(text):
        pieces += [change(text[last : code.start()]), code[0]]
        last = code.end()
    return "".join([*pieces, change(text[last:])])


def rewrite(source: str, values: dict[str, str]) -> str:
    """Put the values that the data give, by claim body, into a lesson's source text."""

    def change(match: re.Match[str]) -> str:
        # In the source a claim may be broken over comment lines, or stand in a quoted alt text.
        literal = re.sub(r"^#\s*", "", match["literal"])
        body = re.sub(r"(?:^|\s*\n)#?\s*", " ", match["body"]).strip().replace('\\"', '"')
        claim = _split(literal, body)
        value = values.get(claim.body)
        if value is None or claim.agrees(value):
            return match[0]
        end = match.end("literal") - match.start()
        return match[0][: end - len(literal)] + value + match[0][end:]

    return CLAIM.sub(change, source)


def _claim(match: re.Match[str]) -> Claim:
    return _split(match["literal"], re.sub(r"\s*\n\s*", " ", match["body"]))


def _split(literal: str, body: str) -> Claim:
    # Like an f-string: the format starts at the first colon that leaves a whole expression.
    for colon in (place for place, sign in enumerate(body) if sign == ":"):
        if _parses(body[:colon]):
            return Claim(literal, body[:colon].strip(), body[colon + 1 :])
    return Claim(literal, body.strip())


def _parses(expression: str) -> bool:
    try:
        ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        return False
    return True
