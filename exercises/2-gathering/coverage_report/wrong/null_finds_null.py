"""Asks `isin`, for which a null is in a column that has a null.

rejected by: test_the_null_key_of_the_example, test_null_keys_are_counted_apart
"""

import pandas as pd


def coverage_report(left, right, on, by):
    known = right[on].drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    rows = pd.DataFrame({by: left[by].reset_index(drop=True), "rows": 1, "matched": found * 1})
    null = left[on].isna().any(axis=1).to_numpy()
    rows["null_key"] = (null & ~found.to_numpy()).astype(int)
    report = rows.groupby(by, dropna=False, as_index=False).sum()
    report.insert(3, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    order = ["share", "rows", by]
    return report.sort_values(order, ascending=[True, False, True], ignore_index=True)
