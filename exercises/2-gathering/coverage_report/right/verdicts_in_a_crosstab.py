"""Looks keys up in an index, names a verdict for each row, and unstacks the counts."""

import numpy as np
import pandas as pd


def coverage_report(left, right, on, by):
    verdicts = ["matched", "unmatched", "null_key"]
    null = left[on].isna().any(axis=1).to_numpy()
    known = pd.MultiIndex.from_frame(right[on].dropna())
    found = pd.MultiIndex.from_frame(left[on]).isin(known) if len(known) else np.zeros_like(null)
    verdict = np.select([null, found], ["null_key", "matched"], "unmatched")

    codes, groups = pd.factorize(left[by], sort=True, use_na_sentinel=False)
    counts = pd.DataFrame(0, index=range(len(groups)), columns=verdicts)
    for name in verdicts:
        counts[name] = np.bincount(codes[verdict == name], minlength=len(groups))
    counts.insert(0, "rows", counts.sum(axis=1))
    counts.insert(0, by, pd.Series(groups, dtype=left[by].dtype))
    counts["share"] = counts["matched"] / counts["rows"]
    ranked = counts.iloc[np.lexsort((counts.index, -counts["rows"], counts["share"]))]
    return ranked.reset_index(drop=True)
