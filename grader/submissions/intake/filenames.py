"""What the name of a file says: which exercise it is of, which copy, and whose.

Nothing is opened. Browsers, file managers, Jupyter, Colab and course systems add to names, each in
its own way and language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

MOST_MARKS = 10  # of copies of copies, in one name
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")

# What file managers, editors and Jupyter put anywhere by themselves; nobody has handed it in.
_NOISE = re.compile(
    r"(?i)__macosx|\._.*|\.ds_store|\.ipynb_checkpoints|__pycache__|thumbs\.db|desktop\.ini"
    r"|\.git(ignore|keep|attributes)?|\.localized|\.directory|\.~.*|~\$.*|\.nfs.*|icon\r"
    r"|\.(idea|vscode|venv|cache|trash.*|virtual_documents|(pytest|mypy|ruff)_cache)"
    r"|\.(spotlight-v100|fseventsd|temporaryitems|appledouble|svn|hg)|@eadir"
)
# Twice the ending, a second one of a browser's, and the number that downloads of one name get.
_ENDING = re.compile(r"(?i)\s*(\.ipynb)+(\.(txt|json)|\.\d+| ?\(\d+\))*\s*$")

# The folder and the flat name of Moodle's "download all submissions", and the name of Canvas's.
_MOODLE_FOLDER = re.compile(r".+_\d+_assignsubmission_[a-z]+_?")
_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_file_(?P<rest>.+)")
_CANVAS = re.compile(
    r"(?P<name>anon|[^_]+)(_LATE)?_(?P<number>\d+|(?<=anon_)[A-Za-z0-9]{5})(_LATE)?_\d{3,}_(?P<rest>.+)"
)

_COPY = (
    r"(?:(?:another |\d+(?:st|nd|rd|th) )?copy|copie|c[oó]pia|còpia|kopie|k[oó]pia|kopio|kopi"
    r"|kopija|kopya|копия|копія|αντίγραφο|másolat|副本|的副本|拷贝|複製|複本|コピー|のコピー"
    r"|복사본|사본|의 사본|salinan|bản sao)"
)
_SUFFIX = re.compile(
    rf"(?i)(?:[\s_\u2013\u2014-]*\(?{_COPY}[\s_-]*\(?\d*\)?\)?"
    r"|\s*\(\d+\)|-\d+|\s\d+|[\s_-]v\d+|-checkpoint|\.ipynb)$"
)
_PREFIX = re.compile(
    rf"(?i)^(?:{_COPY}\s*(?:\(\d+\)\s*)?(?:of|von|van|de|di|da|do|af|av|z|блокнота|зошита)?[\s_]+)"
)
_QUOTES = "\"'«»“”„「」『』 "


@dataclass(frozen=True, slots=True)
class Spelling:
    """The parts of a notebook's name; `number` orders copies, and is -1 for an autosaved one."""

    whole: str  # without ending, and without what a course system put in front
    stem: str  # that without the marks of a copy
    number: int
    person: str  # whom a course system names in it, as it does; mostly nobody

    def slug(self, slugs: Collection[str]) -> str:
        """Return the exercise that the name says; empty where it says none, or two."""
        if self.whole in slugs:
            return self.whole
        read = {slug for name in (self.whole, self.stem) for slug in same(name, slugs)}
        return read.pop() if len(read) == 1 else ""

    def number_of(self, slug: str) -> int:
        """Return which copy it is, if it is of that exercise, whose name may end in a number."""
        return 0 if squeezed(self.whole) == squeezed(slug) else self.number

    def mentioned(self, slugs: Collection[str]) -> str:
        """Return the only exercise whose name is a part of this one; empty if there is none."""
        words = "_" + squeezed(re.sub(r"\W+", "_", self.whole)) + "_"
        found = {slug for slug in slugs if f"_{squeezed(slug)}_" in words}
        longest = {s for s in found if not any(s != o and s in o for o in found)}
        return longest.pop() if len(longest) == 1 else ""


def is_noise(name: str) -> bool:
    """Tell whether a computer put something of that name there, and no person."""
    return _NOISE.fullmatch(name) is not None


def is_notebook(name: str) -> bool:
    """Tell whether a file of that name is handed in as a notebook."""
    return _ENDING.search(name) is not None


def is_archive(name: str) -> bool:
    """Tell whether a file of that name is an archive."""
    return name.lower().endswith(ARCHIVES)


def is_moodles(folder: str) -> bool:
    """Tell whether a folder is one learner's in Moodle's download."""
    return _MOODLE_FOLDER.fullmatch(folder) is not None


def spelling(name: str) -> Spelling:
    """Take a file's name apart."""
    name = unicodedata.normalize("NFC", name)
    ending = _ENDING.search(name)
    whole = name[: ending.start()] if ending else name
    marks = re.findall(r"\d+", ending[0]) if ending else []
    told = _MOODLE.fullmatch(whole) or _CANVAS.fullmatch(whole)
    whole = told["rest"] if told else whole
    person = f"{told['name']}, number {told['number']}" if told else ""
    stem, copies = _without_marks(whole)
    numbers = [int(n) for mark in (*marks, *copies) for n in re.findall(r"\d+", mark)]
    number = max(numbers, default=1 if copies else _last_number(stem))
    if any("checkpoint" in mark.lower() for mark in copies):  # older than what it is a copy of
        number = -1
    return Spelling(whole.strip(), stem, number, person)


def same(name: str, names: Iterable[str]) -> list[str]:
    """List those of the names that differ in case, blanks, hyphens and underscores at most."""
    return [other for other in names if squeezed(other) == squeezed(name)]


def squeezed(name: str) -> str:
    """Bring a name to the form in which names are compared."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return re.sub(r"[\s_-]+", "_", folded).strip("_")


def _without_marks(whole: str) -> tuple[str, list[str]]:
    stem, marks = whole.strip(_QUOTES), list[str]()
    for _ in range(MOST_MARKS):
        mark = _SUFFIX.search(stem) or _PREFIX.search(stem)
        if mark is None or mark[0] == stem:
            break
        marks.append(mark[0])
        stem = (stem[: mark.start()] + stem[mark.end() :]).strip(_QUOTES)
    return stem, marks


def _last_number(stem: str) -> int:
    number = re.search(r"\d+$", stem)
    return int(number[0]) if number else 0
