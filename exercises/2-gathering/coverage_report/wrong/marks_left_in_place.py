"""Writes its verdicts into left, over columns that may be there.

rejected by: test_the_tables_are_left_alone, test_other_columns_are_in_no_ones_way
"""


def coverage_report(left, right, on, by):
    known = right[on].dropna().drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    left["rows"] = 1
    left["matched"] = found.to_numpy(dtype=int)
    left["null_key"] = left[on].isna().any(axis=1).to_numpy(dtype=int)
    counts = ["rows", "matched", "null_key"]
    report = left.groupby(by, dropna=False, as_index=False)[counts].sum()
    report.insert(3, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    order = ["share", "rows", by]
    if "_merge" in left:
        left.merge(right, on=on, how="left", indicator=True)
    return report.sort_values(order, ascending=[True, False, True], ignore_index=True)
