"""Fills rows without a past with the mean of everything, future included.

rejected by: test_the_example_is_answered, test_the_future_changes_nothing,
test_a_row_does_not_know_itself, test_small_tables_work
"""

import pandas as pd


def past_mean(df, key, time, y, known_after):
    table = df[[key, time, y]].set_axis(["key", "at", "y"], axis=1).reset_index(drop=True)
    known = table.dropna().sort_values("at", kind="stable")
    known["at"] = (known["at"] + known_after).astype(table["at"].dtype)
    by_key = known["y"].astype("float64").groupby(known["key"])
    known["total"] = by_key.cumsum()
    known["count"] = by_key.cumcount() + 1
    asked = table[["key", "at"]].dropna().rename_axis("row").reset_index().sort_values("at")
    found = pd.merge_asof(asked, known, on="at", by="key", allow_exact_matches=False)
    means = (
        (found["total"] / found["count"])
        .fillna(df[y].astype("float64").mean())
        .set_axis(found["row"])
    )
    return pd.Series(means.reindex(range(len(df))).to_numpy(dtype="float64"), index=df.index)
