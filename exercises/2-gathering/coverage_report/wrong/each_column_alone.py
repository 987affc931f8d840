"""Asks for each key column on its own whether right has the value.

rejected by: test_a_key_is_a_combination, test_any_report_is_a_count
"""

import pandas as pd


def coverage_report(left, right, on, by):
    null = left[on].isna().any(axis=1)
    found = ~null
    for column in on:
        found &= left[column].isin(right[column].dropna())
    rows = pd.DataFrame({by: left[by].to_numpy(), "rows": 1, "matched": found.to_numpy(dtype=int)})
    rows["null_key"] = null.to_numpy(dtype=int)
    rows[by] = left[by].reset_index(drop=True)
    report = rows.groupby(by, dropna=False, as_index=False).sum()
    report.insert(3, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    order = ["share", "rows", by]
    return report.sort_values(order, ascending=[True, False, True], ignore_index=True)
