"""Names one rule per damage in a list, and asks only those whose columns can be used."""

import pandas as pd

TIMES = ["date", "time_hour"]
TEXTS = ["carrier", "tailnum", "origin", "dest"]
NUMBERS = ["hour", "flight", "distance", "dep_delay", "arr_delay"]
NUMBERS += ["temp", "dewp", "wind_speed", "wind_gust", "pressure"]


def lower_case(t):
    return t["carrier"].map(lambda code: len(code) != 2 or code != code.upper()).any()


def exchanged(t):
    return bool(set(t["origin"]) - {"EWR", "JFK", "LGA"})


def celsius(t):
    return t["dewp"].gt(t["temp"]).any()


def stuck(t):
    return any(temps.max() == temps.min() for _, temps in t.groupby("origin")["temp"])


def stand_in(t):
    return t["wind_speed"].min() < 0 or t["wind_speed"].max() > 100


def computed(t):
    return t["wind_gust"].notna()[t["wind_speed"].notna()].all()


def never_left(t):
    return (t["dep_delay"].isna() & t["arr_delay"].notna()).any()


def wrong_clock(t):
    utc = t["date"] + pd.to_timedelta(t["hour"], unit="h")
    utc = utc.dt.tz_localize("America/New_York").dt.tz_convert("UTC")
    return (utc != t["time_hour"]).any()


def doubled(t):
    return t.duplicated(["time_hour", "carrier", "flight", "origin"]).any()


def early_end(t):
    return t["date"].nunique() < 7


RULES = [
    ("carrier", ["carrier"], lower_case),
    ("origin", ["origin"], exchanged),
    ("temp", ["temp", "dewp"], celsius),
    ("temp", ["temp", "origin"], stuck),
    ("wind_speed", ["wind_speed"], stand_in),
    ("wind_gust", ["wind_gust", "wind_speed"], computed),
    ("arr_delay", ["dep_delay", "arr_delay"], never_left),
    ("time_hour", ["date", "hour", "time_hour"], wrong_clock),
    ("rows", ["time_hour", "carrier", "flight", "origin"], doubled),
    ("rows", ["date"], early_end),
]


def report(df):
    wrong = {}
    for names, kinds in ((TIMES, "Mm"), (NUMBERS, "iuf"), (TEXTS, "OTSU")):
        for name in names:
            if name not in df:
                wrong[name] = ["is not there"]
            elif names is not TEXTS and df[name].dtype.kind not in kinds:
                wrong[name] = [f"is {df[name].dtype}"]
    usable = [rule for rule in RULES if not set(rule[1]) & set(wrong)]
    for column, _, is_broken in usable:
        if is_broken(df):
            wrong.setdefault(column, []).append(is_broken.__name__)
    return wrong
