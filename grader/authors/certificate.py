"""The author's certificate: are an exercise's tests any good, and does its release keep quiet?

Every variant goes the way of a real submission, through reading, alignment, sandbox and tests: the
reference and the solutions in right/ must earn everything, the unsolved notebook and answers that
say nothing must earn nothing, and each mistake in wrong/ must be rejected by the tests that it
names. Of small changes to the reference nine in ten must be noticed. What is right as it is for all
that, `degenerate.toml` and `survivors.toml` explain.
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import files
from grader.authors import degenerate
from grader.authors.mutants import mutants
from grader.authors.trial import Trial, not_passed, rejecting_tests, tests_of
from grader.errors import GraderError
from grader.exercises import leaks, release, source, variants
from grader.exercises.folder import Exercise, version
from grader.exercises.support import DEGENERATE, SURVIVORS
from grader.grading.desk import Desk
from grader.grading.processes import end_with_parent
from grader.pages import render
from grader.score.attempt import Attempt, Outcome, TestResult

MIN_WRONG = 5
MIN_RIGHT = 2
HINTS = 3
TIME_SHARE = 0.2  # of the limit that the slowest right solution may use
REFERENCE_RUNS = 2
TIMED_AGAIN = 3
MAX_MUTANTS = 60
NOTICED = 0.9  # of the small changes that nobody explained


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the certificate; `faults` are sentences, none when it holds."""

    claim: str
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Say whether nothing speaks against the claim."""
        return not self.faults


@dataclass(slots=True)
class Certificate:
    """What `verify` found of one exercise.

    `rejections` is the kill matrix: the solutions in wrong/, and the tests that reject each, of
    those that it names.
    `survivors` are the changes to the reference that no test notices, with the author's reason;
    `degenerate` the tests that an answer passes which says nothing, likewise.
    """

    exercise: str
    tests: dict[str, str] = field(default_factory=dict)  # with the behavior that each is about
    mistakes: dict[str, str] = field(default_factory=dict)  # what the solutions in wrong/ do
    checks: list[Claim] = field(default_factory=list)
    rejections: dict[str, list[str]] = field(default_factory=dict)
    mutants: int = 0
    survivors: dict[str, str] = field(default_factory=dict)
    degenerate: dict[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Say whether the exercise may be released."""
        return all(check.holds for check in self.checks)


def verify(course: Path, exercise: Exercise, *, with_mutants: bool = True) -> Certificate:
    """Try an exercise in every way that its author promised, and list what does not hold."""
    desk = Desk(course, [exercise], "bubblewrap")
    with closing(desk), tempfile.TemporaryDirectory(prefix="grader-verify-") as folder:
        desk.sandbox.begin()  # its imports go on while the tests are collected
        trial = Trial(exercise, version(exercise, course), desk, Path(folder))
        certificate = _certificate(trial)
        if with_mutants:
            certificate.mutants, unnoticed = _mutants(trial)
            certificate.survivors, faults = _explained(exercise.folder / SURVIVORS, unnoticed)
            faults += _too_many(certificate)
            certificate.checks.append(Claim("nine of ten small changes are noticed", tuple(faults)))
        # The last: the suite counts failures.
        certificate.degenerate, faults = _degenerate(trial)
        certificate.checks.append(Claim("a degenerate answer earns nothing", tuple(faults)))
    return certificate


def _certificate(trial: Trial) -> Certificate:
    """Try the variants that the author wrote."""
    exercise, tests = trial.exercise, trial.desk.suite(trial.exercise).tests
    wrong, right = (sorted((exercise.folder / kind).glob("*.py")) for kind in ("wrong", "right"))
    reference, stub = _reference(trial), _stub(trial)
    rejected = {path: _rejected(trial, path) for path in wrong}
    attempts = {path: trial.variant(path) for path in right}
    claims = {
        "every task has three hints": _hint_faults(exercise),
        "the reference passes every test, repeatedly": reference,
        "the unsolved notebook earns nothing": stub,
        "every wrong solution is rejected as it says": _wrong(trial, rejected),
        "every right solution earns everything": _right(attempts),
        "every test is why a wrong solution fails": _idle(tests, rejected.values()),
        "right solutions need a fifth of the time limit at most": _slow(trial, attempts),
        "the release is built the same twice": _irreproducible(exercise),
        "the release gives nothing away": _leaks(exercise),
    }
    return Certificate(
        f"{exercise.assignment}/{exercise.slug}",
        tests={test.name: test.behaviour for test in tests},
        mistakes={_name(path): variants.mistake(_text(path)) for path in wrong},
        checks=[Claim(claim, tuple(faults)) for claim, faults in claims.items()],
        rejections={_name(path): tests for path, tests in rejected.items()},
    )


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _hint_faults(exercise: Exercise) -> Iterator[str]:
    for task in exercise.tasks:
        if not task.manual and len(task.hints) != HINTS:
            yield f"{task.name} has {len(task.hints)} hints"


def _reference(trial: Trial) -> Iterable[str]:
    attempts = [trial.run("reference", None) for _ in range(REFERENCE_RUNS)]
    faults = [fault for attempt in attempts for fault in not_passed(attempt)]
    ends = [[(test.name, test.outcome) for test in tests_of(attempt)] for attempt in attempts]
    if any(end != ends[0] for end in ends):
        faults.append("two runs of the reference ended differently")
    return dict.fromkeys(faults)


def _stub(trial: Trial) -> list[str]:
    attempt = trial.run("stub", source.stubs(trial.exercise))
    passed = [test.name for test in tests_of(attempt) if test.outcome is Outcome.PASSED]
    return [f"it passes {test}" for test in passed]


def _rejected(trial: Trial, path: Path) -> list[str]:
    """List the tests that reject a wrong solution, of those that it names."""
    named = variants.rejected_by(_text(path))
    known = {test.name for test in trial.desk.suite(trial.exercise).tests}
    return rejecting_tests(trial.variant(path, only=known.intersection(named)))


def _wrong(trial: Trial, rejected: Mapping[Path, Sequence[str]]) -> Iterator[str]:
    if len(rejected) < MIN_WRONG:
        yield f"wrong/ has {len(rejected)} solutions, and {MIN_WRONG} are needed"
    known = {test.name for test in trial.desk.suite(trial.exercise).tests}
    for path, rejecting in rejected.items():
        named = set(variants.rejected_by(_text(path)))
        for test in sorted(named - known):
            yield f"wrong/{path.name} names {test}, which is no test"
        passing = (named & known) - set(rejecting)
        if passing or not named & known:
            all_rejecting = ", ".join(rejecting_tests(trial.variant(path))) or "nothing"
            said = f"passes {', '.join(sorted(passing))}" if passing else "names no test"
            yield f"wrong/{path.name} {said}; it is rejected by: {all_rejecting}"


def _right(attempts: Mapping[Path, Attempt]) -> Iterator[str]:
    if len(attempts) < MIN_RIGHT:
        yield f"right/ has {len(attempts)} solutions, and {MIN_RIGHT} are needed"
    for path, attempt in attempts.items():
        for fault in not_passed(attempt):
            yield f"right/{path.name}: {fault}"


def _idle(tests: Iterable[TestResult], rejected: Iterable[Sequence[str]]) -> Iterator[str]:
    rejecting = {name for names in rejected for name in names}
    for test in tests:
        if test.name not in rejecting:
            yield f"{test.name} rejects no solution in wrong/ that names it"


def _slow(trial: Trial, attempts: Mapping[Path, Attempt]) -> Iterator[str]:
    limit = trial.exercise.limits.test_seconds * TIME_SHARE
    for path, attempt in attempts.items():
        seconds = _seconds(attempt)
        for _ in range(TIMED_AGAIN):
            if max(seconds.values(), default=0) <= limit:
                break
            # A busy machine makes any run slow; what the fastest needs is the solution's own.
            again = _seconds(trial.variant(path))
            seconds = {name: min(seconds[name], again[name]) for name in seconds}
        for name, needed in seconds.items():
            if needed > limit:
                yield f"right/{path.name} needs {needed:.1f} s for {name}"


def _seconds(attempt: Attempt) -> dict[str, float]:
    return {test.name: test.seconds for test in tests_of(attempt)}


def _irreproducible(exercise: Exercise) -> Iterator[str]:
    if release.files(exercise) != release.files(exercise):
        yield "two builds differ"


def _leaks(exercise: Exercise) -> Iterable[str]:
    return leaks.leaks(exercise, release.files(exercise))


def _mutants(trial: Trial) -> tuple[int, list[str]]:
    """Try small changes to the reference: how many there are, and which no test notices."""
    manual = {task.name for task in trial.exercise.tasks if task.manual}
    references = source.references(trial.exercise)
    count, survivors = 0, []
    for task in (name for name in references if name not in manual):
        for what, mutated in mutants(references[task], limit=MAX_MUTANTS):
            count += 1
            answers = {**references, task: mutated}
            if not not_passed(trial.run("mutant", answers, until_failure=True)):
                survivors.append(f"{task}: {what}")
    return count, survivors


def _too_many(certificate: Certificate) -> list[str]:
    """List the survivors that nobody explained where they are more than one in ten."""
    unexplained = [what for what, why in certificate.survivors.items() if not why]
    counted = certificate.mutants - (len(certificate.survivors) - len(unexplained))
    return unexplained if len(unexplained) > (1 - NOTICED) * counted else []


def _degenerate(trial: Trial) -> tuple[dict[str, str], list[str]]:
    points = degenerate.earned(trial.exercise, trial.desk)
    explained, faults = _explained(trial.exercise.folder / DEGENERATE, points)
    return explained, faults + [f"{w}, for {points[w]}" for w, why in explained.items() if not why]


def _explained(path: Path, found: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Put the author's reasons beside what was found; a reason for anything else is a fault."""
    explained = dict.fromkeys(found, "")
    try:
        reasons = tomllib.loads(_text(path)) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return explained, [f"{path}: {error}"]
    explained |= {what: str(why) for what, why in reasons.items() if what in explained}
    lost = reasons.keys() - explained.keys()
    return explained, [f"{path.name} explains what is not so: {what}" for what in sorted(lost)]


def to_json(certificates: Iterable[Certificate]) -> list[dict[str, Any]]:
    """Return the certificates as a script reads them."""
    return [
        {
            "exercise": certificate.exercise,
            "holds": certificate.holds,
            "tests": certificate.tests,
            "mistakes": certificate.mistakes,
            "checks": [{"claim": c.claim, "faults": list(c.faults)} for c in certificate.checks],
            "rejections": certificate.rejections,
            "mutants": certificate.mutants,
            "survivors": certificate.survivors,
            "degenerate": certificate.degenerate,
        }
        for certificate in certificates
    ]


def write(certificates: Sequence[Certificate], folder: Path) -> Path:
    """Write index.html, the kill matrix for instructors, and certificate.json beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(to_json(certificates), indent=1, ensure_ascii=False) + "\n"
    files.write(folder / "certificate.json", told.encode())
    page = render.render("certificate.html.j2", certificates=certificates)
    files.write(folder / "index.html", page.encode())
    return folder / "index.html"


def certify(
    course: Path, chosen: Sequence[Exercise], *, with_mutants: bool = True
) -> Iterator[Certificate]:
    """Verify exercises, as many at a time as there are cores; results as they come."""
    workers = min(len(os.sched_getaffinity(0)), len(chosen))
    one = functools.partial(_certify_one, course, with_mutants=with_mutants)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, initializer=end_with_parent) as pool:
        # What takes a learner long has many tests that take long: it comes first.
        ordered = sorted(chosen, key=lambda exercise: exercise.minutes, reverse=True)
        for done in as_completed([pool.submit(one, exercise) for exercise in ordered]):
            yield done.result()


def _certify_one(course: Path, exercise: Exercise, *, with_mutants: bool) -> Certificate:
    try:
        return verify(course, exercise, with_mutants=with_mutants)
    except GraderError as error:
        if error.exit_code != 1:
            raise
        # What stops everything else is the certificate's only line.
        name = f"{exercise.assignment}/{exercise.slug}"
        return Certificate(name, checks=[Claim("its files can be read", (str(error),))])
