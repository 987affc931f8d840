"""Attacks on the grader, one file each: what a hostile learner hands in, and how that must end.

A file begins with what it tries, how its run ends (a `score.Ending`, or several with `|`) and how
many of the exercise's ten points it earns (`full`: all of them; `any`: whatever its own answers
deserve). What follows is one of two things:

    cells             `# %% task` answers a task, `# %%` is a cell of the learner's own: before the
                      answers when it stands before the first of them, else behind them. Tasks that
                      are not answered keep the reference solution, or the stub where earns is 0.
    def hand_in(path, notebook)
                      writes the weapon itself at `path`, beside it whatever it likes. `notebook`
                      is the solved notebook as a dict, unsolved where earns is 0.

Whatever should be impossible and succeeds prints `WON` and why. Every attack is bounded: 60 seconds
of life, 12 processes or what the limits allow, and the loopback.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.exercises import notebook, source
from grader.exercises.folder import Exercise

HERE = Path(__file__).parent
EXERCISE = HERE / "exercise"
WON = re.compile(r"\bWON\b.*")
_HEADER = re.compile(r'"""(?P<tries>.+)\n\nends: (?P<ends>\S+)\nearns: (?P<earns>\S+)\n"""\n')
_SECTION = re.compile(r"(?m)^# %%[ \t]*(.*)\n")


@dataclass(frozen=True, slots=True)
class Attack:
    """One file: `name` is its category and its own name."""

    name: str
    tries: str
    ends: frozenset[str]
    earns: str
    text: str

    @property
    def learner(self) -> str:
        """Return who hands it in."""
        return self.name.replace("/", "-")

    def allows(self, points: Any, max_points: int) -> bool:
        """Tell whether so many points are what the attack may earn."""
        if self.earns == "any":
            return bool(0 <= points <= max_points)
        return bool(points == (max_points if self.earns == "full" else Fraction(self.earns)))


def find_all() -> tuple[Attack, ...]:
    """Read all attacks, in the order of their names."""
    paths = sorted(path for path in HERE.glob("*/*.py") if path.parent != EXERCISE)
    return tuple(_read(path) for path in paths)


def hand_in(attack: Attack, exercise: Exercise, path: Path, **places: object) -> None:
    """Write what the attacker hands in; `places` fill the `@PLACE@`s of the attack's text."""
    text = attack.text
    for place, value in places.items():
        text = text.replace(f"@{place.upper()}@", str(value))
    unsolved = source.stubs(exercise) if attack.earns == "0" else {}
    if "def hand_in(" in text:
        space: dict[str, Any] = {}
        exec(compile(text, attack.name, "exec"), space)
        space["hand_in"](path, _solved(exercise, unsolved))
        return
    cells = sections(text)
    answers = {task: source for task, source in cells if task}
    whole = _with_own_cells(_solved(exercise, {**unsolved, **answers}), cells)
    path.write_text(json.dumps(whole))


def _solved(exercise: Exercise, answers: dict[str, str]) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(notebook.dumps(notebook.solve(exercise, answers)))
    for cell in whole["cells"]:
        cell["source"] = "".join(cell["source"])  # files hold lists of lines
    return whole


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    told = _HEADER.match(text)
    assert told, f"{path}: the header says what it tries, how it ends and what it earns"
    name = f"{path.parent.name}/{path.stem}"
    ends = frozenset(told["ends"].split("|"))
    return Attack(name, told["tries"], ends, told["earns"], text[told.end() :])


def sections(text: str) -> list[tuple[str, str]]:
    """Cut an attack's text into cells: task ("" for the learner's own) and source."""
    _, *parts = _SECTION.split(text)
    return [(task.strip(), source.strip()) for task, source in zip(*[iter(parts)] * 2, strict=True)]


def _with_own_cells(whole: dict[str, Any], sections: list[tuple[str, str]]) -> dict[str, Any]:
    cells = whole["cells"]
    named = [number for number, (task, _) in enumerate(sections) if task]
    first = named[0] if named else len(sections)
    own = [_cell(number, text) for number, (task, text) in enumerate(sections) if not task]
    before = [cell for cell in own if int(cell["id"].removeprefix("own-")) < first]
    place = next(
        n for n, cell in enumerate(cells) if cell["metadata"]["grader"]["origin"] == "answer"
    )
    whole["cells"] = [*cells[:place], *before, *cells[place:], *own[len(before) :]]
    return whole


def _cell(number: int, source: str) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": f"own-{number}", "metadata": {}, "outputs": []}
    return {**cell, "execution_count": None, "source": source}
