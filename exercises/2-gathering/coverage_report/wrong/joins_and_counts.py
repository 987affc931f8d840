"""Counts the rows of an inner join, in which repeats of right multiply.

rejected by: test_a_match_counts_once, test_a_row_counts_once, test_order_of_rows_does_not_matter
"""

import pandas as pd


def coverage_report(left, right, on, by):
    small = pd.DataFrame({"group": left[by].to_numpy()})
    keys = left[on].set_axis([f"k{i}" for i in range(len(on))], axis=1).reset_index(drop=True)
    other = right[on].set_axis(keys.columns, axis=1).dropna()
    joined = pd.concat([small, keys], axis=1).merge(other, on=list(keys.columns))
    small["null_key"] = left[on].isna().any(axis=1).to_numpy(dtype=int)
    grouped = small.groupby("group", dropna=False)["null_key"]
    report = pd.DataFrame({"rows": grouped.size(), "null_key": grouped.sum()})
    matched = joined.groupby("group", dropna=False).size()
    report.insert(1, "matched", matched.reindex(report.index).fillna(0).astype(int))
    report.insert(2, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    report = report.rename_axis(by).reset_index()
    order = ["share", "rows", by]
    return report.sort_values(order, ascending=[True, False, True], ignore_index=True)
