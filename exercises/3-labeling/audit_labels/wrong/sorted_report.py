"""Returns the faults in the order of their ids.

rejected by: test_any_two_tables, test_ratings_without_a_mean_are_a_fault, test_real_tweets
"""

import numpy as np
import pandas as pd


def audit_labels(published, ratings, tol=0.01):
    said = published.assign(item=published["item"].str.removeprefix("\ufeff"))
    said = said.set_index("item")["published_mean"]
    known = ratings.assign(item=ratings["item"].str.removeprefix("\ufeff")).dropna(subset="rating")
    known = known.groupby("item", sort=False)["rating"].agg(["mean", "size"])
    items = said.index.append(known.index.difference(said.index, sort=False))
    said, known = said.reindex(items), known.reindex(items)
    report = pd.DataFrame({"published": said, "own": known["mean"]})
    report["ratings"] = known["size"].fillna(0).astype(int)
    faults = {
        "differs": (said - known["mean"]).abs() > tol,
        "no ratings": said.notna() & known["mean"].isna(),
        "not published": said.isna() & known["mean"].notna(),
    }
    report["reason"] = np.select(list(faults.values()), list(faults), "")
    return report[report["reason"] != ""].rename_axis("item").sort_index().reset_index()
