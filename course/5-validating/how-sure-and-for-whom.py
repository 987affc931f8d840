# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 3, needs: [5-validating/split-as-you-will-serve],
#     exercises: [block_interval]}
# ---

# %% [markdown]
# # How sure, and for whom?
#
# "AUC {{ 0.694 | score:.3f }}, 95% interval {{ 0.691 | by_row[0]:.3f }} to
# {{ 0.698 | by_row[1]:.3f }}, from {{ 82,609 | len(test):, }} flights." It looks like a physical
# constant. Draw whole days instead of flights, and the same model gets
# {{ 0.66 | by_day[0]:.2f }} to {{ 0.72 | by_day[1]:.2f }}: **{{ 7 | wider:.0f }} times as wide**.
#
# The test set has {{ 82,609 | len(test):, }} rows. It has {{ 92 | days }} days.
#
# After this lesson you can
#
# - **count** what is independent in a test set;
# - **draw** an interval from [blocks](../glossary.md#block), and the interval of a *difference*
#   between two models;
# - **read** a table of [slices](../glossary.md#slice) without believing its extremes.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from grader import load

HOUR, KEYS = pd.Timedelta(hours=1), ["origin", "time_hour"]
flights, weather = load("flights_2013"), load("weather_2013")
weather = weather[~(weather.wind_speed > 253)]  # one reading of 1,048 mph
before = weather.drop(columns=["year", "month", "day", "hour"])
before["time_hour"] += 2 * HOUR  # a flight sees the weather of two hours before

departed = flights.time_hour + pd.to_timedelta(flights.minute + flights.dep_delay, unit="min")
seen_from = (departed.dt.floor("h") + 3 * HOUR).rename("time_hour")
congestion = flights.groupby(["origin", seen_from]).dep_delay.mean().rename("congestion")
table = flights.merge(before, on=KEYS, how="left", validate="m:1")
table = table.merge(congestion.reset_index(), on=KEYS, how="left", validate="m:1")
table = table.dropna(subset="arr_delay").reset_index(drop=True)
table["late"] = table.arr_delay >= 15
table["date"] = pd.to_datetime(table[["year", "month", "day"]])
table["weekday"] = table.date.dt.day_of_week
table["clock"] = table.hour * 60 + table.minute
for name in ["carrier", "origin", "dest"]:
    table[name] = table[name].astype("category")

plain = ["carrier", "origin", "dest", "weekday", "clock", "distance"]
plain += list(before.columns.drop(KEYS))
train = table[table.month <= 9].sample(60_000, random_state=0)
test = table[table.month > 9].reset_index(drop=True)
for name, columns in {"without": plain, "p": [*plain, "congestion"]}.items():
    model = HistGradientBoostingClassifier(random_state=0).fit(train[columns], train.late)
    test[name] = model.predict_proba(test[columns])[:, 1]
late, p, without = (test[name].to_numpy() for name in ["late", "p", "without"])
score, days = roc_auc_score(late, p), test.date.nunique()
print(f"AUC {score:.3f}, {len(test):,} flights, {days} days")

# %% [markdown]
# ## Build it wrong
#
# The [bootstrap](../glossary.md#bootstrap) draws a test set of the same size from the test set,
# with replacement, and scores
# it; many times. The spread of these scores is how far another test set could have been off. What
# you draw is what you claim to be independent. First rows, as everybody does.

# %%
rng = np.random.default_rng(0)
scores_by_row = []
for _ in range(200):
    drawn = rng.integers(0, len(test), len(test))
    scores_by_row.append(roc_auc_score(late[drawn], p[drawn]))
by_row = np.quantile(scores_by_row, [0.025, 0.975])
print(by_row.round(3))

# %% [markdown]
# ## Find the cause: are neighbors alike?
#
# If flights were late independently of each other, the share of late flights would hardly move from
# day to day: with about {{ 898 | len(test) / days:.0f }} flights a day it would stay within a few
# points of {{ 23% | late.mean():.0%}}.

# %%
daily = test.groupby("date").late.agg(["mean", "size"])
if_independent = np.sqrt(late.mean() * (1 - late.mean()) / daily["size"].mean())
times = daily["mean"].std() / if_independent
worst = daily["mean"].max()
print(f"spread of the daily share: {daily['mean'].std():.3f}")
print(f"if flights were independent: {if_independent:.3f}, so {times:.0f} times less")

# %% [markdown]
# The best day had {{ 4% | daily["mean"].min():.0%}} late flights, the worst
# {{ 78% | worst:.0%}}. Days differ {{ 11 | times:.0f }} times as much as chance among independent
# flights allows. A day is one event with nine hundred witnesses.
#
# ## Build it right: draw days
#
# As many days as there are, with replacement, each with all its flights. A day that is drawn twice
# counts twice; `isin` would lose that, and with it {{ about a quarter | 0.2 < narrower < 0.3 }} of
# the spread that you are after.

# %%
rows_of = list(test.groupby("date").indices.values())
scores_by_day, differences = [], []
for _ in range(200):
    drawn = np.concatenate([rows_of[k] for k in rng.integers(0, days, days)])
    scores_by_day.append(roc_auc_score(late[drawn], p[drawn]))
    differences.append(scores_by_day[-1] - roc_auc_score(late[drawn], without[drawn]))
by_day = np.quantile(scores_by_day, [0.025, 0.975])
wider = np.ptp(by_day) / np.ptp(by_row)
print(f"by row {by_row.round(3)}, by day {by_day.round(3)}: {wider:.1f} times as wide")

# %% tags=["remove-cell"]
# What counting a day once costs, on a score that is quick to compute: the share of late flights.
lots = np.random.default_rng(1).integers(0, days, (4000, days))
of_day = test.groupby("date").late.agg(["sum", "size"]).to_numpy()
spread = {
    "twice": np.std([np.divide(*of_day[lot].sum(axis=0)) for lot in lots]),
    "once": np.std([np.divide(*of_day[np.unique(lot)].sum(axis=0)) for lot in lots]),
}
narrower = 1 - spread["once"] / spread["twice"]

# %% tags=["hide-input"] alt="Two histograms of bootstrapped AUCs around {{ 0.694 | score:.3f }}. Drawn by rows, a narrow peak from {{ 0.691 | by_row[0]:.3f }} to {{ 0.698 | by_row[1]:.3f }}. Drawn by days, a broad hill from {{ 0.66 | by_day[0]:.2f }} to {{ 0.72 | by_day[1]:.2f }}."
fig, ax = plt.subplots(figsize=(6.8, 3.2))
bins = np.linspace(min(scores_by_day), max(scores_by_day), 40)
ax.hist(scores_by_row, bins, alpha=0.75, label="rows drawn")
ax.hist(scores_by_day, bins, alpha=0.75, label="days drawn", hatch="//", edgecolor="white")
ax.axvline(score, color="0.3", linestyle=":")
ax.set(xlabel="AUC of the resample", ylabel="resamples")
ax.legend()
plt.show()

# %% [markdown]
# Days are not independent either; storms last two of them, and October is not December. Blocks of
# weeks would be more honest still, but {{ 92 | days }} days are 13 weeks, and an interval from 13
# things is a guess about a guess. Choose the smallest block across which you would bet on
# independence, and say which one you chose.
#
# ### The difference is surer than the scores
#
# Does congestion help? The model without it has {{ 0.678 | roc_auc_score(late, without):.3f }},
# well inside the interval above. That is the wrong comparison: a hard day is hard for both models.
# Score both on the **same** drawn days and look at the difference.

# %%
gain = np.quantile(differences, [0.025, 0.975])
print(f"gain {score - roc_auc_score(late, without):.3f}, interval {gain.round(3)}")

# %% [markdown]
# From {{ 0.008 | gain[0]:.3f }} to {{ 0.023 | gain[1]:.3f }}: positive throughout. Each score is
# known to {{ 0.03 | np.ptp(by_day) / 2:.2f }}, their difference to
# {{ 0.007 | np.ptp(gain) / 2:.3f }}. Overlapping intervals of two models say next to nothing;
# [pair them](../glossary.md#paired-comparison).
#
# ## For whom?
#
# An average is somebody's experience only by accident. Cut the test set by airline and look at two
# things: how well flights are ranked, and whether the predicted share is the true one.


# %%
def slice_table(by):
    """Return size, days, AUC, and predicted minus true share with an interval by day, per slice."""
    lines = {}
    for name, rows in test.groupby(by, observed=True):
        error = (rows.p - rows.late).groupby(rows.date).agg(["sum", "size"]).to_numpy()
        drawn = rng.integers(0, len(error), (500, len(error)))
        totals = error[drawn].sum(axis=1)
        low, high = np.quantile(totals[:, 0] / totals[:, 1], [0.025, 0.975])
        auc = roc_auc_score(rows.late, rows.p) if rows.late.nunique() > 1 else np.nan
        lines[name] = [len(rows), rows.late.sum(), auc, rows.p.mean() - rows.late.mean(), low, high]
    return pd.DataFrame(lines, ["n", "late", "AUC", "bias", "low", "high"]).T.sort_values("n")


carriers = slice_table("carrier")
carriers.round(3)

# %% tags=["hide-input"] alt="Predicted minus true share of late flights for each airline, with intervals from days, sorted by number of flights. The smallest airlines have intervals {{ 11 | 100 * (shown.high - shown.low).iloc[:4].min():.0f }} to {{ 15 | 100 * (shown.high - shown.low).iloc[:4].max():.0f }} points wide, the largest {{ 4 | 100 * (shown.high - shown.low).iloc[-1]:.0f }}. Southwest, WN, lies {{ 8 | -100 * carriers.bias['WN']:.0f }} points below zero and {{ its interval does not reach zero | carriers.high['WN'] < 0 }}; AirTran, FL, lies {{ 11 | -100 * carriers.bias['FL']:.0f }} points below. {{ The four largest are within a few points of zero | carriers.bias.iloc[-4:].abs().max() < 0.05 }}."
shown = carriers[carriers.n >= 50]
labels = [f"{name} ({row.n:,.0f})" for name, row in shown.iterrows()]
fig, ax = plt.subplots(figsize=(6.8, 4.4))
ax.hlines(labels, 100 * shown.low, 100 * shown.high)
ax.plot(100 * shown.bias, labels, "o")
ax.axvline(0, color="0.3", linestyle=":")
ax.set(xlabel="predicted minus true share of late flights (points)")
ax.set_title("Airlines (flights in the test months)")
plt.show()

# %% [markdown]
# Read it from both ends.
#
# **HA** has {{ the worst AUC of all | carriers.AUC.idxmin() == "HA" }},
# {{ 0.4 | carriers.AUC["HA"]:.1f }}: worse than a coin. It has
# {{ 74 | carriers.n["HA"]:.0f }} flights, of which {{ 8 | carriers.late["HA"]:.0f }} were late.
# Nothing can be said about it, and with {{ 16 | len(carriers) }} airlines the worst of the small
# ones *has* to look terrible.
#
# **WN** has a good AUC, {{ 0.72 | carriers.AUC["WN"]:.2f }}, and would pass any table of AUCs. Its
# flights are promised to be late {{ 8 | -100 * carriers.bias["WN"]:.0f }} points less often than
# they are, and the interval, {{ -10 | 100 * carriers.low["WN"]:.0f }} to
# {{ -5 | 100 * carriers.high["WN"]:.0f }}, stays away from zero. AUC looks at the order within the
# airline. Whoever flies with it gets too few alerts, all autumn.
#
# With {{ 16 | len(carriers) }} intervals of 95%, about one misses by chance. So a slice that stands
# out is a question, not a finding. Ask it of other months. This one has an answer in the data:

# %%
months = table[table.carrier == "WN"].groupby("month").late.mean()
others = table[table.carrier != "WN"].groupby("month").late.mean()
extra = (months - others).mul(100)
print("late at WN, points above the others, by month:")
print(*extra.round().astype(int))
early_extra, late_extra = extra[:9].mean(), extra[9:].mean()

# %% [markdown]
# Until September WN was as late as the others ({{ -1 | early_extra:.0f }} points on average), from
# October on {{ 8 | late_extra:.0f }} points later. Something changed after the model had been
# fitted, and no validation on older months could have seen it. A slice with its interval, looked at
# every month, can.
#
# ## How a professional does it
#
# `scipy.stats.bootstrap` takes a statistic and what is to be drawn. Hand it **day numbers** instead
# of rows, and you get BCa intervals, which correct for bias and skew. (Weights instead of copied
# rows make it quick: a day that was drawn twice weighs two.)

# %%
from scipy.stats import bootstrap

day_number = test.groupby("date").ngroup().to_numpy()


def late_share(drawn):
    """Return the share of late flights, in the drawn days."""
    weight = np.bincount(drawn, minlength=days)[day_number]
    return np.average(late, weights=weight)


found = bootstrap(
    [np.arange(days)], late_share, vectorized=False, n_resamples=500, method="BCa", rng=0
)
interval = found.confidence_interval
naive = 1.96 * np.sqrt(late.mean() * (1 - late.mean()) / len(test))
print(f"late: {late.mean():.1%}, {interval.low:.1%} to {interval.high:.1%} (by row ±{naive:.1%})")

# %% [markdown]
# Even the simplest number of all, the share of late flights, is known to about three points, not to
# {{ 0.3 | 100 * naive:.1f }}. For slices, [Fairlearn's
# `MetricFrame`](https://fairlearn.org/main/user_guide/assessment/perform_fairness_assessment.html)
# computes any metric by group. It knows nothing of your days; the interval stays your job.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **You test on 40 patients with 500 scans each. What do you draw?**
#
# - [ ] Scans: there are 20,000 of them :: No: the scans of a patient resemble each other. You would
#   report the certainty of 20,000 patients.
# - [x] Patients, with all their scans :: Yes: the next patient is what you do not know.
# - [ ] Both, first patients, then scans within :: No: not needed as long as you keep all scans of a
#   drawn patient; drawing again adds noise that your test set does not have.

# %% [markdown] tags=["question"]
# **Model A has {{ 0.66 | by_day[0]:.2f }} to {{ 0.72 | by_day[1]:.2f }}, model B an interval that
# overlaps it almost entirely. Is B as good?**
#
# - [ ] Yes, the intervals overlap :: No: they share most of their noise, the days. It cancels in
#   the difference.
# - [x] Unknown: compute the interval of the difference on the same draws :: Yes: here it lies above
#   zero although the two intervals overlap.
# - [ ] Take the one with the higher mean :: No: that is a coin with a bias, until you know how wide
#   the difference is.

# %% [markdown] tags=["question"]
# **One of {{ 16 | len(carriers) }} airlines has an interval that excludes zero. What now?**
#
# - [ ] Fit a correction for that airline :: No: with so many intervals, one in twenty misses by
#   chance. You may be correcting noise.
# - [ ] Ignore it: it is multiple testing :: No: that is a reason to ask again, not to look away.
# - [x] Look at it in other months, and at its n :: Yes: chance does not repeat itself on demand.

# %% [markdown]
# ## Take to work
#
# - Say what your test set has 92 of. That is your n.
# - Draw blocks with replacement, keep repeats, name the block beside the interval.
# - Compare models by the interval of their **paired** difference.
# - A slice table has n, an interval, and calibration beside AUC. Sort it by n, not by score.
#
# **Exercise:** [`block_interval`](../exercises/block_interval.md): blocks of any size, days without
# a single late flight, and a coverage test that rows do not survive.
#
# **Next:** [Contracts](contracts.md): all this was about a table that is what it says.
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) · B.
# Efron and R. Tibshirani, *An Introduction to the Bootstrap*, Chapman & Hall (1993) · C. A. Field
# and A. H. Welsh, [*Bootstrapping clustered
# data*](https://doi.org/10.1111/j.1467-9868.2007.00593.x), JRSS B 69 (2007) · SciPy,
# [`scipy.stats.bootstrap`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.bootstrap.html)
