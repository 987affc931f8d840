"""Takes the nearest reading, which may be one from the future.

rejected by: test_the_last_one_in_time, test_nothing_from_after_the_deadline,
test_the_future_changes_nothing
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
        direction="nearest",
    )
    found = found.set_index("row").drop(columns=["origin", "deadline"])
    found = found.reindex(range(len(flights)))
    return pd.concat([flights, found.set_axis(flights.index)], axis=1)
