"""Keeps its helper columns in a copy of the whole table, where columns may have their names.

rejected by: test_columns_are_called_as_you_say
"""

import pandas as pd


def past_mean(df, key, time, y, known_after):
    table = df.reset_index(drop=True)
    known = table[[key, time, y]].dropna().sort_values(time, kind="stable")
    known["at"] = (known[time] + known_after).astype(table[time].dtype)
    by_key = known[y].astype("float64").groupby(known[key])
    known["total"] = by_key.cumsum()
    known["count"] = by_key.cumcount() + 1
    table["at"] = table[time]
    asked = table.dropna(subset=[key, "at"]).rename_axis("row").reset_index().sort_values("at")
    known = known[[key, "at", "total", "count"]]
    found = pd.merge_asof(asked, known, on="at", by=key, allow_exact_matches=False)
    means = (found["total"] / found["count"]).set_axis(found["row"])
    return pd.Series(means.reindex(range(len(df))).to_numpy(dtype="float64"), index=df.index)
