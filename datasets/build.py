"""Make every file of the data pack from its pinned source, and say where it came from.

example:
  python datasets/build.py            rebuild the files beside this script, and provenance.json
  python datasets/build.py --check    rebuild somewhere else and compare with what is here
"""

from __future__ import annotations

import argparse
import hashlib
import json
import string
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from archives import Archives, Source, SourceError
from faults import Load, measure
from recipes import RECIPES

HERE = Path(__file__).resolve().parent
CSV = {"heights"}
# Byte planes of clock readings compress a fifth better than dictionary indices, which bit-packing
# leaves out of step with bytes; stamps in order compress best plain.
SPLIT = {
    *("dep_time", "sched_dep_time", "arr_time", "sched_arr_time", "arr_delay", "hour", "minute"),
}
PLAIN = {"time_hour"}

Entry = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Build or check; return 0 when done, 1 when the files differ, 2 when a source is missing."""
    options = parser().parse_args(arguments)
    try:
        archives = Archives(options.cache)
        if options.check:
            return check(archives, options.out)
        build(archives, options.out)
    except SourceError as error:
        print(f"datasets: {error}", file=sys.stderr)
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    result = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    result.add_argument(
        "--out", type=Path, default=HERE, help="folder of the data files (default: this script's)"
    )
    result.add_argument(
        "--cache",
        type=Path,
        default=HERE.parent / ".cache" / "datasets",
        help="folder where source archives are kept (default: .cache/datasets)",
    )
    result.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 when a file has changed"
    )
    return result


def build(archives: Archives, out: Path) -> None:
    """Write all data files and their provenance into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for name, recipe in RECIPES.items():
        frame = recipe.read(archives.read(recipe.package, recipe.member))
        write(frame, out / file_name(name))
        print(f"datasets: {name}: {len(frame):,} rows", file=sys.stderr)
    provenance = json.dumps(describe(archives.sources, out), indent=1, ensure_ascii=False)
    (out / "provenance.json").write_text(provenance + "\n", encoding="utf-8")


def file_name(name: str) -> str:
    """Name the file of a data set."""
    return f"{name}.csv" if name in CSV else f"{name}.parquet"


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a data frame so that the same rows give the same bytes."""
    if path.suffix == ".csv":
        frame.to_csv(path, index=False, lineterminator="\n")
        return
    # The pandas metadata name library versions: without them the bytes depend on pyarrow only.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    flights = "dep_time" in frame
    split = {column: "BYTE_STREAM_SPLIT" for column in table.column_names if column in SPLIT}
    apart = SPLIT | PLAIN if flights else set()
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=[column for column in table.column_names if column not in apart],
        column_encoding=split if flights else None,
    )


def read(path: Path) -> pd.DataFrame:
    """Read a data file as `grader.load` does."""
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype="str", keep_default_na=False)
    return pd.read_parquet(path)


def loader(folder: Path) -> Load:
    """Give a function that reads the data sets of a folder by name, each once."""
    frames: dict[str, pd.DataFrame] = {}

    def load(name: str) -> pd.DataFrame:
        if name not in frames:
            frames[name] = read(folder / file_name(name))
        return frames[name]

    return load


def describe(sources: dict[str, Source], folder: Path) -> Entry:
    """Say of every file where it comes from, what is in it and what is wrong with it."""
    catalog = tomllib.loads((HERE / "catalog.toml").read_text(encoding="utf-8"))
    load = loader(folder)
    return {
        "written_with": {"pandas": pd.__version__, "pyarrow": pa.__version__},
        "sets": {name: entry(name, catalog, sources, folder, load) for name in RECIPES},
    }


def entry(name: str, catalog: Entry, sources: dict[str, Source], folder: Path, load: Load) -> Entry:
    """Describe one file: the catalogue's words, and what is measured in the file."""
    words, recipe, path = catalog["sets"][name], RECIPES[name], folder / file_name(name)
    source, licence = sources[recipe.package], catalog["licences"][words["licence"]]
    frame, content = load(name), path.read_bytes()
    return {
        "file": path.name,
        "title": words["title"],
        "row": words["row"],
        "key": words["key"],
        "origin": words["origin"],
        "package": source.name,
        "version": source.version,
        "archive_sha256": source.sha256,
        "member": recipe.member,
        "licence": licence["spdx"],
        "licence_note": licence["note"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "rows": len(frame),
        "columns": columns(frame, catalog["columns"][words["columns"]]),
        "known_faults": faults(words["faults"], measure(name, load)),
    }


def columns(frame: pd.DataFrame, meanings: dict[str, list[str]]) -> list[Entry]:
    """List the columns of a data frame with their meanings."""
    return [
        {
            "name": column,
            "dtype": str(frame[column].dtype),
            "missing": int(frame[column].isna().sum()),
            "meaning": meanings[column][0],
            "unit": meanings[column][1],
        }
        for column in frame.columns
    ]


def faults(sentences: list[str], numbers: dict[str, int | float | str]) -> list[Entry]:
    """Fill measured numbers into the sentences about faults."""
    fields = [[field for _, field, _, _ in string.Formatter().parse(s) if field] for s in sentences]
    return [
        {"says": says.format(**numbers), "numbers": {field: numbers[field] for field in used}}
        for says, used in zip(sentences, fields, strict=True)
    ]


def check(archives: Archives, folder: Path) -> int:
    """Rebuild into a temporary folder and compare; print what differs."""
    with tempfile.TemporaryDirectory() as temporary:
        build(archives, Path(temporary))
        found = differences(Path(temporary), folder)
    for difference in found:
        print(f"datasets: {difference}")
    if found:
        print("datasets: run `python datasets/build.py` to make them anew.")
        return 1
    print(f"datasets: all {len(RECIPES)} files are what their sources give.")
    return 0


def differences(made: Path, folder: Path) -> list[str]:
    """Compare what was just made with a folder: content always, bytes where they can be equal."""
    new = json.loads((made / "provenance.json").read_text(encoding="utf-8"))
    try:
        old = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [f"{folder / 'provenance.json'} cannot be read ({error})."]
    same_writer = new["written_with"]["pyarrow"] == old["written_with"]["pyarrow"]
    found = [
        f"provenance.json describes {name}, which no recipe makes."
        for name in old["sets"].keys() - new["sets"].keys()
    ]
    for name, entry_made in new["sets"].items():
        found += _differences(name, entry_made, old["sets"].get(name), made, folder, same_writer)
    return found


def _differences(
    name: str, new: Entry, old: Entry | None, made: Path, folder: Path, same_writer: bool
) -> list[str]:
    path = folder / new["file"]
    if not path.is_file():
        return [f"{new['file']} is missing."]
    if old is None:
        return [f"provenance.json has no entry for {name}."]
    if not read(path).equals(read(made / new["file"])):
        return [f"{new['file']} does not hold what its source gives."]
    # Another pyarrow writes other bytes for the same rows.
    ignored = set() if same_writer else {"sha256", "bytes"}
    parts = sorted(key for key in new.keys() - ignored if new[key] != old.get(key))
    return [f"provenance.json is out of date for {name}: {', '.join(parts)}."] if parts else []


if __name__ == "__main__":
    sys.exit(main())
