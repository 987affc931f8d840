"""The other door: write the course as a plain Markdown tree, for any site builder.

python -m course.site                  everything to build/docs/
python -m course.site --update         first put what the data say into the lessons' text
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from course.site import claims, tree
from course.site.fault import SiteError
from course.site.outline import MODULES
from course.site.tree import Content
from grader import files

SOURCES = ("site", "*.py", MODULES, "__pycache__")


@click.command()
@click.option("--course", "root", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--to", type=click.Path(path_type=Path), default=Path("build/docs"), show_default=True
)
@click.option("--update", is_flag=True, help="Rewrite numbers in lessons that the data contradict.")
def main(root: Path, to: Path, update: bool) -> None:
    """Write the course's pages, as Markdown, with all files that they need."""
    try:
        if update:
            _update(root)
        made = tree.build(root.resolve())
    except SiteError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    _write(root / "course", to, made)
    click.echo(f"{len(made)} files made; the course is in {to}", err=True)


def _update(root: Path) -> None:
    for source, values in tree.corrections(root.resolve()).items():
        text = source.read_text(encoding="utf-8")
        new = claims.rewrite(text, values)
        if new != text:
            files.write(source, new.encode())
            click.echo(f"updated {source}", err=True)


def _write(docs: Path, to: Path, made: dict[str, Content]) -> None:
    shutil.rmtree(to, ignore_errors=True)  # A page that is gone must not stay behind.
    shutil.copytree(docs, to, ignore=shutil.ignore_patterns(*SOURCES))
    for name, content in made.items():
        files.write(to / name, content.encode() if isinstance(content, str) else content)


if __name__ == "__main__":
    main(prog_name="python -m course.site")
