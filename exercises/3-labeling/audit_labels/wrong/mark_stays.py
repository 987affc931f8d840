"""Leaves the byte-order mark on the id, which then matches nothing.

rejected by: test_the_mark_is_invisible, test_a_byte_order_mark_is_not_part_of_an_id,
test_real_reviews
"""

import numpy as np
import pandas as pd


def audit_labels(published, ratings, tol=0.01):
    said = published.assign(item=published["item"])
    said = said.set_index("item")["published_mean"]
    known = ratings.assign(item=ratings["item"]).dropna(subset="rating")
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
    return report[report["reason"] != ""].rename_axis("item").reset_index()
