"""One example for each function."""

import numpy as np
import pandas as pd

from grader import load, task


@task("parse_price")
def test_prices_are_read(submission):
    """Dollar signs, thousands and the currency's name are read away."""
    got = submission.parse_price(pd.Series(["$1,234.50", "7.25", " 3.00 USD"]))
    assert got.dtype == "float64"
    assert np.allclose(got, [1234.5, 7.25, 3.0])


@task("fix_region")
def test_all_regions_are_known(submission):
    """The four regions are all that is left."""
    got = submission.fix_region(load("orders")["region"])
    assert set(got.unique()) == {"north", "south", "east", "west"}


@task("latest_only")
def test_an_order_comes_once(submission):
    """Orders come once, in order, with a new index."""
    got = submission.latest_only(load("orders"))
    assert got["order_id"].is_unique
    assert got["order_id"].is_monotonic_increasing
    assert got.index.tolist() == list(range(len(got)))


@task("fill_quantity")
def test_gaps_get_the_median(submission):
    """A gap gets the median of the known quantities, and a flag."""
    orders = load("orders")
    got = submission.fill_quantity(orders.copy())  # some would change it
    assert got["quantity"].notna().all()
    assert got["quantity_missing"].sum() == (orders["quantity"] == "").sum()
    filled = got.loc[got["quantity_missing"], "quantity"]
    assert filled.unique().tolist() == [pd.to_numeric(orders["quantity"]).median()]
