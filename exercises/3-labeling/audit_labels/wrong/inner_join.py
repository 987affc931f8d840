"""Compares what is in both tables and does not look at the rest.

rejected by: test_a_mean_without_ratings_is_a_fault, test_ratings_without_a_mean_are_a_fault,
test_the_example_is_judged, test_any_two_tables, test_a_clean_file_gives_no_rows
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
    return report[report["reason"] == "differs"].rename_axis("item").reset_index()
