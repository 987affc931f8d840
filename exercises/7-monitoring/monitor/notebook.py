# %% [markdown]
# # A monitor that finds faults and lets you sleep
#
# A UTC clock cost the lesson's model 0.08 of AUC, and no chart of its outputs moved. The fault was
# plain to see in the inputs. But watch thirteen inputs with a bare range, and every third normal
# day is an alarm that somebody has to read.
#
# Write the class **`Monitor(baseline)`** with one method, **`update(day)`**, which is called once a
# day and returns the columns that are **in alert**.
#
# What comes in:
#
# * **`baseline`** is a DataFrame with the rows of normal days: requests that the service got.
#   `date` is midnight of the day; the other columns are `weekday` (0 is Monday), `sched_min` (the
#   scheduled departure in minutes after midnight, New York time), `carrier`, `origin`, `distance`
#   (miles), `temp` (°F), `wind_speed`, `visib` and `pressure`. Weather is sometimes null, above all
#   `pressure`, and on 31 December all of it. The baseline has at least every other day of the
#   season that you are asked about, mostly of the whole year, in any order of rows. The tests cut
#   it as the next cell does.
# * **`day`** is a DataFrame with the same columns and the rows of one day, in any order, about 160
#   of them (a broken feed may lose half). `update` gets days in the order of time, but not each
#   day of the calendar. They are from the same year as the baseline, and are not in it.
#
# What goes out: a **list** of names of columns (never `date`), in any order, each at most once. An
# empty list means: all quiet.
#
# The rule, which is fixed:
#
# * **Two of three.** A column is in alert on a day if it was *strange* on at least **two of the
#   last three days** that `update` was given, this one included. Each column counts for itself: one
#   strange column today and another one tomorrow are no alert. And each monitor counts for itself.
#
# What is *strange* is **your choice**. It is judged by what it does:
#
# * **Quiet.** Fed with 90 normal days, there are alerts on at most 2 of them. Up to 5 earn half.
# * **Awake.** Eight faults are planted, each in three days in a row, with normal days before and
#   after. A fault is found if by its third day one of the columns that it is in has been in alert.
#   Finding 6, the clock among them, earns everything, and finding 4 earns half. They are of the
#   lesson's kinds: a clock in UTC, a feed that is null, a feed that is 0, a wrong unit, a weekday
#   off by one, a category that is the same for everybody, an airport that is missing. One of them
#   is so small that nobody needs to find it.
# * **The clock.** `sched_min` in UTC (four or five hours later, and past midnight it starts at 0
#   again) is found in every season, and `sched_min` is among the alerts. This is a test of its own,
#   beside the eight.
# * **The season.** Normal is what is normal at that time of the year. January's temperatures in
#   July put `temp` in alert.
# * **The baseline alone says what is normal.** A fault that lasts stays in alert to its last day:
#   the monitor does not get used to it.
# * **The same rows in another order** give the same alerts, in the baseline and in a day.
# * `baseline` and `day` are not changed.
#
# A test has 20 seconds, for one or two monitors and up to 90 updates.
#
# The next cell makes such a log of the real flights of 2013. Baseline is every other day. The days
# between are for you to feed to your monitor: as they are, and with faults that you plant yourself.

# %%
import numpy as np
import pandas as pd

from grader import check, hint, load

WEATHER = ["temp", "wind_speed", "visib", "pressure"]
flights, weather = load("flights_2013_sample"), load("weather_2013")
weather["time_hour"] += pd.Timedelta(hours=2)  # known two hours before departure
log = flights.merge(
    weather[["origin", "time_hour", *WEATHER]], on=["origin", "time_hour"], how="left"
)
log["date"] = pd.to_datetime(log[["year", "month", "day"]])
log["weekday"] = log["date"].dt.day_of_week
log["sched_min"] = log["hour"] * 60 + log["minute"]
log = log[["date", "weekday", "sched_min", "carrier", "origin", "distance", *WEATHER]]
odd = log["date"].dt.day_of_year % 2 == 1
baseline, live = log[odd], log[~odd]

july = live[live["date"].between("2013-07-01", "2013-07-11")]
normal_days = [day for _, day in july.groupby("date")]
zeros = [day.assign(temp=0.0, visib=0.0) for day in normal_days]
# monitor = Monitor(baseline)
# [monitor.update(day) for day in [*normal_days[:2], *zeros[2:]]]
baseline.head(3)


# %% task="monitor"
class Monitor:
    """Watch the inputs of a service day by day."""

    def __init__(self, baseline):
        ### BEGIN SOLUTION
        self.known = {name: sorted(set(baseline[name])) for name in ("carrier", "origin")}
        days = [day for _, day in baseline.groupby("date")]
        self.columns = [column for column, _ in self._signals(days[0])]
        self.normal = np.array([[value for _, value in self._signals(day)] for day in days])
        self.when = np.array([day["date"].iloc[0].day_of_year for day in days])
        self.strange = []
        ### END SOLUTION

    def update(self, day):
        """Return the columns that were strange on two of the last three days, this one included."""
        ### BEGIN SOLUTION
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
        date, clock = day["date"].iloc[0], day["sched_min"].to_numpy()
        wrong = day["weekday"].to_numpy() != date.day_of_week
        signals = [("sched_min", np.mean(clock < 300)), ("weekday", np.mean(wrong))]
        for column in ("sched_min", "distance", "temp", "wind_speed", "visib", "pressure"):
            values = day[column].to_numpy(dtype=float)
            known = values[~np.isnan(values)]
            signals.append((column, 1 - len(known) / len(values)))
            signals.append((column, known.mean() if len(known) else np.nan))
        for column, names in self.known.items():
            shares = day[column].value_counts(normalize=True)
            signals += [(column, shares.get(name, 0.0)) for name in names]
            signals.append((column, 1 - sum(shares.get(name, 0.0) for name in names)))
        return signals
        ### END SOLUTION
