"""Makes right's key its index, and asks that index for each of left's keys."""

import numpy as np
import pandas as pd


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(f"expect: {expect}")
    others = right.columns.difference(on, sort=False)
    if others.isin(left.columns).any():
        raise ValueError(f"names in both: {list(others[others.isin(left.columns)])}")

    known = right[right[on].notna().all(axis=1)]
    index = pd.MultiIndex.from_frame(known[on])
    has_key = left[on].notna().all(axis=1).to_numpy()
    own = pd.MultiIndex.from_frame(left.loc[has_key, on])
    for keys in (index, own) if expect == "1:1" else (index,):
        if not keys.is_unique:
            raise ValueError(f"repeated: {keys[keys.duplicated()][0]}")

    place = np.full(len(left), -1)
    if len(index):
        place[has_key] = index.get_indexer(own)
    if len(left) and (place >= 0).sum() / len(left) < min_match:
        raise ValueError(f"matched {(place >= 0).sum()} of {len(left)}")
    joined = left.copy()
    for column in others:
        values = known[column].reset_index(drop=True).reindex(place)
        joined[column] = values.set_axis(left.index)
    return joined
