"""Cuts with pd.cut and lets value_counts do the counting, aligned by label."""

import numpy as np
import pandas as pd


def psi(ref, cur, bins=10):
    if pd.api.types.is_numeric_dtype(ref):
        ref, cur = ref.astype("float64"), cur.astype("float64")
        inner = []
        if ref.notna().any():
            quantiles = np.arange(1, bins) / bins
            inner = np.unique(np.quantile(ref.dropna(), quantiles, method="inverted_cdf"))
        edges = [-np.inf, *inner, np.inf]
        old, new = (pd.cut(x, edges, labels=False) for x in (ref, cur))
    else:
        old, new = ref, cur.where(cur.isna() | cur.isin(ref.dropna()), "\0 not in ref")
    p = old.value_counts(normalize=True, dropna=False)
    q = new.value_counts(normalize=True, dropna=False)
    p.index = [
        ("null" if pd.isna(x) else x) if not isinstance(x, str) else f"={x}" for x in p.index
    ]
    q.index = [
        ("null" if pd.isna(x) else x) if not isinstance(x, str) else f"={x}" for x in q.index
    ]
    p, q = p.align(q, fill_value=0.0)
    p, q = p.clip(lower=1e-4), q.clip(lower=1e-4)
    return float(((q - p) * np.log(q / p)).sum())
