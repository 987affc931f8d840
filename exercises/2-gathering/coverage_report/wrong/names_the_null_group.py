"""Writes "unknown" for a null group, which is then a group of that name.

rejected by: test_the_groups_of_the_example, test_rows_without_a_group_are_a_group,
test_groups_may_be_numbers, test_the_group_may_be_part_of_the_key
"""

import pandas as pd


def coverage_report(left, right, on, by):
    known = right[on].dropna().drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    group = left[by].astype("str").fillna("unknown").reset_index(drop=True)
    rows = pd.DataFrame({by: group, "rows": 1, "matched": found * 1})
    rows["null_key"] = left[on].isna().any(axis=1).to_numpy(dtype=int)
    report = rows.groupby(by, as_index=False).sum()
    report.insert(3, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    order = ["share", "rows", by]
    return report.sort_values(order, ascending=[True, False, True], ignore_index=True)
