"""Ranges of the season kept in dictionaries, with quantiles for the clock."""

import pandas as pd


def facts(day):
    clock = day["sched_min"].quantile([0.05, 0.5, 0.95]).to_numpy() / 60
    yield "sched_min", "early", clock[0], 0.75
    yield "sched_min", "middle", clock[1], 0.75
    yield "sched_min", "late", clock[2], 0.75
    yield "weekday", "wrong", float((day["weekday"] != day["date"].iloc[0].weekday()).mean()), 0.05
    yield "distance", "mean", day["distance"].mean(), 120.0
    for column, slack in (("temp", 8.0), ("wind_speed", 9.0), ("visib", 2.5), ("pressure", 10.0)):
        yield column, "null", float(day[column].isna().mean()), 0.5
        if day[column].notna().any():
            yield column, "mean", day[column].mean(), slack
    for column in ("carrier", "origin"):
        shares = day[column].value_counts(normalize=True)
        yield column, "most", shares.max(), 0.12
        yield column, "few", float(len(shares)) if column == "origin" else 3.0, 0.5


class Monitor:
    def __init__(self, baseline):
        self.normal = [
            (date.day_of_year, {(c, what): x for c, what, x, _ in facts(day)})
            for date, day in baseline.groupby("date")
        ]
        self.names = set(baseline["carrier"])
        self.previous, self.before_that = set(), set()

    def update(self, day):
        today = day["date"].iloc[0].day_of_year
        near = [
            f for when, f in self.normal if min((when - today) % 365, (today - when) % 365) <= 28
        ]
        strange = set()
        if (~day["carrier"].isin(self.names)).mean() > 0.05:
            strange.add("carrier")
        for column, what, value, slack in facts(day):
            known = [f[column, what] for f in near if (column, what) in f]
            if not known or not min(known) - slack <= value <= max(known) + slack:
                strange.add(column)
        three = [strange, self.previous, self.before_that]
        self.previous, self.before_that = strange, self.previous
        return [c for c in sorted(set.union(*three)) if sum(c in s for s in three) > 1]
