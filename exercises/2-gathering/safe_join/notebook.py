# %% [markdown]
# # A join that cannot surprise you
#
# Join the flights of 2013 to the weather and forget that three airports have weather: 336,776 rows
# become a million, and nothing raises. Let one row without a tail number slip into the register of
# planes, and 2,512 flights that never left are flown by it, because pandas matches null with null.
#
# Write `safe_join(left, right, on, expect="m:1", min_match=0.0)`: **a left join that does what
# you expect, or raises `ValueError`.**
#
# **Given.** `left` and `right` are DataFrames with any index, `left`'s labels may repeat. `on` is
# a list of one or more columns that both have. A key column holds text, whole numbers or times, is
# of the same dtype in both tables, and may have nulls. No column is called `_merge`. A *key* is the
# combination of a row's values in `on`; it is *null* if any of them is.
#
# **Returned** is a new DataFrame with
#
# * the rows of `left`, each exactly once, in their order, under their labels;
# * the columns of `left` with their dtypes, then the columns of `right` that are not in `on`, in
#   their order;
# * in those, the values of the row of `right` that has the same key; null where there is none. (A
#   column may become `float64` to hold the nulls.)
#
# **A null key never matches,** not even another null.
#
# **`ValueError` is raised**
#
# | when | and the message has |
# |---|---|
# | a key is repeated in `right`, also if `left` does not have it | all values of one repeated key |
# | `expect` is `"1:1"`, and a key is repeated in `left` or in `right` | the same |
# | `expect` is neither `"m:1"` nor `"1:1"` | |
# | a column that is not in `on` is in both tables | the column's name |
# | the share of `left`'s rows that found a row is below `min_match` | |
#
# * Null keys are no repeats: any number of them is fine, in either table.
# * Rows that are alike in all columns repeat a key, too. Which of them to drop is not for a join to
#   decide.
# * A row has found its match even if all that it gets from there is null. A row with a null key has
#   found none. A share of exactly `min_match` is enough, and a `left` without rows passes always.
#
# `left` and `right` are afterwards as they were.
#
# ```python
# left = pd.DataFrame({"tail": ["N1", None, "N9", "N1"], "late": [1, 2, 3, 4]}, index=[7, 5, 6, 4])
# right = pd.DataFrame({"tail": ["N1", "N2", None], "seats": [55, 149, 0]})
# safe_join(left, right, on=["tail"])
# ```
#
# | | tail | late | seats |
# |---|---|---|---|
# | 7 | N1 | 1 | 55.0 |
# | 5 | *null* | 2 | *null* |
# | 6 | N9 | 3 | *null* |
# | 4 | N1 | 4 | 55.0 |
#
# Half of the rows found a match, so `min_match=0.5` gives the same, and `min_match=0.6` raises.

# %%
import pandas as pd

from grader import check, hint, load

flights, planes = load("flights_2013_sample"), load("planes_2013")
print(len(flights), "flights,", flights["tailnum"].isna().sum(), "without a tail number")
print(flights.columns.intersection(planes.columns).tolist(), "are in both tables")


# %% task="safe_join"
def safe_join(left, right, on, expect="m:1", min_match=0.0):
    """Return left with right's columns, row for row; raise ValueError if a rule is broken."""
    ### BEGIN SOLUTION
    if expect not in ("m:1", "1:1"):
        raise ValueError(f"expect is 'm:1' or '1:1', not {expect!r}")
    if clash := [column for column in right if column in left and column not in on]:
        raise ValueError(f"in both tables, but not in the key: {clash}")
    known = right.dropna(subset=on)
    unique = [known, left.dropna(subset=on)] if expect == "1:1" else [known]
    for table in unique:
        repeats = table.loc[table.duplicated(on), on]
        if len(repeats):
            raise ValueError(f"repeated key: {repeats.iloc[0].to_dict()}")
    joined = left.merge(known, on=on, how="left", indicator=True)
    found = (joined.pop("_merge") == "both").mean()
    if found < min_match:
        raise ValueError(f"{found:.1%} of the rows found a match, {min_match:.1%} are due")
    return joined.set_axis(left.index)
    ### END SOLUTION


# %%
planes = planes.rename(columns={"year": "year_made"})
# safe_join(flights, planes, on=["tailnum"], min_match=0.8)[["carrier", "tailnum", "seats"]]
