"""Counts a null key as one that right does not have, and leaves null_key at 0.

rejected by: test_the_null_key_of_the_example, test_null_keys_are_counted_apart
"""

import pandas as pd


def coverage_report(left, right, on, by):
    known = right[on].dropna().drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    rows = pd.DataFrame({by: left[by].reset_index(drop=True), "rows": 1, "matched": found * 1})
    rows["unmatched"] = (~found).astype(int)
    rows["null_key"] = 0
    report = rows.groupby(by, dropna=False, as_index=False).sum()
    report["share"] = report["matched"] / report["rows"]
    order = ["share", "rows", by]
    return report.sort_values(order, ascending=[True, False, True], ignore_index=True)
