"""The verbs of those who teach."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grader.cli.options import (
    course_option,
    gradebook_option,
    grader,
    json_option,
    say,
)

if TYPE_CHECKING:
    from grader.book.records import Records
    from grader.grading.job import Graded, Settings
    from grader.grading.pool import Crew
    from grader.grading.summary import Change, Summary


@grader.command()
@click.argument("assignment", required=False)
@course_option
@json_option
def release(assignment: str | None, course: Path, as_json: bool) -> None:
    """Write what learners receive.

    It goes to release/ASSIGNMENT; all assignments when none is named.

    Example: grader release 4-cleaning
    """
    from grader.exercises import release as releasing

    written = releasing.release(course, assignment)
    if as_json:
        click.echo(json.dumps([str(path) for path in written]))
    else:
        click.echo(
            f"{len(written)} files in {course / 'release'}; no solution or hidden test in them."
        )


@grader.command()
@click.argument("only", metavar="[ASSIGNMENT|EXERCISE]", required=False)
@course_option
@gradebook_option
@click.option(
    "--workers", type=click.IntRange(1), help="Submissions at a time. Default: one a core."
)
@click.option("--again", is_flag=True, help="Grade what is graded already once more.")
@click.option(
    "--scheduler", metavar="URL", help="A Dask cluster's, tcp://HOST:PORT: grade on its workers."
)
@click.option(
    "--isolation",
    type=click.Choice(["bubblewrap", "bubblewrap-cold", "none"]),
    default="bubblewrap",
    help="The wall around learners' code. 'none' runs it unprotected, and every result says so.",
)
@click.option("--preview", is_flag=True, help="Write nothing; show whose scores would change.")
@click.option("--profile", is_flag=True, help="Show where the time went.")
@click.option("--watch", is_flag=True, help="Go on, and grade what arrives, a line each.")
@click.option(
    "--until-idle", type=click.FloatRange(0), metavar="SECONDS",
    help="End --watch when nothing has come for so long.",
)  # fmt: skip
@click.option("--collect", is_flag=True, help="With --watch: from nbgrader's exchange, too.")
@json_option
def grade(
    only: str | None,
    course: Path,
    url: str | None,
    workers: int | None,
    again: bool,
    isolation: Any,
    scheduler: str | None,
    preview: bool,
    profile: bool,
    watch: bool,
    until_idle: float | None,
    collect: bool,
    as_json: bool,
) -> None:
    """Grade what was handed in.

    Submissions are submitted/LEARNER/ASSIGNMENT/EXERCISE.ipynb, as in nbgrader's courses. Scores
    go to the gradebook, pages to feedback/. What is graded already is not run again, so a batch
    that was stopped goes on with the same command; after an edit of hidden tests only these are
    run.

    Example: grader grade 4-cleaning --course ~/teaching/ml-2026
    """
    from grader.grading.grade import grade as grading
    from grader.grading.job import Settings
    from grader.grading.preview import preview as trying
    from grader.grading.summary import to_json

    settings = Settings(isolation, workers or 0, again, scheduler=scheduler)
    if watch:
        if again or preview or profile or scheduler:
            raise click.UsageError(
                "--watch grades what arrives on this machine, and goes with none of "
                "--again, --preview, --profile and --scheduler"
            )
        from_exchange = _collecting(course, only) if collect else lambda: None
        url = _upgraded(course, url)
        _watch(course, url, only, settings, until_idle, from_exchange, as_json=as_json)
    if collect or until_idle is not None:
        raise click.UsageError("--collect and --until-idle go with --watch")
    with _progress_bar("Trying" if preview else "Grading") as progress:
        told: Any = {"only": only, "settings": settings, "progress": progress}
        if preview:
            summary, changes = trying(course, _url_of(course, url), **told)
        else:
            summary, changes = grading(course, _upgraded(course, url), **told), None
    if as_json:
        click.echo(json.dumps(to_json(summary, changes)))
    else:
        _print_summary(summary, course, changes, profile=profile)
    if summary.pending:
        _say_what_waits(summary)
    sys.exit(summary.exit_code)


def _watch(
    course: Path,
    url: str,
    only: str | None,
    settings: Settings,
    until_idle: float | None,
    collect: Callable[[], None],
    *,
    as_json: bool,
) -> NoReturn:
    """Grade what arrives until nothing does, or somebody has enough."""
    from grader.cli.watch import json_line, line, watch
    from grader.grading import grade as grading
    from grader.text import printable

    count, code = 0, 0

    def tell(_: int, graded: Graded | None) -> None:
        nonlocal count
        if graded is not None:
            count += graded.attempt is not None
            click.echo(json_line(graded) if as_json else printable(line(graded)))

    def grade(crew: Crew) -> Summary:
        told: Any = {"only": only, "settings": settings, "progress": tell, "crew": crew}
        return grading.grade(course, url, **told)

    def begin_crew() -> Crew:
        return grading.begin_crew(course, url, only, settings)

    say(f"Watching {course / 'submitted'}; Ctrl-C ends it.")
    with suppress(KeyboardInterrupt):
        for summary in watch(course, begin_crew, grade, until_idle, collect):
            code = summary.exit_code
            for notice in summary.notices:
                say(notice)
    say(f"{count} graded; {course / 'feedback/index.html'} shows them.")
    sys.exit(code)


def _collecting(course: Path, only: str | None) -> Callable[[], None]:
    """Give what collects from nbgrader's exchange, and says what it could not."""
    from grader.cli.exchange import Exchange
    from grader.exercises import folder

    exchange = Exchange(course)
    say(f"Collecting from {exchange.inbound}.")

    def assignments() -> set[str]:
        chosen, _ = folder.choose(course, folder.survey(course), only)
        return {exercise.assignment for exercise in chosen}

    def collect() -> None:
        for trouble in exchange.collect(assignments):
            say(trouble)

    return collect


@grader.command()
@click.argument("only", metavar="[ASSIGNMENT|EXERCISE]", required=False)
@course_option
@gradebook_option
def feedback(only: str | None, course: Path, url: str | None) -> None:
    """Write the feedback pages once more.

    Example: grader feedback 4-cleaning
    """
    from grader.book import marks
    from grader.exercises.folder import select
    from grader.pages import keep

    with _gradebook(course, url) as book:
        latest = list(marks.latest(book))
    count = keep.write_all(course, latest, select(course, only))
    click.echo(
        f"{count} pages in {course / 'feedback'}; start with {course / 'feedback/index.html'}"
    )


@grader.command()
@course_option
@gradebook_option
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option(
    "--tasks", is_flag=True, help="One row a task instead of one a learner and assignment."
)
def export(course: Path, url: str | None, target: Path, tasks: bool) -> None:
    """Write the marks as CSV.

    The columns have nbgrader's names; text is quoted, and formulas are made harmless. Who handed in
    nothing has blank fields for a score, and no 0. The last column counts the answers that a person
    has yet to read.

    Example: grader export --to marks.csv
    """
    from grader.exports import csv

    with _gradebook(course, url) as book:
        count = csv.export_csv(book, target, tasks=tasks)
        click.echo(f"{count} rows in {target}")
        for line in csv.waiting(book):
            say(line)


@grader.command()
@course_option
@gradebook_option
def rebuild(course: Path, url: str | None) -> None:
    """Make nbgrader's tables again from the records.

    For a gradebook that another program has changed. Every grading is on record; what the tables
    say of tests is made anew from the latest ones. What people gave by hand is not touched. A copy
    is made first.

    Example: grader rebuild
    """
    from grader.book import marks, projection, tables
    from grader.exercises import release
    from grader.exercises.folder import select
    from grader.pages import keep
    from grader.submissions import inbox

    chosen, course_id = select(course, None), release.course_id(course)
    with _gradebook(course, url) as book:
        copy = tables.backup(book.url, "rebuild")
        count = projection.rebuild(book, chosen, inbox.times(course), course_id=course_id)
        keep.write_all(course, list(marks.latest(book)), chosen)
    click.echo(f"{count} submissions written once more" + (f"; before: {copy}" if copy else ""))


@contextmanager
def _progress_bar(what: str) -> Iterator[Callable[[int, Graded | None], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task(what, total=None)

        def progress(total: int, graded: Graded | None) -> None:
            bar.update(task, total=total, advance=0 if graded is None else 1)

        yield progress


def _print_summary(
    summary: Summary, course: Path, changes: list[Change] | None, *, profile: bool
) -> None:
    from grader.cli import show

    console = show.terminal()
    for part in show.summary(summary) if changes is None else show.changes(summary, changes):
        console.print(part)
    if changes is None:
        console.print(f"Feedback: {course / 'feedback/index.html'}")
    if profile:
        console.print(show.profile(summary.stages, len(summary.attempts)))


def _say_what_waits(summary: Summary) -> None:
    ((reason, _),) = Counter(waiting.fault for waiting in summary.pending).most_common(1)
    waiting = f"{len(summary.pending)} of {summary.jobs} submissions wait for the next run"
    say(f"Error: {waiting}: {reason}")


def _url_of(course: Path, url: str | None) -> str:
    return url or f"sqlite:///{(course / 'gradebook.db').resolve()}"


@contextmanager
def _gradebook(course: Path, url: str | None) -> Iterator[Records]:
    from grader.book import records

    with records.open(_upgraded(course, url)) as book:
        yield book


def _upgraded(course: Path, url: str | None) -> str:
    """Return the gradebook's URL; one of an older nbgrader is upgraded first."""
    from grader.book import records, tables

    url = _url_of(course, url)
    with records.open(url) as book:
        if copy := tables.upgrade(book):
            say(f"The gradebook was an older nbgrader's, and is upgraded; it was copied to {copy}.")
    return url
