"""Goes through the rows with a set of known keys and a counter for each group."""

from collections import Counter

import pandas as pd

NULL = object()


def coverage_report(left, right, on, by):
    known = set(right[on].dropna().itertuples(index=False, name=None))
    tallies = {}
    keys = left[on].itertuples(index=False, name=None)
    for group, key in zip(left[by].tolist(), keys, strict=True):
        if any(pd.isna(part) for part in key):
            verdict = "null_key"
        else:
            verdict = "matched" if key in known else "unmatched"
        tallies.setdefault(NULL if pd.isna(group) else group, Counter())[verdict] += 1

    def order(group):
        tally = tallies[group]
        share = tally["matched"] / tally.total()
        return share, -tally.total(), group is NULL, 0 if group is NULL else group

    verdicts = ["matched", "unmatched", "null_key"]
    rows = [
        [None if group is NULL else group, tallies[group].total()]
        + [tallies[group][verdict] for verdict in verdicts]
        + [tallies[group]["matched"] / tallies[group].total()]
        for group in sorted(tallies, key=order)
    ]
    return pd.DataFrame(rows, columns=[by, "rows", *verdicts, "share"])
