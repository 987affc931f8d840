"""Calls a missing key "unknown": all rows without a key teach each other.

rejected by: test_a_null_key_is_no_key, test_a_null_time_is_no_time
"""

import pandas as pd


def past_mean(df, key, time, y, known_after):
    table = df[[key, time, y]].set_axis(["key", "at", "y"], axis=1).reset_index(drop=True)
    table["key"] = table["key"].astype(object).where(table["key"].notna(), "unknown").astype(str)
    known = table.dropna().sort_values("at", kind="stable")
    known["at"] = (known["at"] + known_after).astype(table["at"].dtype)
    by_key = known["y"].astype("float64").groupby(known["key"])
    known["total"] = by_key.cumsum()
    known["count"] = by_key.cumcount() + 1
    asked = table[["key", "at"]].dropna().rename_axis("row").reset_index().sort_values("at")
    found = pd.merge_asof(asked, known, on="at", by="key", allow_exact_matches=False)
    means = (found["total"] / found["count"]).set_axis(found["row"])
    return pd.Series(means.reindex(range(len(df))).to_numpy(dtype="float64"), index=df.index)
