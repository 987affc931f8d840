"""Casts the times to one type, which those with a time zone refuse.

rejected by: test_other_kinds_of_columns_work
"""

import pandas as pd


def past_mean(df, key, time, y, known_after):
    table = df[[key, time, y]].set_axis(["key", "at", "y"], axis=1).reset_index(drop=True)
    table = table.astype({"at": "datetime64[us]", "y": "float64"})
    known = table.dropna().assign(at=lambda t: t["at"] + known_after).sort_values("at")
    known["at"] = known["at"].astype("datetime64[us]")
    known["total"] = known.groupby("key")["y"].cumsum()
    known["count"] = known.groupby("key").cumcount() + 1
    known = known.drop_duplicates(["key", "at"], keep="last")
    asked = table[["key", "at"]].dropna().rename_axis("row").reset_index().sort_values("at")
    found = pd.merge_asof(asked, known, on="at", by="key", allow_exact_matches=False)
    means = (found["total"] / found["count"]).set_axis(found["row"])
    return pd.Series(means.reindex(range(len(df))).to_numpy(dtype="float64"), index=df.index)
