"""Leaves out readings in which anything is null.

rejected by: test_a_null_reading_is_the_reading, test_any_flight_gets_its_reading,
test_real_flights_and_weather
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
        weather.dropna().sort_values("known_at"),
        left_on="deadline",
        right_on="known_at",
        by="origin",
        tolerance=max_age,
        direction="backward",
    )
    found = found.set_index("row").drop(columns=["origin", "deadline"])
    found = found.reindex(range(len(flights)))
    return pd.concat([flights, found.set_axis(flights.index)], axis=1)
