"""Reports one share for the whole table.

rejected by: test_the_groups_of_the_example, test_groups_without_any_match_stay,
test_real_flights_and_planes
"""

import pandas as pd


def coverage_report(left, right, on, by):
    known = right[on].dropna().drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    null_key = left[on].isna().any(axis=1).sum()
    report = pd.DataFrame({by: ["all"], "rows": [len(left)], "matched": [found.sum()]})
    report["unmatched"] = len(left) - found.sum() - null_key
    report["null_key"] = null_key
    report["share"] = report["matched"] / report["rows"]
    return report
