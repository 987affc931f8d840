# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [7-monitoring/what-can-you-see], exercises: [psi]}
# ---

# %% [markdown]
# # Drift is not damage
#
# The [drift](../glossary.md#drift) alarm is set to {{ 0.2 | ALARM }}, as everybody sets it. In June
# the temperature reaches
# **{{ 9.4 | months.temp[6]:.1f }}**, and the model works better than in
# {{ almost any other month | months.AUC.rank(ascending=False)[6] <= 3 }}. In
# October the schedule stands at {{ 0.00 | months.sched_min[10]:.2f }}, and the model is
# {{ close to its worst | months.AUC[10] < months.AUC.min() + 0.005 }}.
#
# The drift is real. It is called summer.
#
# After this lesson you can
#
# - **compute** a drift score, and say what it is a distance between;
# - **choose** what to compare with, so that seasons do not ring;
# - **keep apart** whether inputs moved and whether the model got worse.
#
# ## A model that has only seen winter
#
# Trained on January to March 2013, live from April on. A new product never has more than a few
# months behind it, so this is the normal case.

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
readings = weather.assign(time_hour=weather.time_hour + pd.Timedelta(hours=2))
landed = load("flights_2013").dropna(subset="arr_delay")
table = landed.merge(readings[[*KEYS, *WEATHER]], on=KEYS, how="left", validate="m:1")
table["date"] = pd.to_datetime(table[["year", "month", "day"]])
table["weekday"] = table.date.dt.day_of_week
table["sched_min"] = table.hour * 60 + table.minute
table["late"] = table.arr_delay >= 15
for column in CODES:
    table[column] = table[column].astype("category").cat.codes


def fit(rows):
    """Return the model of this course, trained on some rows."""
    model = HistGradientBoostingClassifier(max_iter=60, random_state=0)
    return model.fit(rows[FEATURES].astype(float), rows.late)


def auc(model, rows):
    """Return how well a model ranks the late flights among some rows."""
    return roc_auc_score(rows.late, model.predict_proba(rows[FEATURES].astype(float))[:, 1])


train, live = table[table.month <= 3], table[table.month > 3]
winter = fit(train)

# %% [markdown]
# ## Build it wrong: one number, one threshold
#
# The *[population stability index](../glossary.md#psi)* comes from credit scoring. Cut the
# reference into ten bins of
# equal size, count both samples in these bins, and compare the shares p and q: the sum of
# `(q - p) * log(q / p)` over the bins. It is 0 for equal shares. Handed down with it is a rule of
# thumb: below 0.1 be calm, above 0.2 (some say 0.25) act.

# %%
ALARM = 0.2


def psi(reference, current, bins=10):
    """Return the population stability index of two numeric columns."""
    edges = np.unique(reference.quantile(np.linspace(0, 1, bins + 1)))
    edges[[0, -1]] = -np.inf, np.inf
    p, q = (np.histogram(x.dropna(), edges)[0] + 0.5 for x in (reference, current))
    p, q = p / p.sum(), q / q.sum()
    return float(np.sum((q - p) * np.log(q / p)))


WATCHED = ["sched_min", "distance", "temp", "humid", "pressure"]
months = pd.DataFrame(
    {
        month: {"AUC": auc(winter, rows), **{c: psi(train[c], rows[c]) for c in WATCHED}}
        for month, rows in live.groupby("month")
    }
).T
months.round(2)

# %% [markdown]
# The temperature rings in {{ 8 | (months.temp > ALARM).sum() }} of {{ 9 | len(months) }} months.
# The schedule and the distance
# {{ never | not (months[["sched_min", "distance"]] > ALARM).any(axis=None) }} do.

# %% alt="Scatter plot of {{ nine | len(months) == 9 }} months: PSI of the temperature against the AUC of the model. If drift were damage, points would fall from upper left to lower right. They do not: May to September {{ are at the far right | {*months.temp.nlargest(5).index} == {5, 6, 7, 8, 9} }}, with a PSI of {{ 7.9 | months.temp.loc[5:9].min():.1f }} to {{ 9.5 | months.temp.loc[5:9].max():.1f }}, and May, June and July {{ at the top | {*months.AUC.nlargest(3).index} == {5, 6, 7} }}, with an AUC of {{ 0.73 | months.AUC.loc[5:7].min():.2f }}. April and October are in the middle {{ at the bottom | {*months.AUC.nsmallest(2).index} == {4, 10} }}, with {{ 0.64 | months.AUC[4]:.2f }} and {{ 0.65 | months.AUC[10]:.2f }}. December and November are {{ at the left | {*months.temp.nsmallest(2).index} == {11, 12} }}, at {{ 0.70 | months.AUC[12]:.2f }} and {{ 0.65 | months.AUC[11]:.2f }}."
NAMES = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
fig, ax = plt.subplots(figsize=(7.2, 3.6))
ax.axvline(ALARM, color="C1", ls="--", lw=1.2)
ax.text(ALARM + 0.1, 0.755, "alarm from here on", color="C1", va="top")
ax.scatter(months.temp, months.AUC, s=42)
for name, drift, score in zip(NAMES, months.temp, months.AUC, strict=True):
    below = name == "Jul"  # June is in the same place
    ax.annotate(name, (drift, score), xytext=(6, -13 if below else 5), textcoords="offset points")
ax.set(xlabel="drift: PSI of the temperature", ylabel="AUC", xlim=(-0.3, 10.5), ylim=(0.63, 0.757))
plt.show()

# %% [markdown]
# With a test instead of a threshold it gets no better.
# [Kolmogorov-Smirnov](../glossary.md#kolmogorov-smirnov), each day against the
# training months, alarm at p < 0.05. A well-behaved test would ring on 5% of the days.

# %%
from scipy.stats import ks_2samp, wasserstein_distance

rings = {}
for column in ["sched_min", "distance", "weekday"]:
    sample = train[column].sample(5000, random_state=0)
    p_values = [ks_2samp(sample, rows[column]).pvalue for _, rows in live.groupby("date")]
    rings[column] = np.mean(np.array(p_values) < 0.05)
    print(f"{column:10} rings on {rings[column]:.1%} of {len(p_values)} days")

# %% [markdown]
# `weekday` rings *{{ every | rings["weekday"] == 1 }}* day. Of course: a Monday is all Mondays,
# and the reference is all seven. The test asks whether both samples are drawn from one pot, row by
# row, independently. A day is never that. Its answer is true, and nobody asked the question.
#
# ## Find the cause: compared with what?
#
# Both scores compare July with *winter*. Of course July is another distribution. The question that
# you meant is whether July is like a July. We have one other: ten years later.

# %%
later = load("weather_2023")
by_month = [x.groupby(x.time_hour.dt.month) for x in (weather, later)]
seasons = pd.DataFrame(
    {
        month: {
            "PSI to winter": psi(train.temp, now.temp),
            "PSI to same month": psi(then.temp, now.temp),
            "°F to winter": wasserstein_distance(train.temp.dropna(), now.temp.dropna()),
            "°F to same month": wasserstein_distance(then.temp.dropna(), now.temp.dropna()),
        }
        for (month, then), (_, now) in zip(*by_month, strict=True)
    }
).T
seasons.iloc[3:].round(2)

# %% [markdown]
# June falls from {{ 7.2 | seasons["PSI to winter"][6]:.1f }} to
# {{ 0.2 | seasons["PSI to same month"][6]:.1f }}. Most of the drift was the calendar.
#
# And still, with the *right* reference, {{ 11 | (seasons["PSI to same month"] > ALARM).sum() }} of
# 12 months are above {{ 0.2 | ALARM }}. Nothing broke. A month is not
# {{ 720 | 24 * 30 }} independent hours. It is a handful of weather fronts, and the next year has
# others. The threshold knows neither your rows nor how they hang together. The only way to a
# threshold is the one of the [last lesson](what-can-you-see.md): how far apart are *normal* pairs?
#
# The last two columns are the [Wasserstein distance](../glossary.md#wasserstein-distance): how far
# the values have to be moved, on
# average, in the column's own unit. June is {{ 2.6 | seasons["°F to same month"][6]:.1f }} °F from
# the June before, and January {{ 7.2 | seasons["°F to same month"][1]:.1f }} °F from its January.
# Anybody can judge that. Nobody has a feeling for a PSI of {{ 1.55 | seasons["PSI to same month"][1]:.2f }}.
#
# !!! note "A score that saturates"
#     PSI to winter is {{ 9.4 | months.temp[6]:.1f }} in June and {{ 9.5 | months.temp[8]:.1f }} in
#     August. Once everything lies in the last bin it cannot grow; how far *beyond* does not count.
#     Celsius for Fahrenheit and a heat wave can look alike. The distance in degrees tells them
#     apart.
#
# ## Build it right: ask for damage separately
#
# Is October's AUC of {{ 0.65 | months.AUC[10]:.2f }} damage? A low score has two explanations: the
# model is out of date, or the month is hard. They are told apart by a
# **[challenger](../glossary.md#challenger)**: the same ten
# lines, trained on everything until then. If it does much better, the old model has aged. If it
# struggles too, retraining buys little.

# %%
challenges = pd.DataFrame(
    {
        month: {
            "trained Jan-Mar": months.AUC[month],
            "trained until then": auc(fit(table[table.month < month]), table[table.month == month]),
        }
        for month in (6, 10, 12)
    }
).T
challenges["gain"] = challenges["trained until then"] - challenges["trained Jan-Mar"]
challenges.round(3)

# %% [markdown]
# In June, where the alarm is loud, a fresh model would gain {{ 0.016 | challenges.gain[6]:.3f }}.
# In October, at little more than half the drift, it would gain
# {{ 0.028 | challenges.gain[10]:.3f }}. And most of October's bad score is not age at all: with
# half a year more of training the model reaches
# {{ 0.67 | challenges["trained until then"][10]:.2f }}, far from June's
# {{ 0.75 | challenges["trained until then"][6]:.2f }}. The month is hard. No drift score knows that.
#
# | | the model is fine | the model got worse |
# |---|---|---|
# | **inputs as before** | a good day | the world behaves differently: only labels show it |
# | **inputs moved** | season, growth, a storm: read, do not wake anybody | retrain, or repair what feeds it |
#
# A drift score tells the rows apart, labels tell the columns. So use the score for what it can do:
# find broken *feeds*, where it is fast and needs no label. And do not retrain because a score is
# high: if it is a fault, you would train on the fault.
#
# ## How a professional does it
#
# With the two functions of [`scipy.stats`](https://docs.scipy.org/doc/scipy/reference/stats.html)
# that you have just used, and a reference chosen with care. A small report, worst column first,
# each in units of its own normal distance:


# %%
def normal_distance(column):
    """Return the typical distance between a month and the same month of another year."""
    pairs = [
        wasserstein_distance(then[column].dropna(), now[column].dropna())
        for (_, then), (_, now) in zip(*by_month, strict=True)
    ]
    return np.median(pairs)


july = weather[weather.time_hour.dt.month == 7]
fault = later[later.time_hour.dt.month == 7].assign(temp=lambda x: (x.temp - 32) / 1.8)
report = pd.DataFrame(
    {
        column: {
            "PSI": psi(july[column], fault[column]),
            "distance": wasserstein_distance(july[column].dropna(), fault[column].dropna()),
            "normal": normal_distance(column),
        }
        for column in ["temp", "humid", "wind_speed", "pressure"]
    }
).T
report["times normal"] = report.distance / report.normal
report.sort_values("times normal", ascending=False).round(2)

# %% [markdown]
# That is July 2023 with one fault planted, the temperature in Celsius. It stands out
# {{ 20 | report["times normal"]["temp"]:.0f }} times its normal distance. The pressure, whose PSI of
# {{ 2.2 | report.PSI["pressure"]:.1f }} would have rung as well, is
# {{ 1.3 | report["times normal"]["pressure"]:.1f }} times normal: another July, other fronts.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **PSI of the temperature is {{ 9.4 | months.temp[6]:.1f }} against the training months. First
# thing to do?**
#
# - [ ] Retrain: the model has never seen such values :: No: it has not, and in June its AUC was
#   {{ 0.73 | months.AUC[6]:.2f }}. Retraining may be worth a look, but not for this number.
# - [x] Compare with the same season of another year :: Yes: that is the question you meant. The
#   answer was {{ 0.2 | seasons["PSI to same month"][6]:.1f }}.
# - [ ] Raise the threshold until it is quiet :: No: a threshold above
#   {{ 9 | months.temp.max():.0f }} would not see a feed of zeros in winter.

# %% [markdown] tags=["question"]
# **A KS test rings on {{ 31% | rings["distance"]:.0%}} of days for `distance`. Why so often?**
#
# - [ ] The airlines change their routes so often :: No: month by month its PSI is
#   {{ 0.03 | months.distance.max():.2f }} at most. Hardly anything changed.
# - [x] A day's flights are no random draw from a quarter's flights :: Yes: Saturdays fly elsewhere
#   than Tuesdays. With enough rows every such difference is significant, and none of them matters.
# - [ ] 5% of days must ring, and the rest is bad luck :: No: six times as many is not luck.

# %% [markdown] tags=["question"]
# **All drift scores are near 0. May the model have got worse?**
#
# - [ ] No: same inputs, same outputs, same quality :: No: same outputs, yes. But what is *true* for
#   these inputs can change, and no input shows it.
# - [x] Yes; only labels can tell :: Yes: an airline that adds twenty minutes to every schedule is
#   late less often with the same inputs.
# - [ ] Only if somebody retrained it :: No: it gets worse by standing still while the world moves.

# %% [markdown]
# ## Take to work
#
# - A drift score is a distance between two samples. Choose the second one: same season, same
#   weekday, same place.
# - Get thresholds from pairs of normal periods. 0.2 is folklore.
# - Report distances in the column's unit. People can judge degrees and minutes.
# - Drift finds broken feeds. Damage needs labels, and a challenger to compare with.
#
# **Exercise:** [`psi`](../exercises/psi.md): a stability index that knows nulls, empty bins and
# values that the reference never had.
#
# **Sources:** data cards of [weather](../data/weather.md) and [flights](../data/flights.md) · J.
# Gama and others, [*A survey on concept drift adaptation*](https://doi.org/10.1145/2523813), ACM
# Computing Surveys 46 (2014), on inputs that change and relations that change · B. Yurdakul,
# [*Statistical Properties of Population Stability
# Index*](https://scholarworks.wmich.edu/dissertations/3208/), 2018, on where the thresholds come
# from · [SciPy: Wasserstein
# distance](https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.wasserstein_distance.html)
