# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [4-cleaning/look-before-you-fix],
#     exercises: [monitor]}
# ---

# %% [markdown]
# # What can you see?
#
# On 1 October a harmless refactoring sends the departure time in UTC instead of New York time. From
# then on the model ranks late flights with an AUC of {{ 0.61 | auc["clock in UTC"]:.2f }} instead
# of {{ 0.69 | auc["no fault"]:.2f }}, for three months. The share of travelers who get a text is
# {{ 28% | signals["clock in UTC"].alerts.mean():.0%}} instead of
# {{ 24% | signals["no fault"].alerts.mean():.0%}},
# {{ less than it changes from one day to the next | signals["clock in UTC"].alerts.mean() -
# signals["no fault"].alerts.mean() < signals["no fault"].alerts.diff().abs().mean() }}.
#
# Nobody complains, because nobody can see it. The dashboard is green.
#
# After this lesson you can
#
# - **map** faults to the signals that show them, and to those that never will;
# - **derive** a normal range from normal days instead of from taste;
# - **count** what each further panel costs in false alarms.
#
# ## The service, and eight ways to break it
#
# The model is the usual ten lines: trained on January to September, live from October to December
# 2013. What it gets for a flight is the schedule, and the weather two hours before departure.

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from grader import load

CODES, KEYS = ["carrier", "origin", "dest"], ["origin", "time_hour"]
WEATHER = ["temp", "dewp", "humid", "wind_speed", "pressure", "visib", "precip"]
FEATURES = [*CODES, "weekday", "sched_min", "distance", *WEATHER]

weather = load("weather_2013")
weather["time_hour"] += pd.Timedelta(hours=2)  # known two hours before departure
landed = load("flights_2013").dropna(subset="arr_delay")
table = landed.merge(weather[[*KEYS, *WEATHER]], on=KEYS, how="left", validate="m:1")
table["date"] = pd.to_datetime(table[["year", "month", "day"]])
table["weekday"] = table.date.dt.day_of_week
table["sched_min"] = table.hour * 60 + table.minute
table["late"] = table.arr_delay >= 15
for column in CODES:
    table[column] = table[column].astype("category").cat.codes

train, live = table[table.month <= 9], table[table.month > 9]
model = HistGradientBoostingClassifier(max_iter=60, random_state=0)
model.fit(train[FEATURES].astype(float), train.late)
X = live[FEATURES].astype(float)
print(f"{len(live):,} flights on {live.date.nunique()} live days")

# %% [markdown]
# Every fault below has been somebody's Tuesday. None raises an error. All values are numbers in
# numeric columns.

# %%
shuffled = pd.DataFrame(X[sorted(X)].to_numpy(), columns=X.columns, index=X.index)
served = {
    "no fault": X,
    "clock in UTC": X.assign(sched_min=live.time_hour.dt.hour * 60 + live.minute),
    "weather feed null": X.assign(**dict.fromkeys(WEATHER, np.nan)),
    "weather feed 0": X.assign(**dict.fromkeys(WEATHER, 0.0)),
    "Celsius": X.assign(temp=(X.temp - 32) / 1.8, dewp=(X.dewp - 32) / 1.8),
    "kilometers": X.assign(distance=X.distance * 1.609),
    "weekday off by one": X.assign(weekday=(X.weekday + 1) % 7),
    "codes all 0": X.assign(**dict.fromkeys(CODES, 0)),
    "columns sorted by name": shuffled,
}

# %% [markdown]
# ## Build it wrong: watch what the model says
#
# The usual dashboard shows what is easy to log: how many alerts, the mean score, how many nulls.
# When labels come in, the AUC and the gap between predicted and true late rate. One number a day
# for each. An alert goes out from a score of {{ 0.3 | CUT }} on, the price of [One feature
# function](../6-deploying/one-feature-function.md): a wrong text undoes
# {{ 0.43 | CUT / (1 - CUT):.2f }} of a right one.

# %%
CUT = 0.3


def daily(rows):
    """Return what a dashboard shows of one day."""
    return pd.Series(
        {
            "alerts": (rows.score >= CUT).mean(),
            "mean score": rows.score.mean(),
            "nulls": rows.nulls.mean(),
            "AUC (labels)": roc_auc_score(rows.late, rows.score),
            "gap (labels)": rows.score.mean() - rows.late.mean(),
        }
    )


auc, signals = {}, {}
for fault, inputs in served.items():
    score = model.predict_proba(inputs)[:, 1]
    auc[fault] = roc_auc_score(live.late, score)
    log = live[["date", "late"]].assign(score=score, nulls=inputs[WEATHER].isna().mean(axis=1))
    signals[fault] = log.groupby("date")[["late", "score", "nulls"]].apply(daily)

# %% [markdown]
# When is a number strange? Do not guess a threshold. Take normal days: the range of every other day
# without a fault, {{ 46 | len(normal) }} days, is the **[normal
# range](../glossary.md#normal-range)**, and the
# {{ 46 | len(judged) }} days between are judged by it.

# %%
normal, judged = live.date.unique()[::2], live.date.unique()[1::2]


def share_outside(daily_by_fault):
    """Return on which share of the judged days each signal leaves its normal range."""
    reference = daily_by_fault["no fault"].loc[normal]
    low, high = reference.min(), reference.max()
    days = {fault: table.loc[judged] for fault, table in daily_by_fault.items()}
    return pd.DataFrame({f: ((d < low) | (d > high)).mean() for f, d in days.items()}).T


flagged = share_outside(signals)
flagged.insert(0, "AUC", pd.Series(auc))
shown = flagged.drop(columns="AUC").map("{:.0%}".format)
shown.insert(0, "AUC", flagged.AUC.map("{:.2f}".format))
shown.head(9)

# %% [markdown]
# Read the first line first: without any fault a signal is outside on up to
# {{ 9% | flagged.iloc[0, 1:].max():.0%}} of days. A range made of 46 days is left by a 47th now and
# then. That is the noise floor.
#
# The loud faults are loud: a weather feed of zeros sets off every flight, and shuffled columns do,
# too. Now the line *clock in UTC*. It does more damage than the zeros, and its five numbers,
# {{ 7% | flagged.alerts["clock in UTC"]:.0%}},
# {{ 7% | flagged["mean score"]["clock in UTC"]:.0%}}, {{ 9% | flagged.nulls["clock in UTC"]:.0%}},
# {{ 2% | flagged["AUC (labels)"]["clock in UTC"]:.0%}} and
# {{ 7% | flagged["gap (labels)"]["clock in UTC"]:.0%}}, are the noise floor. Even the AUC, *with*
# labels, hides it: from day to day it swings far more than the fault takes away.
#
# ## Find the cause: you watched the wrong end
#
# A model averages. Some flights get a score too high, others one too low, and the mean of the
# scores stays where it was. What changed is the *input*, before the model smoothed it over.

# %% alt="Two line charts over October to December, each with one line without fault and one with the clock in UTC. Left, share of travelers alerted: the two lines run into each other all the time, from {{ 0% | signals['no fault'].alerts.min():.0%}} to {{ 82% | signals['no fault'].alerts.max():.0%}} and from {{ 0% | signals['clock in UTC'].alerts.min():.0%}} to {{ 81% | signals['clock in UTC'].alerts.max():.0%}}. Right, mean scheduled departure: without fault a line that wiggles around {{ half past one in the afternoon | 13.25 < mean_in['no fault'].median() < 13.75 }}, {{ nearly always inside | 0.95 < mean_in['no fault'].between(band.min(), band.max()).mean() < 1 }} a shaded band from {{ 11.8 | band.min():.1f }} to {{ 14.1 | band.max():.1f }}, with the fault a line {{ at half past two and later | mean_in['clock in UTC'].min() >= 14.5 }}, {{ never inside the band | mean_in['clock in UTC'].min() > band.max() }}."
mean_in = {f: served[f].sched_min.groupby(live.date).mean() / 60 for f in list(served)[:2]}
fig, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.4))
for fault, style in [("no fault", "-"), ("clock in UTC", "--")]:
    left.plot(signals[fault].alerts * 100, style, label=fault, lw=1.3)
    right.plot(mean_in[fault], style, label=fault, lw=1.3)
band = mean_in["no fault"].loc[normal]
right.axhspan(band.min(), band.max(), color="C0", alpha=0.2, lw=0)
left.set(title="What the model says", ylabel="travelers alerted (%)")
right.set(title="What it is given", ylabel="mean scheduled departure (hour)")
for ax in (left, right):
    ax.set_xticks(pd.to_datetime(["2013-10-01", "2013-11-01", "2013-12-01"]), ["Oct", "Nov", "Dec"])
left.set_ylim(-3, 112)
left.legend(loc="upper left")
plt.show()

# %% [markdown]
# Airlines fly nearly the same schedule every day. So its mean hardly moves, and a fault in it
# stands out on {{ every single day | (mean_in["clock in UTC"] > band.max()).all() }}. The quieter
# a signal is in normal times, the smaller the fault that it shows.
#
# ## Build it right: watch what it is given
#
# One mean per column and day. And one more kind of signal, because the mean of `weekday` is useless
# (on a Monday it is 0, on a Sunday 6): **agreement with something that you know otherwise**. The
# date says which weekday it is.

# %%
by_column = {}
for fault, inputs in served.items():
    means = inputs.groupby(live.date).mean()
    wrong = inputs.weekday != live.date.dt.day_of_week
    means["weekday"] = wrong.groupby(live.date).mean()
    by_column[fault] = means.fillna(np.inf)  # nothing at all to average: strange by definition

inputs_flagged = share_outside(by_column)
best = pd.DataFrame(
    {
        "AUC": pd.Series(auc).map("{:.2f}".format),
        "outputs and labels": flagged.iloc[:, 1:].max(axis=1).map("{:.0%}".format),
        "inputs": inputs_flagged.max(axis=1).map("{:.0%}".format),
        "shown by": inputs_flagged.idxmax(axis=1),
    }
)
best.head(9)

# %% [markdown]
# All eight faults are now visible on {{ 100% | inputs_flagged.iloc[1:].max(axis=1).min():.0%}} of the
# days, each in a column that is broken, without one label. So are faults that hardly matter. The
# kilometers cost
# {{ 0.004 | (auc["no fault"] - auc["kilometers"]):.3f }} of AUC. Seeing a fault and measuring
# its damage are different jobs; [the next lesson](drift-is-not-damage.md) is about that.
#
# | what you watch | shows | blind to | when |
# |---|---|---|---|
# | input, column by column | units, clocks, nulls, codes | a world that behaves differently | at once |
# | output | faults that push all scores one way | faults that push both ways | at once |
# | labels | damage, whatever the cause | small damage, for many days | late |
#
# ## What a panel costs
#
# Thirteen columns, thirteen chances for a false alarm. And nobody answers the pager that cried
# wolf.

# %%
reference = by_column["no fault"].loc[normal]
today = by_column["no fault"].loc[judged]
low, high = reference.min(), reference.max()
width = high - low


def alarm_days(margin, k, n):
    """Return the number of normal days on which a column was strange on k of the last n days."""
    strange = (today < low - margin * width) | (today > high + margin * width)
    return (strange.rolling(n, min_periods=1).sum() >= k).any(axis=1).sum()


rules = [(0, 1, 1), (0, 2, 3), (0.3, 1, 1), (0.3, 2, 3)]
alarms = {rule: alarm_days(*rule) for rule in rules}
for (margin, k, n), days in alarms.items():
    print(f"margin {margin:.1f}, {k} of {n} days: {days:2} false alarms in {len(judged)} days")

# %% [markdown]
# The bare range calls you on {{ 16 | alarms[0, 1, 1] }} of {{ 46 | len(judged) }} normal days. Two
# brakes help. A **margin** asks for more than a record by a hair. **[k of
# n](../glossary.md#k-of-n)** asks for a repetition:
# a storm is gone the day after tomorrow, a bug is not. Together they leave
# {{ 1 | alarms[0.3, 2, 3] }}, and cost one day of delay. Decide first how many false alarms a month
# you are going to answer, and set the brakes to that.
#
# ## How a professional does it
#
# The service counts while it serves, and something else collects the counts and raises alarms. With
# [`prometheus_client`](https://prometheus.github.io/client_python/) it takes a few lines: a
# histogram per numeric input, a counter of nulls.

# %%
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

registry = CollectorRegistry()
hour_of = Histogram(
    "request_sched_hour", "Scheduled hour", buckets=[4, 12, 18, 24], registry=registry
)
null_in = Counter("request_nulls", "Nulls by column", ["column"], registry=registry)

for request in X[live.date == judged[0]].itertuples():
    hour_of.observe(request.sched_min / 60)
    for column in WEATHER:
        if np.isnan(getattr(request, column)):
            null_in.labels(column).inc()

page = generate_latest(registry).decode()
counts = [line for line in page.splitlines() if not line.startswith("#") and "created" not in line]
print(*counts, sep="\n")

# %% [markdown]
# This is what the service shows at `/metrics`. Buckets are cumulative: `le="4.0"` counts departures
# until 4:00. There are none at night. With a UTC clock there would be, so this zero makes a good
# alarm.
# Counters never store a traveler, cost microseconds, and can be added up over ten servers.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **The mean score and the share of alerts are steady. What follows?**
#
# - [ ] The inputs are fine; otherwise the scores would move :: No: with the UTC clock both were as
#   steady as ever, and the AUC was down to {{ 0.61 | auc["clock in UTC"]:.2f }}.
# - [ ] The model is as good as it was :: No: a mean cannot tell whether the right flights got the
#   high scores.
# - [x] Faults that push all scores the same way are unlikely, no more :: Yes: that is what these
#   two can show.

# %% [markdown] tags=["question"]
# **Labels tell the truth. Why not simply watch the daily AUC?**
#
# - [x] It comes late, and swings more than most faults take away :: Yes: the UTC fault left its
#   range on {{ 2% | flagged["AUC (labels)"]["clock in UTC"]:.0%}} of the days.
# - [ ] AUC cannot be computed for one day :: No: here it was, for each of
#   {{ 92 | live.date.nunique() }} days.
# - [ ] Labels do not depend on the inputs :: No: that is not the point. The AUC does sink, by
#   {{ 0.08 | auc["no fault"] - auc["clock in UTC"]:.2f }}, below the noise of one day.

# %% [markdown] tags=["question"]
# **Which signal shows a weekday that is off by one?**
#
# - [ ] the mean of `weekday` :: No: on normal days it takes every value from 0 to 6, and so it does
#   with the fault.
# - [ ] its histogram over a month :: No: all seven are still about equally frequent.
# - [x] a comparison with the date :: Yes: a second source for the same fact needs no range at all.

# %% [markdown]
# ## Take to work
#
# - For each fault that you fear, name the signal that would show it. If there is none, build one.
# - Watch inputs column by column: nulls, means, and agreement with what you know otherwise.
# - Normal ranges come from normal days. Count how often a normal day leaves them.
# - A margin and "k of n" turn signals into alarms that somebody still reads in a year.
#
# **Exercise:** [`monitor`](../exercises/monitor.md): a monitor that is fed day by day, finds six of
# eight planted faults within three days, and keeps quiet through ninety normal ones.
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) · E.
# Breck and others, [*The ML Test Score*](https://research.google/pubs/pub46555/), 2017, on skew
# between training and serving · [*Monitoring Distributed
# Systems*](https://sre.google/sre-book/monitoring-distributed-systems/), in *Site Reliability
# Engineering* · [Prometheus on
# instrumentation](https://prometheus.io/docs/practices/instrumentation/)
