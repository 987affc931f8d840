"""Finds places with NumPy's searchsorted on whole numbers, airport by airport."""

import numpy as np
import pandas as pd


def weather_before(flights, weather, lead, max_age):
    def ticks(moments):
        return moments.to_numpy(dtype="datetime64[us]").astype("int64")

    deadline = ticks(flights["departure"] - lead)
    asked = flights["departure"].notna().to_numpy()
    known = ticks(weather["known_at"])
    taken = np.full(len(flights), -1)
    for origin in weather["origin"].unique():
        mine = np.flatnonzero((weather["origin"] == origin).to_numpy())
        mine = mine[np.argsort(known[mine])]
        here = np.flatnonzero(asked & (flights["origin"] == origin).to_numpy(dtype=bool))
        last = np.searchsorted(known[mine], deadline[here], side="right") - 1
        fresh = (last >= 0) & (deadline[here] - known[mine][last] <= max_age / pd.Timedelta("1us"))
        taken[here[fresh]] = mine[last[fresh]]

    answer = flights.copy()
    for name in weather.columns.drop("origin"):
        column = weather[name].reset_index(drop=True).reindex(taken)
        answer[name] = column.set_axis(flights.index)
    return answer
