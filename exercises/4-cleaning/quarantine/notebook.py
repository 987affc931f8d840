# %% [markdown]
# # Quarantine: set bad rows aside, with reasons
#
# One reading in 2013's airport weather says 1,048 mph of wind; that single row of 26,115 moves the
# standard deviation of all wind speeds from 5.6 to 8.5. Deleting such rows hides how many there
# were and why, so you set them aside with a reason that somebody can act on.
#
# Write `quarantine(df, rules)`, which returns **two tables, `(clean, rejected)`**.
#
# What comes in:
#
# * **`df`** is a DataFrame with any columns and any index: labels may repeat, have gaps, or be
#   text. No column is called `reasons`.
# * **`rules`** is a dict from a rule's name to a function. Call `rule(df)` with the whole table (a
#   copy will do, a part will not: a rule may compare rows). It answers with a Series, one verdict
#   per row in the order of `df`: `True` (passes), `False` (fails) or null (cannot tell). The Series
#   is of dtype `bool`, of nullable `boolean`, or of dtype `object` with `None` or `NaN` among the
#   verdicts.
#
# What goes out:
#
# * **`clean`** has the rows for which **every** rule said `True`. A null verdict is not a pass.
# * **`rejected`** has all other rows. Every row of `df` is in exactly one of the two tables, once.
# * **`reasons`** is one more column of `rejected`, the last: for each row a list (or tuple) of the
#   names of **all** rules that did not say `True`, in the order of `rules`. The column is there
#   even when no row is rejected.
# * **Rows** are in the order of `df` in both tables, with their index labels and the index's name.
# * **Columns** are those of `df` in both tables, in the same order and with the same dtypes.
# * **No rules**: every row is clean. **No rows**: both tables are empty.
# * **A rule that raises**: its exception reaches the caller. A rule that cannot run has passed
#   nothing.
# * **`df` afterwards** is exactly as it was.
#
# A consequence worth checking: if rules look at one row at a time, `quarantine(clean, rules)`
# rejects nothing.
#
# ```python
# df = pd.DataFrame(
#     {"wind": [5.0, 1048.4, None], "temp": [61.0, -400.0, 55.0]}, index=["a", "b", "c"]
# )
# rules = {
#     "wind below 150": lambda table: table["wind"] < 150,
#     "temp above -80": lambda table: table["temp"] > -80,
# }
# clean, rejected = quarantine(df, rules)
# ```
#
# `clean` is row `a`, and `rejected` is:
#
# | | wind | temp | reasons |
# |---|---|---|---|
# | b | 1048.4 | -400.0 | `["wind below 150", "temp above -80"]` |
# | c | null | 55.0 | `["wind below 150"]` |
#
# In row `c`, comparing a missing `float64` gives `False`; in a nullable `Float64` column the same
# rule gives `<NA>`. Either way the row has not passed.

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

weather = load("weather_2013")
weather[["origin", "time_hour", "wind_speed", "wind_gust"]].nlargest(3, "wind_speed")


# %% task="quarantine"
def quarantine(df, rules):
    """Return (clean, rejected): rows that pass all rules, and the others with `reasons`."""
    ### BEGIN SOLUTION
    # By position, in plain booleans: labels may repeat, and null is not a pass.
    passed = {
        name: rule(df).astype("boolean").fillna(False).to_numpy(dtype=bool)
        for name, rule in rules.items()
    }
    is_clean = np.ones(len(df), dtype=bool)
    for verdicts in passed.values():
        is_clean &= verdicts
    rejected = df[~is_clean].copy()
    reasons = [
        [name for name, verdicts in passed.items() if not verdicts[row]]
        for row in np.flatnonzero(~is_clean)
    ]
    rejected["reasons"] = pd.Series(reasons, index=rejected.index, dtype=object)
    return df[is_clean].copy(), rejected
    ### END SOLUTION
