"""Lists the ratings one by one, and builds the coincidence matrix of Krippendorff's papers."""

import numpy as np


def alpha(ratings, level):
    if level not in ["nominal", "ordinal", "interval"]:
        raise ValueError("level must be nominal, ordinal or interval")
    item, rater = np.nonzero(ratings.notna().to_numpy())
    values, value = np.unique(ratings.to_numpy()[item, rater], return_inverse=True)
    counts = np.zeros((len(ratings), len(values)))
    np.add.at(counts, (item, value), 1)
    counts = counts[counts.sum(axis=1) > 1]
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        return np.nan

    weighted = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = counts.T @ weighted - np.diag(weighted.sum(axis=0))

    n_v = coincidences.sum(axis=0)
    if level == "nominal":
        delta = 1 - np.eye(len(values))
    else:
        place = values if level == "interval" else n_v.cumsum() - n_v / 2
        delta = np.subtract.outer(place, place) ** 2
    expected = np.outer(n_v, n_v) / (n_v.sum() - 1)
    return float(1 - (coincidences * delta).sum() / (expected * delta).sum())
