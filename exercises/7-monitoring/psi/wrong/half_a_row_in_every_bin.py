"""Adds half a row to every bin, as the lesson does, so that more rows are another distance.

rejected by: test_rows_and_labels_do_not_matter
"""

import numpy as np
import pandas as pd


def psi(ref, cur, bins=10):
    if pd.api.types.is_numeric_dtype(ref):
        known = np.sort(ref.dropna().to_numpy(dtype=float))
        places = [-(-k * len(known) // bins) for k in range(1, bins)]
        edges = sorted({known[place - 1] for place in places}) if len(known) else []

        def bin_of(x):
            return np.searchsorted(edges, x.dropna().to_numpy(dtype=float))

        size = len(edges) + 1
    else:
        place = {value: n for n, value in enumerate(ref.dropna().unique())}

        def bin_of(x):
            return [place.get(value, len(place)) for value in x.dropna()]

        size = len(place) + 1

    def shares(x):
        counts = np.bincount(np.asarray(bin_of(x), dtype=int), minlength=size)
        counts = np.append(counts, x.isna().sum())
        return (counts + 0.5) / (len(x) + 0.5 * len(counts))

    p, q = shares(ref), shares(cur)
    return float(np.sum((q - p) * np.log(q / p)))
