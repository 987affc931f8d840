"""Fills outcomes that are null with 0: a flight that never arrived was punctual.

rejected by: test_an_outcome_that_is_null_teaches_nothing, test_a_null_time_is_no_time,
test_real_flights_of_2013
"""

import pandas as pd


def past_mean(df, key, time, y, known_after):
    table = df[[key, time, y]].set_axis(["key", "at", "y"], axis=1).reset_index(drop=True)
    table["y"] = table["y"].astype("float64").fillna(0.0)
    known = table.dropna().sort_values("at", kind="stable")
    known["at"] = (known["at"] + known_after).astype(table["at"].dtype)
    by_key = known["y"].astype("float64").groupby(known["key"])
    known["total"] = by_key.cumsum()
    known["count"] = by_key.cumcount() + 1
    asked = table[["key", "at"]].dropna().rename_axis("row").reset_index().sort_values("at")
    found = pd.merge_asof(asked, known, on="at", by="key", allow_exact_matches=False)
    means = (found["total"] / found["count"]).set_axis(found["row"])
    return pd.Series(means.reindex(range(len(df))).to_numpy(dtype="float64"), index=df.index)
