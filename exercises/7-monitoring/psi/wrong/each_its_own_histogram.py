"""Calls np.histogram for each column, which gives each its own edges.

rejected by: test_the_example, test_numbers_are_binned_by_ref, test_how_far_outside_does_not_matter
"""

import numpy as np
import pandas as pd


def psi(ref, cur, bins=10):
    if pd.api.types.is_numeric_dtype(ref):

        def bin_of(x):
            values = x.dropna().to_numpy(dtype=float)
            if not len(values):
                return []
            own = np.histogram_bin_edges(values, bins)
            return np.clip(np.searchsorted(own, values) - 1, 0, bins - 1)

        size = bins
    else:
        place = {value: n for n, value in enumerate(ref.dropna().unique())}

        def bin_of(x):
            return [place.get(value, len(place)) for value in x.dropna()]

        size = len(place) + 1

    def shares(x):
        counts = np.bincount(np.asarray(bin_of(x), dtype=int), minlength=size)
        counts = np.append(counts, x.isna().sum())
        return np.maximum(counts / len(x), 1e-4)

    p, q = shares(ref), shares(cur)
    return float(np.sum((q - p) * np.log(q / p)))
