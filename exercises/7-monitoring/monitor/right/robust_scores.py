"""How many robust spreads a day is from the median of its season, on arrays."""

from collections import deque

import numpy as np

WEATHER = ("temp", "wind_speed", "visib", "pressure")


class Monitor:
    def __init__(self, baseline):
        self.carriers = sorted(baseline["carrier"].unique())
        self.origins = sorted(baseline["origin"].unique())
        self.history = deque(maxlen=3)
        self.when, rows = [], []
        for date, day in baseline.groupby("date"):
            self.when.append(date.day_of_year)
            names, values = self.describe(day)
            rows.append(values)
        self.when, self.rows, self.names = np.array(self.when), np.array(rows), np.array(names)

    def describe(self, day):
        names, values = [], []

        def add(column, value):
            names.append(column)
            values.append(value)

        clock = day["sched_min"].to_numpy()
        add("sched_min", np.mean(clock < 4.5 * 60))
        add("sched_min", np.median(clock) / 1440)
        add("weekday", np.mean(day["weekday"].to_numpy() != day["date"].iloc[0].weekday()))
        add("distance", np.log(np.median(day["distance"])))
        for column in WEATHER:
            x = day[column].to_numpy(dtype=float)
            lost = np.isnan(x)
            add(column, np.mean(lost))
            add(column, np.median(x[~lost]) if (~lost).any() else np.nan)
        for column, known in (("carrier", self.carriers), ("origin", self.origins)):
            x = day[column].to_numpy(dtype=object)
            add(column, np.mean(~np.isin(x, known)))
            for name in known:
                add(column, np.mean(x == name))
        return names, values

    def update(self, day):
        apart = np.abs(self.when - day["date"].iloc[0].day_of_year)
        season = self.rows[np.minimum(apart, 365 - apart) <= 35]
        middle = np.nanmedian(season, axis=0)
        # Floors where nothing ever varies: a share, or a unit of weather.
        floor = np.where(np.isin(self.names, WEATHER) & (middle > 1), 1.0, 0.012)
        spread = 1.25 * np.nanmean(np.abs(season - middle), axis=0) + floor
        scores = np.abs(np.array(self.describe(day)[1]) - middle) / spread
        self.history.append(set(self.names[scores > 4].tolist()))
        counts = {}
        for columns in self.history:
            for column in columns:
                counts[column] = counts.get(column, 0) + 1
        return sorted(column for column, count in counts.items() if count >= 2)
