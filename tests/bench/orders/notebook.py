# %% [markdown]
# # Orders, cleaned
#
# Write four functions that clean a table of orders. Each has an example below.

# %%
import re

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer

from grader import check, hint, load

# %%
orders = load("orders")
orders.describe(include="all")


# %% task="parse_price"
def parse_price(price):
    """Turn texts like "$1,234.50" or "7.25 USD" into float64; what is no price becomes NaN.

    So does a negative one.
    """
    ### BEGIN SOLUTION
    number = price.str.replace(r"[^0-9.\-]", "", regex=True)
    value = pd.to_numeric(number, errors="coerce").astype("float64")
    return value.where(value >= 0)
    ### END SOLUTION


# %% task="fix_region"
def fix_region(region):
    """Map each spelling ("N", " North", "NORTH") to north, south, east or west."""
    ### BEGIN SOLUTION
    first = region.str.strip().str.lower().str[0]
    return first.map({"n": "north", "s": "south", "e": "east", "w": "west"})
    ### END SOLUTION


# %% task="latest_only"
def latest_only(df):
    """Keep the row with the latest `updated_at` of each order, by order_id, with a new index."""
    ### BEGIN SOLUTION
    latest = df.sort_values(["order_id", "updated_at"]).drop_duplicates("order_id", keep="last")
    return latest.reset_index(drop=True)
    ### END SOLUTION


# %% task="fill_quantity"
def fill_quantity(df):
    """Return a copy with quantity as float, gaps ("") filled with the median, and a flag column.

    The flag, quantity_missing, is true where there was a gap.
    """
    ### BEGIN SOLUTION
    filled = df.copy()
    quantity = pd.to_numeric(filled["quantity"], errors="coerce").astype("float64")
    filled["quantity_missing"] = quantity.isna()
    imputer = SimpleImputer(strategy="median")
    filled["quantity"] = imputer.fit_transform(quantity.to_frame())[:, 0]
    return filled
    ### END SOLUTION


# %%
cleaned = latest_only(orders)
cleaned["price"] = parse_price(cleaned["price"])
cleaned["region"] = fix_region(cleaned["region"])
cleaned = fill_quantity(cleaned)
cleaned.groupby("region")["price"].agg(["count", "mean", "median"]).round(2)
