"""Turn an entry of `provenance.json` into Markdown, for the data cards of the site.

Links are as seen from a page in `course/data/`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
COURSE, EXERCISES = HERE.parent / "course", HERE.parent / "exercises"
LESSON_TITLE = re.compile(r"^# # (?P<title>.+)$", re.MULTILINE)
HASH_PART = 16


def table(name: str) -> str:
    """Write facts, known faults and columns of one data set, or a list of them for `all`."""
    sets = json.loads((HERE / "provenance.json").read_text(encoding="utf-8"))["sets"]
    if name == "all":
        return _overview(sets)
    if name not in sets:
        raise KeyError(f"datasets/provenance.json has no entry {name!r}")
    entry = sets[name]
    return "\n\n".join([_facts(name, entry), _faults(entry), _columns(name, entry)]) + "\n"


def _overview(sets: dict[str, Any]) -> str:
    head = ["| Data set | What it is | Rows | Licence |", "| --- | --- | --: | --- |"]
    rows = [
        f"| [`{name}`]({_page(name)}) | {_cell(entry['title'])} "
        f"| {entry['rows']:,} | {entry['licence']} |"
        for name, entry in sets.items()
    ]
    return "\n".join(head + rows) + "\n"


def _page(name: str) -> str:
    for page in sorted(COURSE.glob("data/*.md")):
        if f"<!-- provenance: {name} -->" in page.read_text(encoding="utf-8"):
            return page.name
    raise KeyError(f"no page in course/data/ has the line <!-- provenance: {name} -->")


def _facts(name: str, entry: dict[str, Any]) -> str:
    spdx = entry["licence"]
    rows = {
        "Load it": f'`load("{name}")`',
        "File": f"`{entry['file']}`, {entry['bytes'] / 1000:,.0f} kB",
        "Size": f"{entry['rows']:,} rows, {len(entry['columns'])} columns",
        "One row": entry["row"],
        "Key": ", ".join(f"`{column}`" for column in entry["key"]) or "none",
        "Used in": ", ".join([*_lessons(name), *_exercises(name)]) or "no lesson yet",
        "Origin": entry["origin"],
        "Source": f"{entry['package']} {entry['version']} on PyPI, {_breakable(entry['member'])}",
        "Licence": f"[{spdx}](https://spdx.org/licenses/{spdx}.html). {entry['licence_note']}",
        "SHA-256 of the file": _hash(entry["sha256"]),
        "SHA-256 of the source": _hash(entry["archive_sha256"]),
    }
    lines = [f"| {fact} | {_cell(value)} |" for fact, value in rows.items()]
    return "\n".join(["| Fact | Value |", "| --- | --- |", *lines])


def _lessons(name: str) -> Iterator[str]:
    for path in sorted(COURSE.glob("[0-9]-*/*.py")):
        text = path.read_text(encoding="utf-8")
        title = LESSON_TITLE.search(text)
        if title and f'load("{name}")' in text:
            yield f"[{title['title'].strip()}](../{path.parent.name}/{path.stem}.md)"


def _exercises(name: str) -> Iterator[str]:
    for path in sorted(EXERCISES.glob("*/*/exercise.toml")):
        exercise = tomllib.loads(path.read_text(encoding="utf-8"))
        if name in exercise.get("data", []):
            yield f"[{exercise['title']}](../exercises/{path.parent.name}.md) (exercise)"


def _faults(entry: dict[str, Any]) -> str:
    sentences = [fault["says"] for fault in entry["known_faults"]]
    if not sentences:
        return "No faults are known."
    return "\n".join(["Known faults, measured in this file:", "", *(f"- {s}" for s in sentences)])


def _columns(name: str, entry: dict[str, Any]) -> str:
    head = ["| Column | Type | Missing | Meaning | Unit |", "| --- | --- | --: | --- | --- |"]
    rows = [
        f"| `{column['name']}` | {column['dtype']} | {column['missing']:,} "
        f"| {_cell(column['meaning'])} | {_cell(column['unit'])} |"
        for column in entry["columns"]
    ]
    title = f'??? note "Columns of {name}"'
    return "\n".join([title, "", *(f"    {line}" for line in head + rows)])


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _hash(digest: str) -> str:
    # A line may break between the parts: 64 characters in one piece widen a phone's page.
    parts = [digest[i : i + HASH_PART] for i in range(0, len(digest), HASH_PART)]
    return f"<code>{'<wbr>'.join(parts)}</code>"


def _breakable(path: str) -> str:
    return f"<code>{path.replace('/', '/<wbr>')}</code>"
