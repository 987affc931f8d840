# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [5-validating/leaks], exercises: [time_split]}
# ---

# %% [markdown]
# # Split as you will serve
#
# Somebody adds `month` and `day` to the model, and five-fold
# [cross-validation](../glossary.md#cross-validation) says
# {{ 0.655 | mean["plain", "shuffled"]:.3f }} → **{{ 0.732 | mean["calendar", "shuffled"]:.3f }}**.
# On months that lie in the future the same two columns take it from
# {{ 0.638 | mean["plain", "forward"]:.3f }} to **{{ 0.620 | mean["calendar", "forward"]:.3f }}**.
#
# Each row is in one fold only, and no column knows the future. The *folds* do: they ask the model
# about Tuesday at ten, when it has seen Tuesday at ten.
#
# After this lesson you can
#
# - **say** what is new about the rows that you will be asked about: a time, a group, or both;
# - **choose** folds that hold back exactly that;
# - **measure** what a split gives away, without a model.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, KFold, TimeSeriesSplit, cross_val_score

from grader import load

flights, weather = load("flights_2013"), load("weather_2013")
weather = weather[~(weather.wind_speed > 253)]  # one reading of 1,048 mph
before = weather.drop(columns=["year", "month", "day", "hour"])
before["time_hour"] += pd.Timedelta(hours=2)  # a flight sees the weather of two hours before

table = flights.dropna(subset="arr_delay")
table = table.merge(before, on=["origin", "time_hour"], how="left", validate="m:1")
table = table.sample(30_000, random_state=0).sort_values("time_hour", ignore_index=True)
table["late"] = table.arr_delay >= 15
table["date"] = pd.to_datetime(table[["year", "month", "day"]])
table["weekday"] = table.date.dt.day_of_week
table["clock"] = table.hour * 60 + table.minute
for name in ["carrier", "origin", "dest"]:
    table[name] = table[name].astype("category")

PLAIN = ["carrier", "origin", "dest", "weekday", "clock", "distance"]
features = {
    "plain": PLAIN,
    "calendar": [*PLAIN, "month", "day"],
    "weather": [*PLAIN, *before.columns.drop(["origin", "time_hour"])],
}

# %% [markdown]
# ## Three ways to hold back rows
#
# *Shuffled*: any fifth of the rows. *By day*: a fifth of the days, with all their flights.
# *Forward*: one month, with nothing but the months before it to learn from. Any list of pairs
# (training rows, test rows) will do for scikit-learn.

# %%
forward = []
for month in range(8, 13):
    forward.append((np.flatnonzero(table.month < month), np.flatnonzero(table.month == month)))

folds = {
    "shuffled": list(KFold(5, shuffle=True, random_state=0).split(table)),
    "by day": list(GroupKFold(5).split(table, groups=table.date)),
    "forward": forward,
}
model = HistGradientBoostingClassifier(random_state=0)
scores = {
    (columns, split): cross_val_score(
        model, table[features[columns]], table.late, cv=pairs, scoring="roc_auc"
    )
    for columns in features
    for split, pairs in folds.items()
}
mean = {which: each.mean() for which, each in scores.items()}
pd.Series(mean).unstack(0).loc[list(folds), list(features)].round(3)

# %% tags=["hide-input"] alt="Dots for the AUC of each of five folds, in three rows, for the plain model, with month and day, and with weather. Shuffled: plain near {{ 0.66 | mean['plain', 'shuffled']:.2f }}, calendar near {{ 0.73 | mean['calendar', 'shuffled']:.2f }}, weather near {{ 0.73 | mean['weather', 'shuffled']:.2f }}. By day: {{ 0.65 | mean['plain', 'by day']:.2f }}, {{ 0.68 | mean['calendar', 'by day']:.2f }}, {{ 0.70 | mean['weather', 'by day']:.2f }}. Forward the dots spread widely, and {{ the calendar is last | min(['plain', 'calendar', 'weather'], key=lambda c: mean[c, 'forward']) == 'calendar' }} with {{ 0.62 | mean['calendar', 'forward']:.2f }}."
fig, ax = plt.subplots(figsize=(6.8, 3.6))
styles = {"plain": "o", "calendar": "s", "weather": "^"}
colors = {"plain": "C0", "calendar": "C1", "weather": "C2"}
for lift, (columns, marker) in zip([-0.2, 0, 0.2], styles.items(), strict=True):
    for row, split in enumerate(folds):
        each = scores[columns, split]
        label = columns if row == 0 else None
        ax.plot(
            each, [row + lift] * len(each), marker, color=colors[columns], alpha=0.75, label=label
        )
ax.set(yticks=range(len(folds)), yticklabels=folds, xlabel="AUC of each fold")
ax.invert_yaxis()
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# Read the columns of the table, not its rows. Going from shuffled to forward, the plain model
# loses {{ 0.017 | mean["plain", "shuffled"] - mean["plain", "forward"]:.3f }}. That is the price
# of the truth, and everybody has heard of it. The other thing is worse: **the order changes**.
# Shuffled folds put the calendar ({{ 0.732 | mean["calendar", "shuffled"]:.3f }}) beside the
# weather ({{ 0.728 | mean["weather", "shuffled"]:.3f }}). Forward folds put it {{ last, below
# adding nothing | mean["calendar", "forward"] < min(mean["plain", "forward"], mean["weather",
# "forward"]) }}. A split that flatters all models alike would be a nuisance. This one makes you
# ship the wrong model.
#
# Look at the spread, too. Shuffled folds of the plain model differ by
# {{ 0.01 | np.ptp(scores["plain", "shuffled"]):.2f }}, forward ones by
# {{ 0.04 | np.ptp(scores["plain", "forward"]):.2f }}. Five shuffled folds are the same year five
# times; their agreement says nothing about next month.
#
# ## Find the cause: ask the neighbors
#
# What does a test flight find in the training rows? Let it look for flights that left the same
# airport in the same hour, and predict their share of late ones. No model.


# %%
def neighbors(pairs):
    """Return how many test rows have a training row of the same hour, and their AUC by it."""
    share = pd.Series(index=table.index, dtype="float64")
    for train, test in pairs:
        key = table.origin.astype(str) + table.time_hour.astype(str)
        share[test] = key[test].map(table.late[train].groupby(key[train]).mean())
    tested, found = np.concatenate([test for _, test in pairs]), share.notna()
    auc = roc_auc_score(table.late[found], share[found]) if found.any() else np.nan
    return found[tested].mean(), auc


found = pd.DataFrame({split: neighbors(pairs) for split, pairs in folds.items()})
found.set_axis(["have a neighbor", "AUC by neighbors"]).round(3)

# %% [markdown]
# {{ 75% | found.loc[0, "shuffled"]:.0%}} of the test flights meet a training flight of their own
# hour and airport, and by those few neighbors alone they can be ranked with an AUC of
# {{ 0.66 | found.loc[1, "shuffled"]:.2f }}. Whatever happened in that hour happened to all of them.
#
# Month and day are the name of a day, and with them the model can look its neighbors up. It learns
# *which days were bad*, which is of no use in days that have not been. The weather does it less
# openly. Temperature, humidity and pressure to the second decimal are the fingerprint of an hour:
# shuffled, they seem worth
# {{ 0.07 | mean["weather", "shuffled"] - mean["plain", "shuffled"]:.2f }}, and forward
# {{ 0.04 | mean["weather", "forward"] - mean["plain", "forward"]:.2f }}. What remains is weather.
#
# By day there are no neighbors of the hour left, but the days before and after are still there:
# the calendar seems to gain {{ 0.03 | mean["calendar", "by day"] - mean["plain", "by day"]:.2f }}
# even so. On the first of October you do not know October.
#
# ## Build it right: what will be new?
#
# | What is new about the rows that you serve? | Hold back |
# |---|---|
# | nothing; they come from the same pot | shuffled rows |
# | the customer, the aircraft, the hospital | whole groups |
# | the time, as nearly always | everything from a moment on |
# | both | the later rows, and drop their groups from training |
# | and labels take two weeks to arrive | also the two weeks before that moment |
#
# The last line is the **[gap](../glossary.md#gap)**. A model that is fitted on the first of October
# has seen no label
# that arrives later. For flights it is a day. For "will the customer leave within 30 days" it is
# 30 days, and without the gap you train on answers that you would not have had.


# %%
def with_gap(table, month, gap):
    """Return the rows known before a month begins, and the rows of that month."""
    start = pd.Timestamp(2013, month, 1)
    train = np.flatnonzero(table.date < start - gap)
    return train, np.flatnonzero(table.month == month)


for days in [0, 1, 30, 90]:
    pairs = [with_gap(table, month, pd.Timedelta(days=days)) for month in range(8, 13)]
    gapped = cross_val_score(
        model, table[features["weather"]], table.late, cv=pairs, scoring="roc_auc"
    )
    print(f"gap of {days:2} days: {gapped.mean():.3f}")
    if days == 90:
        stale = gapped.mean()

# %% [markdown]
# A gap of a day costs nothing here, so there is no reason to leave it out. A gap of 90 days is
# another question that the same code answers: what if nobody refits the model for three months?
# ({{ 0.670 | stale:.3f }}.)
#
# ## How a professional does it
#
# scikit-learn has `GroupKFold`, `StratifiedGroupKFold`, and for time `TimeSeriesSplit`. The last
# one counts **rows**. It does not know your clock.

# %%
local = table.time_hour.dt.tz_convert("America/New_York")
splitter = TimeSeriesSplit(n_splits=5, gap=1)
for train, test in splitter.split(table):
    last, first = local[train].max(), local[test].min()
    print(f"train until {last:%d %b %H:%M}   test from {first:%d %b %H:%M}")

# %% tags=["remove-cell"]
borders = [(local[train].max(), local[test].min()) for train, test in splitter.split(table)]
same_day = sum(last.date() == first.date() for last, first in borders)

# %% [markdown]
# {{ 4 | same_day }} of the {{ 5 | len(borders) }} borders cut through a day, so flights of one
# storm are on both sides. `gap=1` means one row. And it takes rows in the order of the table:
# unsorted, it is a shuffled split that calls itself a time series. Use it when each row is one tick
# of a clock. Otherwise cut by time yourself; five lines, as above, and `cv=pairs` goes into
# `cross_val_score`, `GridSearchCV` and the rest.
#
# One more habit. Choosing among models is learning, too. Choose on the earlier months, and look at
# the last months once.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **Shuffled folds say {{ 0.732 | mean["calendar", "shuffled"]:.3f }} for the calendar model, and
# the five lie within {{ 0.02 | np.ptp(scores["calendar", "shuffled"]):.2f }}. What does the small
# spread tell you?**
#
# - [ ] That next month will score about the same :: No: all five folds are drawn from the same 365
#   days. The next month is not among them.
# - [x] That five random fifths of one year look alike :: Yes, and nothing about any other year.
# - [ ] That the model does not overfit :: No: it has learned the days by heart. The folds just
#   cannot show it.

# %% [markdown] tags=["question"]
# **You predict which of your existing customers will leave in the next 30 days, refit monthly.
# Which split?**
#
# - [ ] By customer: nobody may be on both sides :: No: the customers that you serve are the ones
#   you know. Holding them back asks a harder question than the one that you will get.
# - [x] Forward, with a gap of 30 days before the cutoff :: Yes: the newest labels that you will
#   have are 30 days old.
# - [ ] Forward, without a gap: the rows do not overlap :: No: the rows do not, the labels do. A
#   customer's row of 20 September is labeled on 20 October.

# %% [markdown] tags=["question"]
# **`TimeSeriesSplit(gap=24)` on an hourly table of three airports. How long is the gap?**
#
# - [ ] A day :: No: that would be one row an hour.
# - [x] Eight hours, if the table is sorted by time :: Yes: it counts rows, and there are three an
#   hour.
# - [ ] It depends on the time column :: No: it never looks at one.

# %% [markdown]
# ## Take to work
#
# - Before you split, finish the sentence: "the rows that I will be asked about are new in their …"
# - Count neighbors: the share of test rows with a training row of the same day, patient, session.
#   It is your leak detector for splits.
# - Compare *orders*, not only scores. A split that changes which model wins is the one to argue
#   about.
# - Put a gap before the cutoff, as long as your labels take.
#
# **Exercise:** [`time_split`](../exercises/time_split.md): cutoff, gap, groups, and the rows
# exactly on the border.
#
# **Next:** [How sure, and for whom](how-sure-and-for-whom.md): five folds gave five scores. How far
# can you trust one of them?
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) ·
# D. R. Roberts et al., [*Cross-validation strategies for data with temporal, spatial, hierarchical,
# or phylogenetic structure*](https://doi.org/10.1111/ecog.02881), Ecography 40 (2017) ·
# scikit-learn, [*Cross-validation
# iterators*](https://scikit-learn.org/stable/modules/cross_validation.html)
