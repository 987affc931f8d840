"""The verbs of those who solve."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from grader.cli.options import course_option, grader, json_option


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
    from grader.learners.shown import in_color

    checks = checking.check_notebook(course, exercise, notebook)
    shown = checking.text(checks, color=in_color(sys.stdout))
    click.echo(json.dumps(checking.to_json(checks)) if as_json else shown)
    sys.exit(0 if checks.passed else 1)
