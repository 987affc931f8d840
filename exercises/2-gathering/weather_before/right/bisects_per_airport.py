"""Sorts each airport's readings once, and bisects for each flight."""

from bisect import bisect_right

import pandas as pd


def weather_before(flights, weather, lead, max_age):
    by_airport = {}
    for origin, part in weather.reset_index(drop=True).groupby("origin"):
        part = part.sort_values("known_at")
        by_airport[origin] = part["known_at"].tolist(), part.index.tolist()

    places = []
    for origin, departure in zip(flights["origin"], flights["departure"], strict=True):
        place = -1
        if not pd.isna(departure) and not pd.isna(origin) and origin in by_airport:
            times, rows = by_airport[origin]
            deadline = departure - lead
            last = bisect_right(times, deadline) - 1
            if last >= 0 and deadline - times[last] <= max_age:
                place = rows[last]
        places.append(place)
    taken = weather.drop(columns="origin").reset_index(drop=True).reindex(places)
    return pd.concat([flights, taken.set_axis(flights.index)], axis=1)
