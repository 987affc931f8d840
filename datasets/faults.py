"""Measure the known faults of each data set, in the files themselves.

`measure(name, load)` gives the numbers that the sentences in `catalog.toml` are filled with;
`load` returns the data frame of a name. Nothing is typed in: a number is counted or it is absent.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

Load = Callable[[str], pd.DataFrame]
Counts = dict[str, object]
Numbers = dict[str, int | float | str]

FLIGHT_KEY = ["year", "month", "day", "carrier", "flight"]
DATE = ["year", "month", "day"]
CLOCK = ["year", "month", "day", "hour"]
BYTE_ORDER_MARK = "\ufeff"
MPH_PER_KNOT = 1.15078
# What an adult's height in inches can be, when it was typed as a plain number.
INCHES = (50, 84)
SCORES = (
    *("aroma", "flavor", "aftertaste", "acidity", "body"),
    *("balance", "uniformity", "clean_cup", "sweetness", "cupper_points"),
)


def measure(name: str, load: Load) -> Numbers:
    """Count what is wrong with one data set."""
    counts = MEASURES[name](name, load) if name in MEASURES else {}
    return {key: _plain(value) for key, value in counts.items()}


def _plain(value: object) -> int | float | str:
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, np.integer)):
        return int(value)
    return round(float(value), 5)  # type: ignore[arg-type]


def _year(name: str) -> str:
    return name.split("_")[1]


def flights(name: str, load: Load) -> Counts:
    """Count cancelled and odd flights, and what the other tables do not know."""
    frame, year = load(name), _year(name)
    planes, airports = load(f"planes_{year}"), load(f"airports_{year}")
    elsewhere = ~frame["dest"].isin(airports["faa"])
    return {
        "cancelled": frame["dep_time"].isna().sum(),
        "no_arrival": (frame["dep_time"].notna() & frame["arr_delay"].isna()).sum(),
        "landed_without_delay": (frame["arr_time"].notna() & frame["arr_delay"].isna()).sum(),
        "no_tail": frame["tailnum"].isna().sum(),
        "departed_2400": (frame["dep_time"] == 2400).sum(),
        "arrived_2400": (frame["arr_time"] == 2400).sum(),
        "repeats": frame.duplicated(FLIGHT_KEY).sum(),
        "elsewhere": elsewhere.sum(),
        "elsewhere_airports": frame.loc[elsewhere, "dest"].nunique(),
        "unknown_planes": (~frame["tailnum"].dropna().isin(planes["tailnum"])).sum(),
        **_time_hour(frame, load(f"weather_{year}")),
    }


def _local_clock(frame: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(frame[CLOCK])


def _time_hour(frame: pd.DataFrame, weather: pd.DataFrame) -> Counts:
    stamps = frame["time_hour"]
    new_york = stamps.dt.tz_convert("America/New_York").dt.tz_localize(None)
    known = pd.MultiIndex.from_frame(weather[["origin", "time_hour"]])
    return {
        "time_hour_is_utc": (new_york == _local_clock(frame)).mean(),
        "time_hour_is_local": (stamps.dt.tz_localize(None) == _local_clock(frame)).mean(),
        "no_weather": (~pd.MultiIndex.from_frame(frame[["origin", "time_hour"]]).isin(known)).sum(),
    }


def flights_2023(name: str, load: Load) -> Counts:
    """Count as for 2013, and what changed in ten years."""
    then, now = load("flights_2013"), load(name)
    carriers_then, carriers_now = set(then["carrier"]), set(now["carrier"])
    return flights(name, load) | {
        "new_carriers": ", ".join(sorted(carriers_now - carriers_then)),
        "new_carrier_flights": now["carrier"].isin(carriers_now - carriers_then).sum(),
        "gone_carriers": ", ".join(sorted(carriers_then - carriers_now)),
        "gone_carrier_flights": then["carrier"].isin(carriers_then - carriers_now).sum(),
        "new_destinations": len(set(now["dest"]) - set(then["dest"])),
    }


def weather(name: str, load: Load) -> Counts:
    """Count impossible, repeated and missing readings, beside those of 2013."""
    frame, then = load(name), load("weather_2013")
    windiest = frame.nlargest(1, "wind_speed").iloc[0]
    span = (frame["time_hour"].max() - frame["time_hour"].min()) // pd.Timedelta(hours=1) + 1
    windiest_day = pd.Timestamp(*windiest[DATE])
    windy = frame.dropna(subset=["wind_gust"])
    return {
        "max_wind": windiest["wind_speed"],
        "windiest": f"{windiest['origin']}, {windiest_day.day} {windiest_day:%B}",
        "repeated_hours": frame.duplicated(["origin", *CLOCK]).sum(),
        "missing_hours": span * frame["origin"].nunique() - len(frame),
        "last_day": f"{frame['time_hour'].max():%Y-%m-%d %H:%M}",
        "no_gust": frame["wind_gust"].isna().mean(),
        "gust_is_speed": np.isclose(windy["wind_gust"], windy["wind_speed"] * MPH_PER_KNOT).sum(),
        "gusts": len(windy),
        "no_pressure": frame["pressure"].isna().sum(),
        "no_direction": frame["wind_dir"].isna().sum(),
        "hottest_hour": frame.groupby("hour")["temp"].mean().idxmax(),
        "hottest_hour_2013": then.groupby("hour")["temp"].mean().idxmax(),
        "lowest_visibility": frame["visib"].min(),
        "lowest_visibility_2013": then["visib"].min(),
    }


def planes(name: str, load: Load) -> Counts:
    """Count gaps, stand-ins and spellings."""
    frame = load(name)
    makers = frame["manufacturer"].drop_duplicates()
    return {
        "no_year": frame["year"].isna().sum(),
        "no_speed": frame["speed"].isna().sum(),
        "no_speed_share": frame["speed"].isna().mean(),
        "zero_speed": (frame["speed"] == 0).sum(),
        "douglas": makers.str.startswith("MCDONNELL DOUGLAS").sum(),
        "airbus": makers.str.startswith("AIRBUS").sum(),
        "embraer": makers.str.startswith("EMBRAER").sum(),
        "fewest_seats": frame["seats"].min(),
    }


def airports(name: str, load: Load) -> Counts:
    """Find airports that cannot lie where they are said to, and gaps in the zones."""
    frame = load(name)
    # Shemya (SYA) is American and east of the date line: the one right positive longitude.
    east = frame[(frame["lon"] > 0) & (frame["faa"] != "SYA")]
    return {
        "east": len(east),
        "east_codes": ", ".join(east["faa"]),
        "no_zone": frame["tzone"].isna().sum(),
        "no_offset": frame["tz"].isna().sum(),
        "no_offset_share": frame["tz"].isna().mean(),
        "repeated_names": frame["name"].duplicated().sum(),
    } | _other_register(frame, load("airport_register"))


def _other_register(frame: pd.DataFrame, register: pd.DataFrame) -> Counts:
    both = frame.merge(register, left_on="faa", right_on="iata", suffixes=("", "_register"))
    apart = distance_km(both["lat"], both["lon"], both["lat_register"], both["lon_register"])
    return {"in_both": len(both), "apart": (apart > 50).sum()}


def distance_km(
    lat_a: pd.Series, lon_a: pd.Series, lat_b: pd.Series, lon_b: pd.Series
) -> np.ndarray:
    """Measure great-circle distances on a sphere of 6,371 km radius."""
    a, b, c, d = (np.radians(series.to_numpy()) for series in (lat_a, lon_a, lat_b, lon_b))
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return np.asarray(2 * 6371 * np.arcsin(np.sqrt(np.minimum(half, 1))))


def heights(name: str, load: Load) -> Counts:
    """Sort what was typed into plain inches, other numbers and words."""
    typed = load(name)["height"]
    numbers = pd.to_numeric(typed, errors="coerce")
    usable = numbers.between(*INCHES)
    return {
        "not_numbers": numbers.isna().sum(),
        "odd_numbers": (numbers.notna() & ~usable).sum(),
        "usable": usable.sum(),
        "tallest": numbers.max(),
        "spellings": typed.nunique(),
        "men": (load(name)["sex"] == "Male").sum(),
        "duplicates": load(name).duplicated().sum(),
    }


def coffee(name: str, load: Load) -> Counts:
    """Count spellings, units and numbers that cannot be."""
    frame = load(name)
    total = frame["total_cup_points"]
    metres = frame["altitude_mean_meters"]
    weight = frame["bag_weight"]
    return {
        "max_altitude": metres.max(),
        "too_high": (metres > 5000).sum(),
        "too_low": (metres < 100).sum(),
        "altitudes": frame["altitude"].nunique(),
        "feet": (frame["unit_of_measurement"] == "ft").sum(),
        "pounds": weight.str.fullmatch(r"\d+ lbs").sum(),
        "no_unit": weight.str.fullmatch(r"\d+").sum(),
        "two_units": weight.str.endswith("kg,lbs").sum(),
        "tonnes": (weight.str.extract(r"^(\d+) kg$")[0].astype("float64") >= 1000).sum(),
        "harvests": frame["harvest_year"].nunique(),
        "plain_years": frame["harvest_year"].str.fullmatch(r"\d{4}").sum(),
        "zero_points": (total == 0).sum(),
        "other_sum": ((frame[[*SCORES]].sum(axis=1) - total).abs() > 0.05).sum(),
        "colour_none": (frame["color"] == "None").sum(),
        "no_colour": frame["color"].isna().sum(),
        "dry_moisture": (frame["moisture"] == 0).sum(),
    }


def register(name: str, load: Load) -> Counts:
    """Count blanks and the country whose code looks like a missing value."""
    frame = load(name)
    return {
        "namibia": (frame["country"] == "NA").sum(),
        "no_iata": (frame["iata"] == "").sum(),
        "no_city": (frame["city"] == "").sum(),
        "no_subdivision": (frame["subd"] == "").sum(),
        "pseudo_icao": (~frame["icao"].str.fullmatch("[A-Z]{4}")).sum(),
        "sea_level": (frame["elevation"] == 0).sum(),
    }


def ratings(name: str, load: Load) -> Counts:
    """Count raters of an item and how they differ."""
    frame = load(name)
    items = frame.groupby("item")["rating"]
    raters = items.size()
    signs = (items.min() < 0) & (items.max() > 0)
    return {
        "items": len(raters),
        "fewest": raters.min(),
        "most": raters.max(),
        "below_twenty": (raters < 20).sum(),
        "both_signs": signs.sum(),
        "both_signs_share": signs.mean(),
        "byte_order_marks": sum(str(item).startswith(BYTE_ORDER_MARK) for item in raters.index),
    }


def items(name: str, load: Load) -> Counts:
    """Compare the published means with the ratings, matched by id."""
    published, single = load(name), load(name.removesuffix("_items"))
    ids = single["item"].astype("str").str.removeprefix(BYTE_ORDER_MARK)
    own = single["rating"].groupby(ids).mean()
    gaps = (published["published_mean"] - published["item"].astype("str").map(own)).abs()
    same_place = published["item"].astype("str").to_numpy() == ids.drop_duplicates().to_numpy()
    return {
        "wrong_means": (gaps > 0.01).sum(),
        "inexact_means": ((gaps > 1e-6) & (gaps <= 0.01)).sum(),
        "largest_gap": gaps.max(),
        "other_places": (~same_place).sum(),
    }


def tweets(name: str, load: Load) -> Counts:
    """Compare means, and look at the texts."""
    text = load(name)["text"]
    return items(name, load) | {
        "entities": text.str.contains(r"&\w+;").sum(),
        "masked_telephones": text.str.contains("000-000-0000").sum(),
    }


def words(name: str, load: Load) -> Counts:
    """Compare means and spreads, and look for words that come twice."""
    frame = load(name)
    spreads = load("ratings_words").groupby("item")["rating"].std(ddof=0).to_numpy()
    return items(name, load) | {
        "repeated_words": frame["word"].duplicated().sum(),
        "wrong_spreads": (np.abs(frame["published_sd"].to_numpy() - spreads) > 1e-4).sum(),
        "largest_spread": frame["published_sd"].max(),
        "zero_means": (frame["published_mean"] == 0).sum(),
    }


MEASURES: dict[str, Callable[[str, Load], Counts]] = {
    "flights_2013": flights,
    "flights_2013_sample": flights,
    "flights_2023": flights_2023,
    "flights_2023_jan_sep": flights,
    "weather_2013": weather,
    "weather_2023": weather,
    "weather_2023_jan_sep": weather,
    "planes_2013": planes,
    "planes_2023": planes,
    "airports_2013": airports,
    "airports_2023": airports,
    "heights": heights,
    "coffee": coffee,
    "airport_register": register,
    "ratings_tweets": ratings,
    "ratings_reviews": ratings,
    "ratings_films": ratings,
    "ratings_editorials": ratings,
    "ratings_words": ratings,
    "ratings_tweets_items": tweets,
    "ratings_reviews_items": items,
    "ratings_films_items": items,
    "ratings_editorials_items": items,
    "ratings_words_items": words,
}
