"""The command `grader`: each verb parses, makes one call and prints.

Results go to stdout, talk to stderr. Exit codes: 0 done, 1 the input's fault, 2 ours. Everything
heavy is imported by the verb that needs it: `grader --help` answers at once.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader import lean
from grader.errors import GraderError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.authors.certificate import Certificate
    from grader.grading.job import Graded
    from grader.grading.preview import Change
    from grader.grading.summary import Summary

# Here, because the processes of a pool import this file before all others.
lean.without_uri_grammar()

Command = TypeVar("Command", bound=Callable[..., Any])
INTERRUPTED = 130
PIPED_WIDTH = 140


def main() -> None:
    """Run the command line; turn a GraderError into one sentence and its exit code."""
    try:
        grader(standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped. What was finished is stored; the same command goes on from there.")
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except GraderError as error:
        _say(f"Error: {error}")
        sys.exit(error.exit_code)
    except OSError as error:  # a full disk, a folder that may not be written to
        _say(f"Error: {error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(package_name="grader")
def grader() -> None:
    """Exercises in notebooks: start and check them, hand them in, grade them behind a wall.

    \b
    Learners     grader start late_share        get an exercise and open it in JupyterLab
                 grader check late_share        run the visible tests on your notebook
    Instructors  grader release                 make what learners receive
                 grader grade                   grade submitted/ into gradebook and feedback
                 grader export --to marks.csv   write the marks
    Authors      grader verify                  find out whether the exercises are any good
    """


def course_option(function: Command) -> Command:
    """Add --course."""
    return click.option(
        "--course",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        help="The course: a folder with exercises/ and, for grading, submitted/. Default: here.",
    )(function)


def json_option(function: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")(function)


def gradebook_option(function: Command) -> Command:
    """Add --gradebook."""
    return click.option(
        "--gradebook",
        "url",
        metavar="URL",
        help="Where scores are kept. Default: sqlite:///COURSE/gradebook.db (nbgrader's own file).",
    )(function)


# ---------------------------------------------------------------- learners


@grader.command()
@click.argument("exercise")
@course_option
@click.option(
    "--into", type=click.Path(path_type=Path), help="Folder for it. Default: work/MODULE."
)
@click.option("--open/--no-open", "opens", default=True, help="Open it in JupyterLab.")
def start(exercise: str, course: Path, into: Path | None, opens: bool) -> None:
    """Get EXERCISE as a notebook and open it in JupyterLab.

    Example: grader start late_share
    """
    from grader.learners import start

    path = start.start(course, exercise, into)
    click.echo(path)
    if opens:
        sys.exit(start.open_in_jupyterlab(path))


@grader.command()
@click.argument("exercise")
@course_option
@click.option(
    "--notebook", type=click.Path(path_type=Path), help="Your notebook. Default: found by name."
)
@json_option
def check(exercise: str, course: Path, notebook: Path | None, as_json: bool) -> None:
    """Run the visible tests on your notebook.

    EXERCISE names it; the notebook runs from its first cell to its last, in a fresh interpreter.

    This runs your own code on your own machine, without a sandbox.

    Example: grader check late_share
    """
    from grader.learners import whole as checking

    checks = checking.check_notebook(course, exercise, notebook)
    click.echo(json.dumps(checking.to_json(checks)) if as_json else checking.text(checks))
    sys.exit(0 if checks.passed else 1)


# ---------------------------------------------------------------- instructors


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
    with _progress_bar("Trying" if preview else "Grading") as progress:
        told: Any = {"only": only, "settings": settings, "progress": progress}
        if preview:
            summary, changes = trying(course, _url(course, url), **told)
        else:
            summary, changes = grading(course, _gradebook(course, url), **told), None
    if as_json:
        click.echo(json.dumps(to_json(summary, changes)))
    else:
        _print_summary(summary, course, changes)
        if profile:
            _print_profile(summary)
    if summary.pending:
        ((reason, _),) = Counter(waiting.fault for waiting in summary.pending).most_common(1)
        waiting = f"{len(summary.pending)} of {summary.jobs} submissions wait for the next run"
        _say(f"Error: {waiting}: {reason}")
    sys.exit(summary.exit_code)


@grader.command()
@click.argument("only", metavar="[ASSIGNMENT|EXERCISE]", required=False)
@course_option
@gradebook_option
def feedback(only: str | None, course: Path, url: str | None) -> None:
    """Write the feedback pages once more.

    Example: grader feedback 4-cleaning
    """
    from grader.pages import course as pages

    count = pages.write_all(course, _gradebook(course, url), select(course, only))
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

    url = _gradebook(course, url)
    count = csv.export_csv(url, target, tasks=tasks)
    click.echo(f"{count} rows in {target}")
    for line in csv.waiting(url):
        _say(line)


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
    from grader.book import projection as gradebook
    from grader.book import tables
    from grader.exercises import release
    from grader.exercises.folder import select
    from grader.pages import course as pages

    url = _gradebook(course, url)
    copy = tables.backup(url, "rebuild")
    chosen = select(course, None)
    count = gradebook.rebuild(url, chosen, course, course_id=release.course_id(course))
    pages.write_all(course, url, chosen)
    click.echo(f"{count} submissions written once more" + (f"; before: {copy}" if copy else ""))


# ---------------------------------------------------------------- authors


@grader.command()
@click.argument("only", metavar="[ASSIGNMENT|EXERCISE]", required=False)
@course_option
@click.option("--mutants/--no-mutants", default=True, help="Also try small changes. Default: yes.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the kill matrix there: index.html and certificate.json.",
)
@json_option
def verify(
    only: str | None, course: Path, mutants: bool, folder: Path | None, as_json: bool
) -> None:
    """Tell whether exercises are any good.

    This is the author's certificate: the reference and right/ must pass every test, the unsolved
    notebook and answers that say nothing (None, NaN, an empty table) none, each solution in wrong/
    must be rejected by the tests that it names, the release must be reproducible and give nothing
    away. Survivors are small changes to the reference that no test notices. With --to, the kill
    matrix becomes a page; it names hidden tests, so it is not for learners.

    Example: grader verify parse_height
    """
    from grader.authors import certificate as authoring
    from grader.exercises.folder import select

    chosen = select(course, only)
    _say(f"Verifying {len(chosen)} exercises; each takes half a minute or more.")
    certificates = []
    for certificate in authoring.certify(course, chosen, with_mutants=mutants):
        certificates.append(certificate)
        if not as_json:
            _print_certificate(certificate)
    certificates.sort(key=lambda certificate: certificate.exercise)
    if as_json:
        click.echo(json.dumps(authoring.to_json(certificates)))
    if folder is not None:
        _say(f"Kill matrix: {authoring.write(certificates, folder)}")
    sys.exit(0 if all(certificate.holds for certificate in certificates) else 1)


# ---------------------------------------------------------------- printing


def _url(course: Path, url: str | None) -> str:
    return url or f"sqlite:///{(course / 'gradebook.db').resolve()}"


def _gradebook(course: Path, url: str | None) -> str:
    """Return the gradebook's URL; one of an older nbgrader is upgraded first."""
    from grader.book import tables

    url = _url(course, url)
    if copy := tables.upgrade(url):
        _say(f"The gradebook was an older nbgrader's, and is upgraded; it was copied to {copy}.")
    return url


def _say(text: str) -> None:
    from grader.text import printable

    click.echo(printable(text), err=True)  # names of files may be a learner's


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


def _print_summary(summary: Summary, course: Path, changes: list[Change] | None) -> None:
    from grader.cli import show


    console = _console()
    for part in show.summary(summary) if changes is None else show.changes(summary, changes):
        console.print(part)
    if changes is None:
        console.print(f"Feedback: {course / 'feedback/index.html'}")


def _print_profile(summary: Summary) -> None:
    from grader.cli import show


    _console().print(show.profile(summary.stages, len(summary.attempts)))


def _console() -> Console:
    from rich.console import Console

    # A file or a pipe has no width; rich would cut the names of learners to fit 80 columns.
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)


def _print_certificate(certificate: Certificate) -> None:
    click.echo(f"{'holds' if certificate.holds else 'FAILS'}  {certificate.exercise}")
    for check_ in certificate.checks:
        if not check_.holds:
            click.echo(f"  not true: {check_.claim}")
            for fault in check_.faults:
                click.echo(f"    - {fault}")
    if certificate.mutants:
        killed = certificate.mutants - len(certificate.survivors)
        click.echo(
            f"  {killed} of {certificate.mutants} small changes to the reference are noticed"
        )
        for survivor, why in certificate.survivors.items():
            click.echo(f"    survives: {survivor}{f' ({why})' if why else ''}")
