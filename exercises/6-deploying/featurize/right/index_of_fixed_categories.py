"""Places in an index of pandas that is made from the state instead of the batch."""

import pandas as pd

KEYS = ["carrier", "origin", "dest", "year", "month", "day", "sched_dep_time", "distance"]
FEATURES = ["carrier", "origin", "dest", "weekday", "minute", "distance", "temp"]

TEXTS = ["carrier", "origin", "dest"]


def learn(records):
    table = pd.DataFrame(records)[TEXTS].astype(object)
    return {"categories": [sorted(table[name].dropna().unique().tolist()) for name in TEXTS]}


def featurize(records, state):
    table = (
        pd.DataFrame(records, columns=KEYS)
        if isinstance(records, list) and not records
        else pd.DataFrame(records)
    )
    for key in KEYS:
        if key not in table.columns:
            raise ValueError(f"no {key!r} in these records")
    out = pd.DataFrame(index=table.index)
    for name, categories in zip(TEXTS, state["categories"]):
        out[name] = pd.Index(categories, dtype=object).get_indexer(table[name].astype(object))
    parts = {part: pd.to_numeric(table[part]).astype("int64") for part in ("year", "month", "day")}
    out["weekday"] = pd.to_datetime(parts).dt.day_of_week
    reading = pd.to_numeric(table["sched_dep_time"])
    out["minute"] = reading - reading // 100 * 40
    out["distance"] = pd.to_numeric(table["distance"])
    out["temp"] = pd.to_numeric(table["temp"]) if "temp" in table else float("nan")
    return out[FEATURES].astype("float64")
