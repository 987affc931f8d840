"""Returns the rows under new numbers.

rejected by: test_flights_stay_in_place, test_any_order_of_rows
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
    return pd.concat([flights.reset_index(drop=True), found], axis=1)
