"""Looks for columns in an empty list.

rejected by: test_no_records_no_rows
"""

import pandas as pd

KEYS = ["carrier", "origin", "dest", "year", "month", "day", "sched_dep_time", "distance"]
FEATURES = ["carrier", "origin", "dest", "weekday", "minute", "distance", "temp"]


def learn(records):
    table = pd.DataFrame(records)
    return {name: sorted(set(table[name].dropna())) for name in ("carrier", "origin", "dest")}


def featurize(records, state):
    table = pd.DataFrame(records)
    absent = [key for key in KEYS if key not in table]
    if absent:
        raise ValueError(f"records without {', '.join(absent)}")
    table = table.reindex(columns=[*KEYS, "temp"])
    columns = {}
    for name in ("carrier", "origin", "dest"):
        codes = {value: code for code, value in enumerate(state[name])}
        columns[name] = [codes.get(value, -1) for value in table[name]]
    dates = pd.to_datetime(table[["year", "month", "day"]].astype("float64"))
    columns["weekday"] = dates.dt.day_of_week
    clock = table["sched_dep_time"].astype("float64")
    columns["minute"] = clock // 100 * 60 + clock % 100
    columns["distance"] = table["distance"]
    columns["temp"] = table["temp"]
    return pd.DataFrame(columns, index=table.index, columns=FEATURES).astype("float64")
