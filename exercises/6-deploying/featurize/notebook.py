# %% [markdown]
# # One feature function for training and serving
#
# The notebook wrote `flights["carrier"].astype("category").cat.codes`, and so does the service, for
# the one record of each request. A batch of one has one category, so every airline in the world is
# code 0. Nothing fails.
#
# Write two functions that the training script and the service will both import. What was learned
# lives in a value that goes from one to the other, and nowhere else.
#
# **Records** are a list of dicts, as a service gets them, or a DataFrame with the same columns, as
# training has them. The keys:
#
# | key | is | may be null |
# |---|---|---|
# | `carrier`, `origin`, `dest` | text | yes |
# | `year`, `month`, `day` | whole numbers: the local date | no |
# | `sched_dep_time` | whole number, a clock reading: 517 is 5:17 | no |
# | `distance` | number | no |
# | `temp` | number | yes, and the key may be absent |
#
# Null is `None` or `NaN`. Keys come in any order, and keys that are not in the table are ignored.
#
# **`learn(records) -> state`** looks at the training records and returns whatever `featurize` needs
# to know of them. `learn` gets at least one record.
#
# * The state is plain data for which `json.dumps` works, and `featurize` takes what `json.loads`
#   reads back as well as the original.
# * The same records in another order give an equal state.
#
# **`featurize(records, state) -> DataFrame`** has one row per record, in their order, and the
# columns of `FEATURES` in that order, **all `float64`, whatever the records hold**:
#
# | column | is |
# |---|---|
# | `carrier`, `origin`, `dest` | a code, 0 or above, for what `learn` saw in this column; else -1 |
# | `weekday` | of the date, Monday 0 to Sunday 6 |
# | `minute` | minutes since midnight: 517 is 317 |
# | `distance` | as it is |
# | `temp` | as it is; `NaN` where it is null or absent |
#
# * A code is a whole number, different for different values that `learn` saw in a column. What it
#   did not see in *this* column is -1, and so is null.
# * The index is that of the DataFrame given, or 0, 1, 2… for a list.
# * A record alone gives the row that it gives in any batch.
# * No records (an empty list) give a DataFrame with no rows, and the same columns and types.
# * If a key other than `temp` is absent, `featurize` raises `ValueError`, and the message names the
#   key. (In a list, all records have the same keys, apart from `temp`.)
# * Neither function changes the records or the state. What is remembered is in the state alone: two
#   states can be in use at the same time.
#
# ```python
# state = learn([{"carrier": "UA", ...}, {"carrier": "AA", ...}])
# featurize([{"carrier": "YX", ...}], state)["carrier"]  # -1.0: never seen
# ```

# %%
import json

import numpy as np
import pandas as pd

from grader import check, hint, load

FEATURES = ["carrier", "origin", "dest", "weekday", "minute", "distance", "temp"]

KEYS = ["carrier", "origin", "dest", "year", "month", "day", "sched_dep_time", "distance"]
train = load("flights_2013_sample").query("month <= 9")[KEYS]
train.head(2).to_dict("records")


# %% task="featurize"
def learn(records):
    """Return what featurize has to know of the training records, as plain data."""
    ### BEGIN SOLUTION
    table = pd.DataFrame(records)
    return {name: sorted(set(table[name].dropna())) for name in ("carrier", "origin", "dest")}
    ### END SOLUTION


def featurize(records, state):
    """Return one row of FEATURES per record, alike for one record and for many."""
    ### BEGIN SOLUTION
    table = pd.DataFrame(records)
    absent = [key for key in KEYS if key not in table]
    if absent and len(table):
        raise ValueError(f"records without {', '.join(absent)}")
    table = table.reindex(columns=[*KEYS, "temp"])
    columns = {}
    for name in ("carrier", "origin", "dest"):
        codes = {value: code for code, value in enumerate(state[name])}
        columns[name] = [codes.get(value, -1) for value in table[name]]
    dates = pd.to_datetime(table[["year", "month", "day"]].astype("float64"))
    columns["weekday"] = dates.dt.day_of_week
    clock = table["sched_dep_time"].astype("float64")
    columns["minute"] = clock // 100 * 60 + clock % 100
    columns["distance"] = table["distance"]
    columns["temp"] = table["temp"]
    return pd.DataFrame(columns, index=table.index, columns=FEATURES).astype("float64")
    ### END SOLUTION
