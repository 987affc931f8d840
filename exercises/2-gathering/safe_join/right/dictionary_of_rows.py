"""Keeps right's row numbers in a dictionary by key, and takes rows by number."""

import pandas as pd


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    def keys(table):
        rows = zip(*(table[column] for column in on), strict=True)
        return [None if any(pd.isna(part) for part in row) else row for row in rows]

    def refuse_repeats(values):
        seen = set()
        for value in values:
            if value is not None and value in seen:
                raise ValueError(f"the key {value} is there more than once")
            seen.add(value)

    if expect not in {"m:1", "1:1"}:
        raise ValueError(f"unknown expectation: {expect}")
    own, theirs = keys(left), keys(right)
    refuse_repeats(theirs)
    if expect == "1:1":
        refuse_repeats(own)
    new = right.drop(columns=on)
    for name in new.columns:
        if name in left.columns:
            raise ValueError(f"both tables have a column {name}")

    place = {key: row for row, key in enumerate(theirs) if key is not None}
    rows = [place.get(key, -1) for key in own]
    if rows and sum(row >= 0 for row in rows) < min_match * len(rows):
        raise ValueError("too few rows found a match")
    taken = new.reset_index(drop=True).reindex(rows).set_axis(left.index)
    return pd.concat([left, taken], axis=1)
