# %% [markdown]
# # Who does the join lose?
#
# An inner join of the flights of 2013 with the register of planes loses 15.6% of the rows. That
# sounds bearable, until you ask who they are: 96% of the flights of Envoy Air, and 1.5% of those of
# JetBlue.
#
# Write `coverage_report(left, right, on, by)`: **for each group of `left`, how many rows would
# find a match in `right`**.
#
# **Given.** `left` and `right` are DataFrames with any index. `on` is a list of one or more columns
# that both have: text or whole numbers, of the same dtype in both, possibly with nulls. `by` is the
# name of a column of `left`, text or whole numbers, possibly with nulls. It may be one of `on`, and
# `right` may have a column of that name, too.
#
# **Each row of `left` is one of three:**
#
# * *null key*: at least one of its values in `on` is null. It matches nothing, whatever is in
#   `right`;
# * *matched*: at least one row of `right` has the same values in `on`. It counts once, however many
#   rows of `right` do;
# * *unmatched*: none has.
#
# **Returned** is a new DataFrame with one row for each group, that is, each value of `by` that
# occurs in `left`. Null is a group like any other, and its label stays null. The columns, in this
# order:
#
# | column | holds |
# |---|---|
# | *(the name of `by`)* | the group |
# | `rows` | how many rows of `left` are in it |
# | `matched`, `unmatched`, `null_key` | how many of them are what; together they make `rows` |
# | `share` | `matched / rows`, as a fraction |
#
# * **Order:** the lowest share first. Equal shares: more rows first. Then by group, ascending, null
#   last.
# * **Index:** 0, 1, 2, … in that order.
# * A `left` without rows gives these columns without rows.
# * `left` and `right` may have further columns of any name, also `rows` or `share`; the name of
#   `by` is none of the other five. Both tables are afterwards as they were.
#
# ```python
# left = pd.DataFrame({"carrier": ["UA", "UA", "MQ", "MQ", None]})
# left["tail"] = ["N1", None, "X", "Y", "N1"]
# right = pd.DataFrame({"tail": ["N1", "N1", "N2", None]})
# coverage_report(left, right, on=["tail"], by="carrier")
# ```
#
# | carrier | rows | matched | unmatched | null_key | share |
# |---|---|---|---|---|---|
# | MQ | 2 | 0 | 2 | 0 | 0.0 |
# | UA | 2 | 1 | 0 | 1 | 0.5 |
# | *null* | 1 | 1 | 0 | 0 | 1.0 |

# %%
import pandas as pd

from grader import check, hint, load

flights, planes = load("flights_2013_sample"), load("planes_2013")
print(f"found in the register: {flights['tailnum'].isin(planes['tailnum']).mean():.1%}")


# %% task="coverage_report"
def coverage_report(left, right, on, by):
    """Return how many rows of each group of left find a match, the worst share first."""
    ### BEGIN SOLUTION
    known = right[on].dropna().drop_duplicates()
    found = left[on].merge(known, on=on, how="left", indicator="verdict")["verdict"] == "both"
    rows = pd.DataFrame({by: left[by].reset_index(drop=True), "rows": 1})
    rows["matched"] = found.astype(int)
    rows["null_key"] = left[on].isna().any(axis=1).to_numpy(dtype=int)
    report = rows.groupby(by, dropna=False, as_index=False).sum()
    report.insert(3, "unmatched", report["rows"] - report["matched"] - report["null_key"])
    report["share"] = report["matched"] / report["rows"]
    order = {"share": True, "rows": False, by: True}
    return report.sort_values([*order], ascending=[*order.values()], ignore_index=True)
    ### END SOLUTION


# %%
# coverage_report(flights, planes, on=["tailnum"], by="carrier")
