"""The verbs of those who write exercises."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, grader, json_option, say

if TYPE_CHECKING:
    from grader.authors.certificate import Certificate


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
    say(f"Verifying {len(chosen)} exercises; each takes half a minute or more.")
    certificates = []
    for certificate in authoring.certify(course, chosen, with_mutants=mutants):
        certificates.append(certificate)
        if not as_json:
            _print_certificate(certificate)
    certificates.sort(key=lambda certificate: certificate.exercise)
    if as_json:
        click.echo(json.dumps(authoring.to_json(certificates)))
    if folder is not None:
        say(f"Kill matrix: {authoring.write(certificates, folder)}")
    sys.exit(0 if all(certificate.holds for certificate in certificates) else 1)


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
