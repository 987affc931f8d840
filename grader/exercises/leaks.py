"""What a release would give away: solution lines, hidden tests, canaries."""

from __future__ import annotations

import ast
import json
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grader.errors import ExerciseError
from grader.exercises import source, variants
from grader.exercises.folder import Exercise
from grader.exercises.support import HIDDEN, RELEASED, VISIBLE

PARTS_FROM = 16  # characters: shorter lines count only when a whole line is the same
_CANARY = re.compile(rb"(?i)canary[-_:]?[a-z0-9][a-z0-9-]{5,}")
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\W\d]\w*|\d[\d_.]*")
_LITERAL = re.compile(r"\"[^\"]{3,}\"|'[^']{3,}'|\d[\d_.]+")
_HEADS = ("import ", "from ", "def ", "class ", "@", "#")


def leaks(exercise: Exercise, files: Mapping[str, bytes]) -> list[str]:
    """Say what `files` would give away: solution lines, hidden tests, canaries.

    A line of a solution (or of one in right/) counts when it tells something: two words beside
    keywords, no import, and not also in what is given on purpose, the notebook outside the
    solutions. From 16 characters on it is found inside longer lines too. Hints may quote lines, but
    not most of a solution. Of hidden tests count the names, and lines with a value of their own (a
    text or number of more than a character or two); in test_visible.py, which may share tables and
    helpers with them, only lines that assert.
    """
    found: list[str] = list(_given_away(exercise))
    for name, content in sorted(files.items()):
        found += [f"{name} holds the canary {c.decode()}" for c in _canaries(exercise, content)]
        if not name.startswith("data/"):
            lines = {_plain(line) for text in _texts(name, content) for line in text.split("\n")}
            found += [f"{name} {fault}" for fault in _told(exercise, name, lines)]
    return found


def _given_away(exercise: Exercise) -> Iterator[str]:
    """Find what the given text says on purpose or not: most of the reference, line by line."""
    given = {_plain(line) for line in _given(exercise)} | {
        _plain(line).lstrip("# ") for line in _given(exercise)
    }
    for task, lines in source.solutions(exercise).items():
        telling = [line for line in map(_plain, lines) if _tells(line)]
        told = [line for line in telling if _occurs(line, given)]
        if len(told) > len(telling) / 2:
            yield f"the given text holds {len(told)} of the {len(telling)} lines that solve {task}"


def _told(exercise: Exercise, name: str, lines: set[str]) -> Iterator[str]:
    for what, secrets in _solutions(exercise).items():
        told = [secret for secret in secrets if _occurs(secret, lines)]
        if not name.endswith(RELEASED):
            yield from (f"holds a line of {what}: {secret}" for secret in told)
        elif len(told) > len(secrets) / 2:
            yield f"quotes {len(told)} of the {len(secrets)} lines of {what} in its hints"
    for secret in _hidden_lines(exercise):
        shared = name.endswith(VISIBLE) and not secret.startswith("assert ")
        if not shared and _occurs(secret, lines):
            yield f"holds a line of test_hidden.py: {secret}"
    for test in re.findall(r"(?m)^ *def +(test_\w+)", _hidden(exercise)):
        if any(re.search(rf"\b{test}\b", line) for line in lines):
            yield f"names the hidden {test}"


def _solutions(exercise: Exercise) -> dict[str, list[str]]:
    """Return the lines that tell something, by solution."""
    given = {_plain(line) for line in _given(exercise)}
    texts = {f"the solution of {t}": lines for t, lines in source.solutions(exercise).items()}
    for path in sorted((exercise.folder / "right").glob("*.py")):
        answers = variants.variant(exercise, path.read_text(encoding="utf-8"), str(path))
        texts[f"right/{path.name}"] = tuple("\n".join(answers.values()).split("\n"))
    return {
        what: [line for line in map(_plain, lines) if _tells(line) and not _occurs(line, given)]
        for what, lines in texts.items()
    }


def _tells(line: str) -> bool:
    return not line.startswith(("import ", "from ")) and len(_words(line)) > 1


def _given(exercise: Exercise) -> Iterator[str]:
    for cell in source.source(exercise).cells:
        text = source.stub(cell) if "task" in cell.metadata else cell.source
        yield from text.split("\n")


def _hidden_lines(exercise: Exercise) -> Iterator[str]:
    text = _hidden(exercise)
    try:
        described = _docstring_lines(ast.parse(text))
    except SyntaxError as error:
        raise ExerciseError(f"{exercise.folder / 'test_hidden.py'}: {error}") from None
    for number, line in enumerate(map(_plain, text.split("\n")), 1):
        # load("flights_2013") stands in every lesson.
        passed_over = line.startswith(_HEADS) or "load(" in line or number in described
        if not passed_over and _LITERAL.search(line) and len(_words(line)) > 2:
            yield line


def _hidden(exercise: Exercise) -> str:
    path = exercise.folder / HIDDEN
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _docstring_lines(tree: ast.Module) -> set[int]:
    """Return the lines of docstrings: a learner reads them when the test fails."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _canaries(exercise: Exercise, content: bytes) -> list[bytes]:
    there = set(_CANARY.findall(content))
    if not there:
        return []
    secret = [exercise.folder / HIDDEN]
    secret += [
        path for kind in ("wrong", "right") for path in (exercise.folder / kind).glob("*.py")
    ]
    texts = [path.read_bytes() for path in secret if path.exists()]
    texts += ["\n".join(lines).encode() for lines in source.solutions(exercise).values()]
    return sorted(canary for canary in there if any(canary in text for text in texts))


def _texts(name: str, content: bytes) -> Iterator[str]:
    """Yield the texts of a file; in JSON a quotation mark or a line's end is written otherwise."""
    text = content.decode("utf-8", "replace")
    if not name.endswith((".ipynb", ".json")):
        yield text
        return
    pending: list[Any] = [json.loads(text)]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            pending += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            pending += value


def _plain(line: str) -> str:
    return " ".join(line.split())


def _words(line: str) -> list[str]:
    return [word for word in _WORD.findall(line) if not keyword.iskeyword(word)]


def _occurs(secret: str, lines: Iterable[str]) -> bool:
    if len(secret) < PARTS_FROM:
        return secret in lines
    return any(secret in line for line in lines)
