"""Adds each day that it has seen to what is normal.

rejected by: test_nobody_gets_used_to_a_fault
"""

import numpy as np
import pandas as pd


class Monitor:
    def __init__(self, baseline):
        self.known = {name: set(baseline[name]) for name in ("carrier", "origin")}
        days = {date: self._signals(day) for date, day in baseline.groupby("date")}
        self.normal = pd.DataFrame.from_dict(days, orient="index")
        shares = [c for c in self.normal if not c.endswith(" mean")]
        self.normal[shares] = self.normal[shares].fillna(0.0)
        self.strange = []

    def update(self, day):
        apart = abs(self.normal.index.day_of_year - day["date"].iloc[0].day_of_year)
        season = self.normal[np.minimum(apart, 365 - apart) <= 30]
        low, high = season.min(), season.max()
        margin = 0.6 * (high - low) + 0.02
        signals = pd.Series(self._signals(day)).reindex(season.columns)
        signals = signals.where(signals.notna() | low.index.str.endswith(" mean"), 0.0)
        outside = (signals < low - margin) | (signals > high + margin)
        self.strange.append({name.split()[0] for name in outside.index[outside]})
        self.normal.loc[day["date"].iloc[0]] = signals
        recent = self.strange[-3:]
        return [c for c in day.columns if sum(c in columns for columns in recent) >= 2]

    def _signals(self, day):
        night, wrong = day["sched_min"] < 300, day["weekday"] != day["date"].dt.day_of_week
        signals = {"sched_min night": night.mean(), "weekday wrong": wrong.mean()}
        for column in ("sched_min", "distance", "temp", "wind_speed", "visib", "pressure"):
            signals[f"{column} mean"] = day[column].mean()
            signals[f"{column} null"] = day[column].isna().mean()
        for column in self.known:
            signals[f"{column} unknown"] = (~day[column].isin(self.known[column])).mean()
            for name, share in day[column].value_counts(normalize=True).items():
                signals[f"{column} {name}"] = share
        return signals
