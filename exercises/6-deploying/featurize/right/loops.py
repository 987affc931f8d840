"""Row by row with dicts, datetime.date and divmod; pandas only at the end."""

import datetime
import math

import numpy as np
import pandas as pd

KEYS = ["carrier", "origin", "dest", "year", "month", "day", "sched_dep_time", "distance"]
FEATURES = ["carrier", "origin", "dest", "weekday", "minute", "distance", "temp"]


def is_null(value):
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def as_dicts(records):
    return records if isinstance(records, list) else records.to_dict("records")


def learn(records):
    state = {}
    for name in ("dest", "origin", "carrier"):
        seen = {str(one[name]) for one in as_dicts(records) if not is_null(one[name])}
        state[name] = {text: code for code, text in enumerate(sorted(seen))}
    return state


def featurize(records, state):
    rows = []
    for one in as_dicts(records):
        for key in KEYS:
            if key not in one:
                raise ValueError(f"a record has no {key}")
        hours, minutes = divmod(int(one["sched_dep_time"]), 100)
        temp = one.get("temp")
        row = {name: state[name].get(one[name], -1) for name in ("carrier", "origin", "dest")}
        row["weekday"] = datetime.date(one["year"], one["month"], one["day"]).weekday()
        row["minute"] = hours * 60 + minutes
        row["distance"] = one["distance"]
        row["temp"] = float("nan") if is_null(temp) else temp
        rows.append([float(row[name]) for name in FEATURES])
    array = np.array(rows, dtype="float64").reshape(len(rows), len(FEATURES))
    index = None if isinstance(records, list) else records.index
    return pd.DataFrame(array, columns=FEATURES, index=index)
