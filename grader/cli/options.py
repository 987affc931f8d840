"""The command's group, and the options that several verbs have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from grader.errors import DISTRIBUTION

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(package_name=DISTRIBUTION)
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


def say(text: str) -> None:
    from grader.text import printable

    click.echo(printable(text), err=True)  # names of files may be a learner's
