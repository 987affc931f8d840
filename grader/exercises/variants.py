"""The files of wrong/ and right/: answers to tasks, and what their docstrings say."""

from __future__ import annotations

import re

from grader.errors import ExerciseError
from grader.exercises.folder import Exercise
from grader.exercises.source import task_named

_SECTION = re.compile(r"# %%[ \t]*(.*)")
_DOCSTRING = re.compile(r'(?s)\A\s*[rR]?("""|\'\'\')(.*?)\1|\A\s*"([^"\n]*)"')


def variant(exercise: Exercise, text: str, name: str = "variant") -> dict[str, str]:
    """Read a file of wrong/ or right/: the answer to each task that it gives.

    Its docstring is dropped; what stands before the first `# %% task` belongs to the first answer.
    """
    body = _DOCSTRING.sub("", text, count=1)
    sections = _sections(body)
    if len(sections) == 1:
        coded = [task.name for task in exercise.tasks if not task.manual]
        if len(coded) != 1:
            marks = ", ".join(f"# %% {task}" for task in coded)
            raise ExerciseError(f"{name}: say which task each part answers, with {marks}")
        return {coded[0]: body.strip("\n")}
    (_, preamble), *parts = sections
    given = {_coded(exercise, task, name): part.strip("\n") for task, part in parts}
    if len(given) < len(parts):
        raise ExerciseError(f"{name}: a task is answered twice")
    ordered = {task.name: given[task.name] for task in exercise.tasks if task.name in given}
    first = next(iter(ordered))
    ordered[first] = f"{preamble.strip()}\n\n\n{ordered[first]}".lstrip("\n")
    return ordered


def mistake(text: str) -> str:
    """Return the first line of a wrong file's docstring: the mistake that it makes."""
    return _docstring(text).strip().partition("\n")[0].strip()


def rejected_by(text: str) -> tuple[str, ...]:
    """Return the tests that a wrong file's docstring names in its paragraph `rejected by: …`."""
    found = re.search(r"(?ims)^\s*rejected by\s*:(.*?)(?:\n\s*\n|\Z)", _docstring(text))
    return tuple(re.findall(r"[^\s,]+", found[1])) if found else ()


def _sections(text: str) -> list[tuple[str, str]]:
    """Cut at the `# %% name` lines; what stands before the first one has the name ""."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    for line in text.split("\n"):
        marker = _SECTION.fullmatch(line)
        if marker:
            sections.append((marker[1].strip(), []))
        else:
            sections[-1][1].append(line)
    return [(name, "\n".join(lines)) for name, lines in sections]


def _coded(exercise: Exercise, name: str, where: str) -> str:
    if task_named(exercise, name, where).manual:
        raise ExerciseError(f"{where}: # %% {name}: a written answer has no tests")
    return name


def _docstring(text: str) -> str:
    found = _DOCSTRING.match(text)
    return (found[2] or found[3] or "") if found else ""
