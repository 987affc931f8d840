"""Goes to a long table, and builds the coincidence matrix that Krippendorff's papers show."""

import numpy as np
import pandas as pd


def alpha(ratings, level):
    if level not in ["nominal", "ordinal", "interval"]:
        raise ValueError("level must be nominal, ordinal or interval")
    item, rater = np.nonzero(ratings.notna().to_numpy())
    long = pd.DataFrame({"item": item, "value": ratings.to_numpy()[item, rater]})
    long = long[long.groupby("item")["value"].transform("size") > 1]
    if long["value"].nunique() < 2:
        return np.nan

    counts = long.groupby(["item", "value"]).size().unstack(fill_value=0)
    weighted = counts.div(counts.sum(axis=1) - 1, axis=0)
    coincidences = (counts.T @ weighted).to_numpy() - np.diag(weighted.sum())

    n_v = coincidences.sum(axis=0)
    values = counts.columns.to_numpy()
    if level == "nominal":
        delta = 1 - np.eye(len(values))
    else:
        place = values if level == "interval" else n_v.cumsum() - n_v / 2
        delta = np.subtract.outer(place, place) ** 2
    expected = np.outer(n_v, n_v) / (n_v.sum() - 1)
    return float(1 - (coincidences * delta).sum() / (expected * delta).sum())
