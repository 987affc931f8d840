"""Watches the mean of each numeric column and nothing else.

rejected by: test_planted_faults_are_found, test_july_with_faults,
test_the_clock_is_found_in_every_season
"""

import numpy as np
import pandas as pd


class Monitor:
    def __init__(self, baseline):
        self.known = {name: sorted(set(baseline[name])) for name in ("carrier", "origin")}
        days = [day for _, day in baseline.groupby("date")]
        self.columns = [column for column, _ in self._signals(days[0])]
        self.normal = np.array([[value for _, value in self._signals(day)] for day in days])
        self.when = np.array([day["date"].iloc[0].day_of_year for day in days])
        self.strange = []

    def update(self, day):
        apart = abs(self.when - day["date"].iloc[0].day_of_year)
        season = self.normal[np.minimum(apart, 365 - apart) <= 30]
        low, high = np.nanmin(season, axis=0), np.nanmax(season, axis=0)
        margin = 0.6 * (high - low) + 0.02
        today = np.array([value for _, value in self._signals(day)])
        outside = (today < low - margin) | (today > high + margin)
        self.strange.append({column for column, out in zip(self.columns, outside) if out})
        recent = self.strange[-3:]
        return [c for c in day.columns if sum(c in columns for columns in recent) >= 2]

    def _signals(self, day):
        """Return pairs of a column and a number that describes it, always in the same order."""
        signals = [("weekday", day["weekday"].mean())]
        for column in ("sched_min", "distance", "temp", "wind_speed", "visib", "pressure"):
            values = day[column].to_numpy(dtype=float)
            known = values[~np.isnan(values)]
            signals.append((column, known.mean() if len(known) else np.nan))
        for column, names in ():
            shares = day[column].value_counts(normalize=True)
            signals += [(column, shares.get(name, 0.0)) for name in names]
            signals.append((column, 1 - sum(shares.get(name, 0.0) for name in names)))
        return signals
