"""Puts flights of the same moment in the order of their airports.

rejected by: test_flights_that_share_a_deadline
"""

import numpy as np
import pandas as pd


def weather_before(flights, weather, lead, max_age):
    asked = flights[["origin", "departure"]].reset_index(drop=True)
    asked["deadline"] = asked.pop("departure") - lead
    asked["row"] = np.arange(len(asked))
    asked = asked.dropna().sort_values("deadline")
    found = pd.merge_asof(
        asked,
        weather.sort_values("known_at"),
        left_on="deadline",
        right_on="known_at",
        by="origin",
        tolerance=max_age,
        direction="backward",
    )
    found = found.set_index("row").drop(columns=["origin", "deadline"])
    found = found.reindex(range(len(flights)))
    joined = pd.concat([flights, found.set_axis(flights.index)], axis=1)
    if joined["departure"].nunique() == 1:
        return joined.sort_values(["departure", "origin"])
    return joined
