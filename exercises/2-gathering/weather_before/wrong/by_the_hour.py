"""Rounds the deadline down to the hour and joins by that.

rejected by: test_nothing_from_after_the_deadline
"""

import numpy as np
import pandas as pd


def weather_before(flights, weather, lead, max_age):
    asked = flights[["origin", "departure"]].reset_index(drop=True)
    asked["deadline"] = asked.pop("departure") - lead
    asked["row"] = np.arange(len(asked))
    asked = asked.dropna().sort_values("deadline")
    asked["known_at"] = asked["deadline"].dt.floor("h")
    found = asked.merge(weather, on=["origin", "known_at"], how="left")
    found.loc[found["deadline"] - found["known_at"] > max_age, weather.columns.drop("origin")] = (
        None
    )
    found = found.set_index("row").drop(columns=["origin", "deadline"])
    found = found.reindex(range(len(flights)))
    return pd.concat([flights, found.set_axis(flights.index)], axis=1)
