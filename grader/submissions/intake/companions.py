"""Files that were handed in beside a notebook: helper modules, and small data.

They go behind the wall with the notebook, into the folder that its cells work in. Nothing outside
opens, imports or shows them: here they are bytes with a name that is safe.
"""

from __future__ import annotations

import hashlib
import keyword
import re
import site
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from grader.errors import SubmissionError
from grader.submissions import upload
from grader.submissions.intake import filenames

MOST_FILES = 20
MOST_BYTES = 5_000_000  # together
MOST_NAMED = 10  # of those that are not used
KINDS = frozenset(
    """.py .csv .tsv .json .jsonl .txt .md .toml .yaml .yml .parquet .npy .npz .pkl .joblib .xlsx
    .png .jpg .jpeg""".split()  # noqa: SIM905 - a list of twenty is no easier to read
)
RECEIPTS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's release_feedback wants both

_NOT_THEIRS = ("checks", "data", *RECEIPTS)  # folders that a release has
_NAME = re.compile(r"\w[\w .()+-]{0,98}")
# Other programs import or obey what is called so, where the copy for the formgrader lies, too.
_RUN_BY_OTHERS = re.compile(
    r"(?i)(?:conftest|sitecustomize|usercustomize|setup|grader)\.py|"
    r"(?:jupyter|ipython|nbgrader|nbconvert)\w*_config\.(?:py|json)"
)


@dataclass(frozen=True, slots=True)
class Companions:
    """Files beside a notebook that its cells have, and sentences on those that are not used."""

    files: tuple[Path, ...] = ()
    unused: tuple[str, ...] = ()

    def contents(self) -> dict[str, bytes]:
        """Read the files; one that has become another since they were listed is left out."""
        return dict(_read(self.files, []))


def look(folder: Path) -> Companions:
    """Choose from a folder the files that a notebook in it may open and import."""
    try:
        there = [path for path in folder.iterdir() if _is_theirs(path)]
    except OSError:  # a folder that is not ours to list: its notebook may still be read
        return Companions()
    # Modules first: what lacks one has nothing.
    there.sort(key=lambda path: (path.suffix != ".py", path.name))
    unused: list[str] = []
    files = tuple(folder / name for name, _ in _read(there, unused))
    more = len(unused) - MOST_NAMED
    rest = (f"{more} more files beside the notebook were not used.",) if more > 0 else ()
    return Companions(files, (*unused[:MOST_NAMED], *rest))


def combined(notebook_sha256: str, contents: Mapping[str, bytes]) -> str:
    """Hash a notebook and what lies beside it; alone, its hash is the one of its file."""
    return with_hashes(notebook_sha256, hashes(contents))


def hashes(contents: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Hash files, in the order of their names."""
    return [(name, hashlib.sha256(data).hexdigest()) for name, data in sorted(contents.items())]


def with_hashes(notebook_sha256: str, beside: list[tuple[str, str]]) -> str:
    """Do the same as `combined` for files that were read before."""
    if not beside:
        return notebook_sha256
    return hashlib.sha256(repr((notebook_sha256, beside)).encode()).hexdigest()


def _is_theirs(path: Path) -> bool:
    name = path.name
    elsewhere = name.startswith(".") or name in _NOT_THEIRS or filenames.is_noise(name)
    return not (elsewhere or filenames.is_notebook(name) or filenames.is_archive(name))


def _read(paths: Iterable[Path], unused: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield what is used, by name; add a sentence for each file that is not."""
    count, left = 0, MOST_BYTES
    for path in paths:
        data, fault = b"", _fault_of(path.name)
        if not fault and count == MOST_FILES:
            fault = f"there are more than {MOST_FILES}"
        if not fault:
            data, fault = _data(path, left)
        if fault:
            unused.append(f"{path.name[:100]!r} beside the notebook was not used: {fault}.")
            continue
        count, left = count + 1, left - len(data)
        yield path.name, data


def _data(path: Path, left: int) -> tuple[bytes, str]:
    """Read a file, or say why it is not used."""
    fault = f"such files may have {MOST_BYTES // 1_000_000} MB together"
    try:
        if path.lstat().st_size > left:
            return b"", fault
        # What a learner linked may be the learner's to name, and not to read: a hidden test.
        data = upload.bounded(path, left, alone=True)
    except SubmissionError as error:
        return b"", "it" + str(error).removeprefix(path.name).removesuffix(".")
    except OSError as error:
        return b"", f"it cannot be read: {error.strerror}"
    return (data, "") if len(data) <= left else (b"", fault)


def _fault_of(name: str) -> str:
    """Say why a name cannot be that of a file in the notebook's folder."""
    module, _, ending = name.rpartition(".")
    if f".{ending.lower()}" not in KINDS:
        return "only modules (.py) and data (as .csv, .json or .png) are"
    if not _NAME.fullmatch(name) or not name.isprintable():
        return "its name may hold letters, digits, spaces and . _ - + ( ) alone"
    if _RUN_BY_OTHERS.fullmatch(name):
        return "other programs take a file of its name for their own"
    if ending.lower() == "py" and _is_known(module):
        return "Python or one of its packages has a module of its name"
    return ""


def _is_known(module: str) -> bool:
    if module in sys.stdlib_module_names or keyword.iskeyword(module):
        return True
    return PathFinder.find_spec(module, site.getsitepackages()) is not None
