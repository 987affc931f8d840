"""nbgrader's autograde, refused for our exercises before it changes anything.

`Exporter` is named as what autograde makes its notebooks with: by the configuration that `grader
release` writes and, for courses whose `nbgrader_config.py` is the instructor's own, by one that is
installed with the package. nbgrader reads both, on the command line and behind formgrader's button,
and makes its exporter before it removes or writes the first file. Whoever reads no configuration
meets `guard`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException


class Exporter(NotebookExporter):  # type: ignore[misc]  # nbconvert has no types
    """nbconvert's exporter of notebooks, which will not be made for exercises of ours."""

    def __init__(self, config: Any = None, **options: Any) -> None:
        converter = options["parent"]
        assignment = str(converter.coursedir.assignment_id)
        if _is_ours(Path(converter.coursedir.root), assignment):
            refused = f"nbgrader cannot mark {assignment}: run `grader grade {assignment}`"
            converter.log.error("%s. Nothing was changed.", refused)
            raise NbGraderException(refused)
        super().__init__(config=config, **options)


def _is_ours(course: Path, assignment: str) -> bool:
    return any((course / "exercises").glob(f"{assignment}/*/exercise.toml"))
