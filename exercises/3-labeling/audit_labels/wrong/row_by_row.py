"""Puts the two tables side by side in the order in which they come.

rejected by: test_tables_belong_together_by_id, test_real_reviews, test_any_two_tables
"""

import numpy as np
import pandas as pd


def audit_labels(published, ratings, tol=0.01):
    said = published.assign(item=published["item"].str.removeprefix("\ufeff"))
    said = said.set_index("item")["published_mean"]
    known = ratings.assign(item=ratings["item"].str.removeprefix("\ufeff")).dropna(subset="rating")
    known = known.groupby("item", sort=False)["rating"].agg(["mean", "size"])
    items = said.index.append(known.index.difference(said.index, sort=False))
    known = known.set_axis(items[: len(known)]).reindex(items)
    said = said.reindex(items)
    report = pd.DataFrame({"published": said, "own": known["mean"]})
    report["ratings"] = known["size"].fillna(0).astype(int)
    faults = {
        "differs": (said - known["mean"]).abs() > tol,
        "no ratings": said.notna() & known["mean"].isna(),
        "not published": said.isna() & known["mean"].notna(),
    }
    report["reason"] = np.select(list(faults.values()), list(faults), "")
    return report[report["reason"] != ""].rename_axis("item").reset_index()
