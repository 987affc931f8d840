"""The full matrix: `make kernel`. Names of notebooks may be given, to run these alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from grader.sandbox.limits import Isolation
from tests.kernel import matrix
from tests.kernel.differences import ALLOWED
from tests.kernel.notebooks import Notebook, corpus

WALLS: tuple[Isolation, ...] = ("bubblewrap", "bubblewrap-cold")


def main(names: list[str]) -> int:
    """Ask the kernel anew, compare both walls with it, and say what differs."""
    chosen = [each for each in corpus() if not names or each.name in names]
    kernel = matrix.real_answers(chosen)
    before = matrix.kept() if matrix.KEPT.exists() else {}
    changed = [name for name in kernel if kernel[name] != before.get(name)]
    matrix.keep({**(before if names else {}), **kernel})
    print(
        f"{len(chosen)} notebooks in a kernel; said something new: {', '.join(changed) or 'none'}"
    )
    return sum([_compared(chosen, kernel, isolation) for isolation in WALLS]) > 0


def _compared(chosen: list[Notebook], kernel: matrix.Told, isolation: Isolation) -> int:
    wall = matrix.walled_answers(chosen, isolation)
    found = {name: list(matrix.differences(kernel[name], wall[name])) for name in kernel}
    differ = {name: lines for name, lines in found.items() if lines}
    print(*_lines(isolation, differ), sep="\n")
    return len(differ.keys() - ALLOWED.keys())


def _lines(isolation: Isolation, differ: dict[str, list[str]]) -> Iterator[str]:
    yield f"{isolation}: {len(differ)} differ, {len(differ.keys() & ALLOWED.keys())} of them may"
    for name, lines in differ.items():
        if name in ALLOWED:
            yield f"  {name}: {': '.join(ALLOWED[name])}"
        else:
            yield from (f"  {name}: {line}" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
