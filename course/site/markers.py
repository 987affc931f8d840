"""What plain Markdown pages leave for the build to fill in.

<!-- road -->                          the modules of the course
<!-- map -->                           the same with needs, abilities, lessons, exercises, times
<!-- load: 0-start psi -->             a table of lessons and exercises with their minutes
<!-- bench -->                         what `make bench` measured
<!-- provenance: flights_2013 -->      where a data set comes from (datasets/card.py)
{{ 8.5 | 4-cleaning/why }}            a number borrowed from a lesson, which proves it
{{ 90 | minutes 0-start psi }}        what lessons and exercises say that they take; or `hours`
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from course.site import claims, maps, parts, paths
from course.site.fault import Fault, SiteError
from course.site.lesson import Lesson
from course.site.outline import Outline
from grader.exercises.folder import Exercise

ROAD = re.compile(r"^<!-- road -->$", re.MULTILINE)
MAP = re.compile(r"^<!-- map -->$", re.MULTILINE)
LOAD = re.compile(r"^<!-- load: *(?P<names>[\w/ -]+?) *-->$", re.MULTILINE)
TIME = re.compile(r"(?P<unit>minutes|hours) +(?P<names>.+)")
PROVENANCE = re.compile(r"^<!-- provenance: *(?P<name>\w+) *-->$", re.MULTILINE)
MEASURED = {
    "cpu_ratio_to_nbgrader": "processor time of nbgrader, as a multiple of ours with one worker",
    "cpu_ratio_to_floor": "processor time of ours with one worker, as a multiple of the floor",
    "cpu_ratio_to_floor_with_forks": "the same, as a multiple of the floor with forks",
    "cpu_of_one_more_ratio_to_floor": "the same of one submission more, without start-up",
    "cpu_of_a_fork": "a fork of a process with pandas and scikit-learn in it, processor seconds",
    "wall_ratio_to_nbgrader_two_workers": "clock time of nbgrader, as a multiple of ours with two",
    "wall_ratio_to_nbgrader_two_workers_3_times": "the same, with three times as many submissions",
    "wall_ratio_to_nbgrader_one_submission": "the same for a single submission, start-up included",
    "growth_100_to_10000": "time of forty more beside 10,000 stored, as a multiple of beside 100",
    "watch_median_s": "from a file to its page while `--watch` runs, median of twenty, seconds",
    "regrade_unchanged_1000_s": "a class of 1,000 in which nothing has changed, seconds",
    "check_slowest_s": "the slowest `check` in a warm kernel, seconds",
}
BENCH = re.compile(r"^<!-- bench -->$", re.MULTILINE)
CARD, MEASUREMENTS = "datasets/card.py", "course/assets/bench.json"
NOT_PAGES = ("site", "assets")


def fill(outline: Outline) -> dict[str, str]:
    """Return the plain pages that change, by their path in the site."""
    docs = outline.root / "course"
    filled: dict[str, str] = {}
    faults: list[Fault] = []
    for source in _pages(docs):
        text = source.read_text(encoding="utf-8")
        try:
            new = _fill(text, source, outline)
            faults += _improper(text, new, source)
        except SiteError as error:
            faults += error.faults
            continue
        if new != text:
            filled[source.relative_to(docs).as_posix()] = new
    if faults:
        raise SiteError(faults)
    return filled


def _pages(docs: Path) -> Iterator[Path]:
    for source in sorted(docs.rglob("*.md")):
        if source.relative_to(docs).parts[0] not in NOT_PAGES:
            yield source


def _improper(text: str, filled: str, source: Path) -> Iterator[Fault]:
    if found := paths.find(filled):
        yield Fault(source, f"shows a path of a machine, {found}; say what the file is, not where")
    for description in claims.descriptions(text):
        if typed := claims.typed_number(description):
            yield Fault(source, claims.BY_HAND.format(typed))


def _fill(text: str, source: Path, outline: Outline) -> str:
    text = claims.outside_code(text, lambda prose: _borrowed(prose, source, outline))
    text = ROAD.sub(lambda _: maps.road(outline), text)
    text = MAP.sub(lambda _: maps.course_map(outline), text)
    text = LOAD.sub(lambda match: _load(match["names"].split(), source, outline), text)
    text = BENCH.sub(lambda _: _bench(outline.root / MEASUREMENTS, source), text)
    if PROVENANCE.search(text):
        table = _table(outline.root / CARD, source)
        text = PROVENANCE.sub(lambda match: _provenance(table, match["name"], source), text)
    return text


def _borrowed(prose: str, source: Path, outline: Outline) -> str:
    faults: list[Fault] = []
    for claim in claims.find(prose):
        if time := TIME.fullmatch(claim.body):
            faults += _mistimed(claim.literal, time, source, outline)
            continue
        lesson = outline.lessons.get(claim.body)
        if lesson is None:
            faults.append(Fault(source, f"{claim.literal}: {claim.body!r} is no lesson"))
        elif claim.literal not in {own.literal for own in lesson.claims}:
            message = f"text says {claim.literal}, but {lesson.name} has no such number"
            faults.append(Fault(source, message))
    if faults:
        raise SiteError(faults)
    return claims.plain(prose)


def _mistimed(literal: str, time: re.Match[str], source: Path, outline: Outline) -> Iterator[Fault]:
    work = _work(time["names"].split(), source, outline)
    value = f"{parts.minutes(work):,}" if time["unit"] == "minutes" else parts.hours(work)
    if literal != value:
        yield Fault(source, f"text says {literal}, but it is {value} ({time[0]})")


def _load(names: list[str], source: Path, outline: Outline) -> str:
    _work(names, source, outline)
    up = "../" * (len(source.relative_to(outline.root / "course").parts) - 1)
    return maps.load(names, outline, up)


def _work(names: list[str], source: Path, outline: Outline) -> tuple[Lesson | Exercise, ...]:
    try:
        return outline.work(names)
    except KeyError as error:
        message = f"{error.args[0]!r} is no module, no lesson and no exercise"
        raise SiteError([Fault(source, message)]) from None


def _table(script: Path, source: Path) -> Callable[[str], str]:
    spec = importlib.util.spec_from_file_location("datasets_card", script)
    if not script.exists() or spec is None or spec.loader is None:
        raise SiteError([Fault(source, f"asks for provenance, but there is no {script}")])
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.table  # type: ignore[no-any-return]


def _provenance(table: Callable[[str], str], name: str, source: Path) -> str:
    try:
        return table(name)
    except KeyError as error:
        raise SiteError([Fault(source, str(error.args[0]))]) from None


def _bench(path: Path, source: Path) -> str:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SiteError([Fault(source, f"asks for {path.name}: {error}")]) from None
    machine = told["machine"]
    cpu, wall, memory = (
        told[name] for name in ("cpu_per_submission", "wall_per_submission", "peak_memory_mb")
    )
    rows = [
        f"| {tool} | {cpu[tool]:.3f} | {wall[tool]:.3f} | {memory.get(tool, '')} |" for tool in cpu
    ]
    return "\n".join(
        [
            f"Measured on {machine['date']}: {machine['system']}, {machine['cores']} cores, "
            f"Python {machine['python']}, {told['learners']} submissions, medians of "
            f"{told['rounds']} turns.",
            "",
            "| | processor seconds each | seconds by the clock each | largest memory, MB |",
            "|:--|--:|--:|--:|",
            *rows,
            "",
            "| in the same run | |",
            "|:--|--:|",
            *(f"| {text} | {told[name]} |" for name, text in MEASURED.items() if name in told),
            *(
                f"| this site, {of}, seconds | {s} |"
                for of, s in told.get("site_build_s", {}).items()
            ),
        ]
    )
