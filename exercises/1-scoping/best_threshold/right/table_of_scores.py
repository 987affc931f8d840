"""Makes a table with one row for each score, and picks the best row."""

import math

import numpy as np
import pandas as pd


def best_threshold(y, p, gain, cost, max_share):
    flights = pd.DataFrame({"late": np.array(y).astype(int), "score": np.array(p)})
    if flights.empty:
        return math.inf
    table = flights.groupby("score").late.agg(["sum", "size"]).sort_index(ascending=False).cumsum()
    table["worth"] = table["sum"] * gain - (table["size"] - table["sum"]) * cost
    table = table[(table["size"] / len(flights) <= max_share) & (table["worth"] > 0)]
    return table["worth"].idxmax() if len(table) else math.inf
