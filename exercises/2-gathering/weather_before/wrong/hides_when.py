"""Leaves out the column that says when the reading was known.

rejected by: test_flights_stay_in_place, test_the_reading_says_when_it_was_known
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
    found = found.set_index("row").drop(columns=["origin", "deadline", "known_at"])
    found = found.reindex(range(len(flights)))
    return pd.concat([flights, found.set_axis(flights.index)], axis=1)
