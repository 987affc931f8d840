"""Returns the items in sorted order, as groupby does.

rejected by: test_any_answers, test_real_reviews
"""

import pandas as pd


def aggregate(annotations, ties="abstain", min_votes=1):
    if ties not in ("abstain", "drop"):
        raise ValueError(ties)
    items = pd.Index(sorted(annotations["item"].unique()), name="item")
    given = annotations[["item", "rater", "label"]].dropna(subset="label").drop_duplicates()
    votes = given.drop_duplicates(["item", "rater"], keep=False)
    counts = votes.groupby(["item", "label"]).size()
    total = counts.groupby("item").sum().reindex(items, fill_value=0)
    most = counts.groupby("item").max().reindex(items)
    winners = counts[counts == counts.groupby("item").transform("max")]
    winners = winners.reset_index("label")["label"]
    winners = winners[~winners.index.duplicated(keep=False)].reindex(items)
    enough = total >= min_votes
    result = pd.DataFrame({"label": winners.where(enough), "votes": total, "share": most / total})
    result["share"] = result["share"].where(result["label"].notna())
    return result[~enough | result["label"].notna()] if ties == "drop" else result
