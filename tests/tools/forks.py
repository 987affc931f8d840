"""Are tests that share a fork judged as in forks of their own? Every variant of every exercise.

`make forks` after a change of the engine. Names of exercises may be given.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from grader.authors.trial import Trial, tests_of
from grader.exercises import source
from grader.exercises.folder import Exercise, find_all, version
from grader.grading.desk import Desk
from grader.score.attempt import Attempt

COURSE = Path(__file__).resolve().parent.parent.parent

Judged = dict[str, tuple[str, str]]  # by test: outcome and part of the weight


def main(names: list[str]) -> int:
    """Say of each exercise how many variants were tried, and name each test that differs."""
    chosen = [each for each in find_all(COURSE) if not names or each.slug in names]
    differ = 0
    for exercise in chosen:
        tried = list(_both(exercise))
        found = [line for name, *ways in tried for line in _differences(name, *ways)]
        print(f"{exercise.slug}: {len(tried)} variants, {len(found)} differ", *found, sep="\n  ")
        differ += len(found)
    return differ > 0


def _both(exercise: Exercise) -> Iterator[tuple[str, Judged, Judged]]:
    """Judge each variant with shared forks and without."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Desk(COURSE, [exercise], "bubblewrap")) as desk,
    ):
        trial = Trial(exercise, version(exercise, COURSE), desk, Path(folder))
        for name, answers in (("reference", None), ("stub", source.stubs(exercise))):
            shared, apart = (trial.run(name, answers, sharing=way) for way in (True, False))
            yield name, _judged(shared), _judged(apart)
        for kind in ("right", "wrong"):
            for path in sorted((exercise.folder / kind).glob("*.py")):
                shared, apart = (trial.variant(path, sharing=way) for way in (True, False))
                yield f"{kind}/{path.stem}", _judged(shared), _judged(apart)


def _judged(attempt: Attempt) -> Judged:
    return {test.name: (str(test.outcome), str(test.credit)) for test in tests_of(attempt)}


def _differences(name: str, shared: Judged, apart: Judged) -> Iterator[str]:
    for test in shared.keys() | apart.keys():
        if shared.get(test) != apart.get(test):
            yield f"{name}: {test} is {shared.get(test)}, in a fork of its own {apart.get(test)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
