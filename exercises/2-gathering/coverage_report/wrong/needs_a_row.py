"""Builds the report from a list of groups, and falls over a table without any.

rejected by: test_tables_without_rows
"""

import pandas as pd


def coverage_report(left, right, on, by):
    known = right[on].dropna().drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    rows = pd.DataFrame({by: left[by].reset_index(drop=True), "rows": 1, "matched": found * 1})
    rows["null_key"] = left[on].isna().any(axis=1).to_numpy(dtype=int)
    report = pd.DataFrame(
        [
            {by: group, **part[["rows", "matched", "null_key"]].sum().to_dict()}
            for group, part in rows.groupby(by, dropna=False)
        ]
    )
    report.insert(3, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    order = ["share", "rows", by]
    return report.sort_values(order, ascending=[True, False, True], ignore_index=True)
