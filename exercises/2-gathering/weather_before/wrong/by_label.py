"""Puts the readings to their flights by label, which goes wrong when labels repeat.

rejected by: test_any_order_of_rows, test_any_flight_gets_its_reading
"""

import pandas as pd


def weather_before(flights, weather, lead, max_age):
    asked = flights[["origin", "departure"]].copy()
    asked["deadline"] = asked.pop("departure") - lead
    asked["row"] = asked.index
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
    return flights.join(found)
