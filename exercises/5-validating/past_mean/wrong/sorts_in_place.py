"""Sorts the caller's own table before it begins.

rejected by: test_the_table_is_left_alone, test_order_and_labels_stay
"""

import pandas as pd


def past_mean(df, key, time, y, known_after):
    df.sort_values(time, inplace=True)
    table = df[[key, time, y]].set_axis(["key", "at", "y"], axis=1).reset_index(drop=True)
    known = table.dropna().sort_values("at", kind="stable")
    known["at"] = (known["at"] + known_after).astype(table["at"].dtype)
    by_key = known["y"].astype("float64").groupby(known["key"])
    known["total"] = by_key.cumsum()
    known["count"] = by_key.cumcount() + 1
    asked = table[["key", "at"]].dropna().rename_axis("row").reset_index().sort_values("at")
    found = pd.merge_asof(asked, known, on="at", by="key", allow_exact_matches=False)
    means = (found["total"] / found["count"]).set_axis(found["row"])
    return pd.Series(means.reindex(range(len(df))).to_numpy(dtype="float64"), index=df.index)
