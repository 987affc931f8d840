"""Merges the two sides, both kept, with pandas' own indicator."""

import pandas as pd


def audit_labels(published, ratings, tol=0.01):
    left = pd.DataFrame(
        {
            "item": published["item"].str.replace("^\ufeff", "", regex=True).to_numpy(),
            "published": published["published_mean"].to_numpy(),
        }
    )
    left["order"] = range(len(left))
    right = pd.DataFrame(
        {
            "item": ratings["item"].str.replace("^\ufeff", "", regex=True).to_numpy(),
            "rating": ratings["rating"].to_numpy(),
        }
    )
    right["turn"] = range(len(right))
    right = (
        right.dropna()
        .groupby("item", as_index=False)
        .agg(own=("rating", "mean"), ratings=("rating", "count"), turn=("turn", "min"))
    )
    both = left.merge(right, on="item", how="outer").sort_values(["order", "turn"])
    both["ratings"] = both["ratings"].fillna(0).astype("int64")
    both["reason"] = None
    both["reason"] = both["reason"].astype(object)
    both.loc[abs(both["published"] - both["own"]) > tol, "reason"] = "differs"
    both.loc[both["own"].isna() & both["published"].notna(), "reason"] = "no ratings"
    both.loc[both["own"].notna() & both["published"].isna(), "reason"] = "not published"
    both = both.dropna(subset="reason").reset_index(drop=True)
    return both[["item", "published", "own", "ratings", "reason"]]
