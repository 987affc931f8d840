"""Leaves out flights that have no departure or no origin.

rejected by: test_flights_without_departure_or_origin_stay
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
    found = found.sort_index()
    flights = flights.iloc[found.index]
    return pd.concat([flights, found.set_axis(flights.index)], axis=1)
