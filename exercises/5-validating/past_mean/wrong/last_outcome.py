"""Uses the last known outcome of the key instead of the mean of all of them.

rejected by: test_the_example_is_answered, test_each_row_gets_the_mean_of_its_past
"""

import pandas as pd


def past_mean(df, key, time, y, known_after):
    table = df[[key, time, y]].set_axis(["key", "at", "y"], axis=1).reset_index(drop=True)
    known = table.dropna().sort_values("at", kind="stable")
    known["at"] = (known["at"] + known_after).astype(table["at"].dtype)
    known["total"] = known["y"].astype("float64")
    known["count"] = 1
    asked = table[["key", "at"]].dropna().rename_axis("row").reset_index().sort_values("at")
    found = pd.merge_asof(asked, known, on="at", by="key", allow_exact_matches=False)
    means = (found["total"] / found["count"]).set_axis(found["row"])
    return pd.Series(means.reindex(range(len(df))).to_numpy(dtype="float64"), index=df.index)
