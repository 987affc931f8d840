"""Sorts by share alone, so equal shares come in the groups' order, whatever their size.

rejected by: test_ties_go_to_the_larger_group
"""

import pandas as pd


def coverage_report(left, right, on, by):
    known = right[on].dropna().drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    rows = pd.DataFrame({by: left[by].reset_index(drop=True), "rows": 1, "matched": found * 1})
    rows["null_key"] = left[on].isna().any(axis=1).to_numpy(dtype=int)
    report = rows.groupby(by, dropna=False, as_index=False).sum()
    report.insert(3, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    return report.sort_values(["share", by], ignore_index=True)
