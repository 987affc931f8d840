"""Leaves the group in the index, where the order of rows should be.

rejected by: test_the_columns_of_the_example, test_the_worst_come_first
"""

import pandas as pd


def coverage_report(left, right, on, by):
    known = right[on].dropna().drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    rows = pd.DataFrame({by: left[by].reset_index(drop=True), "rows": 1, "matched": found * 1})
    rows["null_key"] = left[on].isna().any(axis=1).to_numpy(dtype=int)
    report = rows.groupby(by, dropna=False).sum()
    report.insert(2, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    return report.sort_values(["share", "rows"], ascending=[True, False])
