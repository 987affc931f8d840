"""Leaves out records that it does not know: answers go to the wrong requests.

rejected by: test_a_new_airline_is_minus_one, test_rows_follow_the_records
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
    if absent and len(table):
        raise ValueError(f"records without {', '.join(absent)}")
    table = table.reindex(columns=[*KEYS, "temp"])
    for name in ("carrier", "origin", "dest"):
        table = table[table[name].isin(state[name])]
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
