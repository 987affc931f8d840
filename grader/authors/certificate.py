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
from collections.abc import Iterable, Iterator, Sequence
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
from grader.score.attempt import Attempt, Outcome

MIN_WRONG = 5
MIN_RIGHT = 2
HINTS = 3
TIME_SHARE = 0.2  # of the limit that the slowest right solution may use
REFERENCE_RUNS = 2
TIMED_AGAIN = 3
MAX_MUTANTS = 60
NOTICED = 0.9  # of the small changes that nobody explained


@dataclass(frozen=True, slots=True)
class Check:
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
    checks: list[Check] = field(default_factory=list)
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
    certificate = Certificate(f"{exercise.assignment}/{exercise.slug}")
    desk = Desk(course, [exercise], "bubblewrap")
    with closing(desk), tempfile.TemporaryDirectory(prefix="grader-verify-") as folder:
        desk.sandbox.begin()  # its imports go on while the tests are collected
        trial = Trial(exercise, version(exercise, course), desk, Path(folder))
        for check in _checks(trial, certificate):
            certificate.checks.append(check)
        if with_mutants:
            _try_mutants(trial, certificate)
            faults = tuple(_unnoticed(exercise, certificate))
            certificate.checks.append(Check("nine of ten small changes are noticed", faults))
        faults = tuple(_degenerate(trial, certificate))  # the last: the suite counts failures
        certificate.checks.append(Check("a degenerate answer earns nothing", faults))
    return certificate


def _checks(trial: Trial, certificate: Certificate) -> Iterator[Check]:
    exercise = trial.exercise
    yield Check("every task has three hints", tuple(_hint_faults(exercise)))
    yield _reference(trial)
    yield _stub(trial)
    wrong, right = (sorted((exercise.folder / kind).glob("*.py")) for kind in ("wrong", "right"))
    yield Check("every wrong solution is rejected as it says", tuple(_wrong(trial, wrong)))
    yield Check("every right solution earns everything", tuple(_right(trial, right)))
    tests = trial.desk.suite(exercise).tests
    certificate.tests = {test.name: test.behaviour for test in tests}
    for path in wrong:
        name, text = f"wrong/{path.stem}", path.read_text(encoding="utf-8")
        named = variants.rejected_by(text)
        rejecting = rejecting_tests(trial.attempts[name])
        certificate.rejections[name] = [test for test in rejecting if test in named]
        certificate.mistakes[name] = variants.mistake(text)
    yield Check("every test is why a wrong solution fails", tuple(_idle(trial, certificate)))
    yield Check("right solutions need a fifth of the time limit at most", tuple(_slow(trial)))
    yield Check("the release is built the same twice", tuple(_irreproducible(exercise)))
    yield Check("the release gives nothing away", tuple(_leaks(exercise)))


def _hint_faults(exercise: Exercise) -> Iterator[str]:
    for task in exercise.tasks:
        if not task.manual and len(task.hints) != HINTS:
            yield f"{task.name} has {len(task.hints)} hints"


def _reference(trial: Trial) -> Check:
    outcomes = []
    faults: list[str] = []
    for _ in range(REFERENCE_RUNS):
        attempt = trial.run("reference", None)
        outcomes.append([(test.name, test.outcome) for test in tests_of(attempt)])
        faults += not_passed(attempt)
    if any(outcome != outcomes[0] for outcome in outcomes):
        faults.append("two runs of the reference ended differently")
    return Check("the reference passes every test, repeatedly", tuple(dict.fromkeys(faults)))


def _stub(trial: Trial) -> Check:
    attempt = trial.run("stub", source.stubs(trial.exercise))
    passed = [test.name for test in tests_of(attempt) if test.outcome is Outcome.PASSED]
    return Check("the unsolved notebook earns nothing", tuple(f"it passes {t}" for t in passed))


def _wrong(trial: Trial, paths: Sequence[Path]) -> Iterator[str]:
    if len(paths) < MIN_WRONG:
        yield f"wrong/ has {len(paths)} solutions, and {MIN_WRONG} are needed"
    known = {test.name for test in trial.desk.suite(trial.exercise).tests}
    for path in paths:
        named = variants.rejected_by(path.read_text(encoding="utf-8"))
        for test in sorted(set(named) - known):
            yield f"wrong/{path.name} names {test}, which is no test"
        due = known.intersection(named)
        passing = due - set(rejecting_tests(trial.variant(path, only=due)))
        if passing or not due:
            rejecting = ", ".join(rejecting_tests(trial.variant(path))) or "nothing"
            said = f"passes {', '.join(sorted(passing))}" if passing else "names no test"
            yield f"wrong/{path.name} {said}; it is rejected by: {rejecting}"


def _right(trial: Trial, paths: Sequence[Path]) -> Iterator[str]:
    if len(paths) < MIN_RIGHT:
        yield f"right/ has {len(paths)} solutions, and {MIN_RIGHT} are needed"
    for path in paths:
        for fault in not_passed(trial.variant(path)):
            yield f"right/{path.name}: {fault}"


def _idle(trial: Trial, certificate: Certificate) -> Iterator[str]:
    rejecting = {test for tests in certificate.rejections.values() for test in tests}
    for test in trial.desk.suite(trial.exercise).tests:
        if test.name not in rejecting:
            yield f"{test.name} rejects no solution in wrong/ that names it"


def _slow(trial: Trial) -> Iterator[str]:
    limit = trial.exercise.limits.test_seconds * TIME_SHARE
    for path in sorted((trial.exercise.folder / "right").glob("*.py")):
        seconds = _seconds(trial.attempts[f"right/{path.stem}"])
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


def _try_mutants(trial: Trial, certificate: Certificate) -> None:
    manual = {task.name for task in trial.exercise.tasks if task.manual}
    for task, reference in source.references(trial.exercise).items():
        if task in manual:
            continue
        for what, mutated in mutants(reference, limit=MAX_MUTANTS):
            answers = {**source.references(trial.exercise), task: mutated}
            certificate.mutants += 1
            if not not_passed(trial.run("mutant", answers, until_failure=True)):
                certificate.survivors[f"{task}: {what}"] = ""


def _unnoticed(exercise: Exercise, certificate: Certificate) -> Iterator[str]:
    yield from _explained(exercise.folder / SURVIVORS, certificate.survivors)
    open_ = [what for what, why in certificate.survivors.items() if not why]
    counted = certificate.mutants - (len(certificate.survivors) - len(open_))
    if len(open_) > (1 - NOTICED) * counted:
        yield from open_


def _degenerate(trial: Trial, certificate: Certificate) -> Iterator[str]:
    points = degenerate.earned(trial.exercise, trial.desk)
    certificate.degenerate = dict.fromkeys(points, "")
    yield from _explained(trial.exercise.folder / DEGENERATE, certificate.degenerate)
    for what, why in certificate.degenerate.items():
        if not why:
            yield f"{what}, for {points[what]}"


def _explained(path: Path, found: dict[str, str]) -> Iterator[str]:
    """Put the author's reasons beside what was found; a reason for anything else is a fault."""
    try:
        reasons = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield f"{path}: {error}"
        return
    for what, why in reasons.items():
        if what in found:
            found[what] = str(why)
        else:
            yield f"{path.name} explains what is not so: {what}"


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
        return Certificate(name, checks=[Check("its files can be read", (str(error),))])
