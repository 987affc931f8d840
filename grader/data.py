"""Data sets by name: `load("weather_2013")` in lessons, in notebooks and inside the sandbox.

Standard library only at top level: importing pandas is left to who loads something.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

SUFFIXES = (".parquet", ".csv")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def load(name: str) -> DataFrame:
    """Read a data set; of a CSV file every field is text, and a blank one is ""."""
    import pandas as pd

    file = path(name)
    if file.suffix == ".parquet":
        return pd.read_parquet(file)
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def path(name: str, start: Path | None = None) -> Path:
    """Find a data set's file from `start` (else the current folder) upward.

    Looked at are `data/` beside a released notebook, `datasets/` there and in the folders above,
    and the course that this package was installed from.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"a data set is named without path or ending, not {name!r}")
    known: dict[str, Path] = {}
    for folder in _folders(start or Path.cwd()):
        for file in _files(folder):
            known.setdefault(file.stem, file)
        if name in known:
            return known[name]
    raise FileNotFoundError(_unknown(name, sorted(known)))


def _folders(start: Path) -> Iterator[Path]:
    yield start / "data"
    for folder in (start.absolute(), *start.absolute().parents):
        yield folder / "datasets"
    yield Path(__file__).absolute().parent.parent / "datasets"


def _files(folder: Path) -> list[Path]:
    try:
        files = [file for file in folder.iterdir() if file.suffix in SUFFIXES]
    except OSError:  # not there, or not ours to read: a folder above may belong to anybody
        return []
    return sorted(files, key=lambda file: SUFFIXES.index(file.suffix))


def _unknown(name: str, known: list[str]) -> str:
    if not known:
        return f"no data set {name!r}: there is no folder data/ or datasets/ here or above"
    near = difflib.get_close_matches(name, known, n=3) or known
    return f"no data set {name!r}; there is: {', '.join(near)}"
