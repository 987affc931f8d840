"""Data sets by name: `load("weather_2013")` in lessons, in notebooks and inside the sandbox.

Standard library only at top level: importing pandas is left to who loads something.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

SUFFIXES = (".parquet", ".csv")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_home: ContextVar[Path | None] = ContextVar("_home", default=None)  # each thread has its own


def load(name: str) -> DataFrame:
    """Read a data set; of a CSV file every field is text, and a blank one is ""."""
    file = path(name, _home.get())
    told = file.stat()
    return _read(file, told.st_mtime_ns, told.st_size).copy()


# Tests and notebooks read the same file again and again.
@functools.lru_cache(maxsize=8)
def _read(file: Path, changed: int, size: int) -> DataFrame:
    import pandas as pd

    if file.suffix == ".parquet":
        return pd.read_parquet(file)
    return pd.read_csv(file, dtype=str, keep_default_na=False)


@contextmanager
def loading_from(folder: Path | None) -> Iterator[None]:
    """Let `load` look from `folder` upward: tests belong to a course, wherever the command runs."""
    token = _home.set(folder)
    try:
        yield
    finally:
        _home.reset(token)


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
