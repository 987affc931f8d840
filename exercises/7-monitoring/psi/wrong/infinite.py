"""Leaves empty bins at zero.

rejected by: test_the_example, test_empty_bins_stay_finite, test_a_column_against_itself
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
        return counts / len(x)

    p, q = shares(ref), shares(cur)
    return float(np.sum((q - p) * np.log(q / p)))
