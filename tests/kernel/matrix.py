"""All notebooks in a real kernel and behind the wall, beside each other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from grader.sandbox.limits import Isolation
from grader.sandbox.sandbox import Sandbox
from tests.kernel import real, walled
from tests.kernel.notebooks import Notebook

KEPT = Path(__file__).parent / f"answers-{sys.version_info[0]}.{sys.version_info[1]}.json"
AT_ONCE = 2
Told = dict[str, dict[str, Any]]


def real_answers(notebooks: list[Notebook]) -> Told:
    """Run each notebook in a kernel of its own."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = pool.map(real.run, notebooks)
        return dict(zip([each.name for each in notebooks], told, strict=True))


def walled_answers(notebooks: list[Notebook], isolation: Isolation) -> Told:
    """Run each notebook behind the wall, in as many sandboxes as there are processors to use."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        parts = [notebooks[start::AT_ONCE] for start in range(AT_ONCE)]
        told = pool.map(lambda part: _walled(part, isolation), parts)
        return {name: answers for part in told for name, answers in part.items()}


def _walled(notebooks: Iterable[Notebook], isolation: Isolation) -> Told:
    with Sandbox(isolation=isolation) as sandbox:
        told = {each.name: walled.run(sandbox, each) for each in notebooks}
        assert sandbox.isolation == isolation
        return told


def kept() -> Told:
    """Read what the kernel answered when it was last asked."""
    told: Told = json.loads(KEPT.read_text(encoding="utf-8"))
    return told


def keep(told: Told) -> None:
    """Write what the kernel answers, for the next time: a notebook on a line."""
    lines = (f"{json.dumps(name)}: {json.dumps(told[name])}" for name in sorted(told))
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def differences(kernel: dict[str, Any], wall: dict[str, Any]) -> Iterator[str]:
    """Say in what one notebook differs, one line for each thing."""
    for number, (there, here) in enumerate(zip(kernel["cells"], wall["cells"], strict=True)):
        if there != here:
            yield f"cell {number}: the kernel {there!r:.400}, the wall {here!r:.400}"
    names = sorted(kernel["names"].keys() | wall["names"].keys())
    for name in names:
        there, here = kernel["names"].get(name), wall["names"].get(name)
        if there != here:
            yield f"{name}: in the kernel {there}, behind the wall {here}"
    if kernel.get("answer") != wall.get("answer"):
        yield f"answer(): the kernel {kernel.get('answer')}, the wall {wall.get('answer')}"
