# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [1-scoping/a-prediction-is-for-a-decision],
#     exercises: [lookup_baseline]}
# ---

# %% [markdown]
# # The dumbest thing that works
#
# Gradient boosting knows the timetable, sends 100 texts, and **{{ 41 | right.boosting:.0f }}** of
# them are right. There is applause. A table of means, made in one line of pandas from the same
# timetable, gets {{ 40 | right["three facts"]:.0f }}, and nobody had built it.
#
# After this lesson you can
#
# - **build** a look-up [baseline](../glossary.md#baseline) that does not believe its own small
#   numbers;
# - **price** a model in right texts above that baseline, not in AUC above a coin;
# - **decide** whether next week goes into the model or into the data.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from grader import load

flights = load("flights_2013")
flights["late"] = flights.arr_delay >= 15
flights["weekday"] = pd.to_datetime(flights[["year", "month", "day"]]).dt.day_of_week
FACTS = ["hour", "carrier", "origin", "dest", "weekday"]
for code in ["carrier", "origin", "dest"]:
    flights[code] = flights[code].astype("category")

table = flights.dropna(subset="arr_delay")  # flights that arrived, as before
train, test = table[table.month <= 9], table[table.month > 9]

# %% [markdown]
# Somebody who has never seen an AUC will ask how many of the texts are right. So we ask that, too:
# text the most suspicious tenth of October to December, and count.

# %%
coin = np.random.default_rng(0).random(len(test))
auc, right = {}, {}


def judge(name, chance):
    """Note down AUC, and how many of 100 texts are right, for scores of the test flights."""
    most_suspicious = np.lexsort([coin, -np.asarray(chance)])  # ties in random order
    texted = most_suspicious[: len(test) // 10]
    auc[name] = roc_auc_score(test.late, chance)
    right[name] = 100 * test.late.to_numpy()[texted].mean()
    print(f"{name:20} AUC {auc[name]:.3f}, {right[name]:.1f} of 100 texts are right")


def boost(columns):
    """Return the chance of being late, by the model of this course."""
    model = HistGradientBoostingClassifier(random_state=0)
    model.fit(train[columns], train.late)
    return model.predict_proba(test[columns])[:, 1]


judge("nobody knows", np.zeros(len(test)))
judge("boosting", boost(FACTS))

# %% [markdown]
# ## Build it wrong: celebrate, then add columns
#
# {{ 23 | right["nobody knows"]:.0f }} with a coin, {{ 41 | right.boosting:.0f }} with a model. What
# is *missing* is the line between the two: what does somebody get who owns a spreadsheet?


# %%
def look_up(keys):
    """Return the share of late flights in training among those with the same keys."""
    share = train.groupby(keys).late.mean().rename("share")
    return test[keys].join(share, on=keys).share.fillna(train.late.mean())


judge("three facts", look_up(FACTS[:3]))
judge("five facts", look_up(FACTS))

# %% [markdown]
# Two surprises. The table of three facts (hour, carrier, origin) is within a hair of the boosting.
# And when we give it the other two facts, destination and weekday, it gets *worse*: from
# {{ 0.629 | auc["three facts"]:.3f }} to {{ 0.603 | auc["five facts"]:.3f }}. More information,
# worse answer.
#
# ## Find the cause: how many flights is a share made of?

# %%
size = train.groupby(FACTS).size().rename("size")
made_of = test[FACTS].join(size, on=FACTS)["size"].fillna(0)
bins = pd.cut(made_of, [-1, 0, 4, 19, 99, 9999], labels=["0", "1-4", "5-19", "20-99", "100+"])
promise = look_up(FACTS)
sure = promise >= 0.5
kept = pd.DataFrame({"promised": promise, "kept": test.late, "flights": 1})[sure]
kept = kept.groupby(bins[sure]).agg({"promised": "mean", "kept": "mean", "flights": "sum"})
kept.rename_axis("made of").round(2)

# %% [markdown]
# These are the flights that the table of five facts calls more likely late than not. Where the
# share is made of one to four flights, it promises {{ 64% | kept.promised["1-4"]:.0%}} and keeps
# {{ 30% | kept.kept["1-4"]:.0%}}. A group of two that were both late says "always". And exactly
# these groups are on top of the list, because small groups are where extreme shares come from. You
# asked for the most suspicious flights and got the least examined ones.
#
# {{ 4,365 | (size < 10).sum():, }} of the {{ 13,330 | len(size):, }} groups have fewer than ten
# flights, and {{ 7% | (made_of == 0).mean():.0%}} of the test flights are in a group that never
# occurred.
#
# ## Build it right: pull small groups toward large ones
#
# A group of two should say little, and then something sensible. Let it count as if it came with
# `weight` more flights that behave like the *larger* group around it:
#
# ```text
# estimate = (late + weight * estimate around it) / (flights + weight)
# ```
#
# Two flights hardly move away from the larger group; two thousand do as they like; none at all is
# the larger group. Statisticians call it [shrinkage](../glossary.md#shrinkage), and baseball fans
# have known it since [Efron
# and Morris (1975)](https://doi.org/10.1080/01621459.1975.10479864): after 45 times at bat, a
# player's own average predicts his season worse than one that is pulled toward everybody's.


# %%
def pulled(keys, weight, around):
    """Return the share by keys, each group pulled toward the estimate around it."""
    group = train[keys].assign(late=train.late, around=around).groupby(keys)
    share = (group.late.sum() + weight * group.around.first()) / (group.size() + weight)
    return table[keys].join(share.rename("share"), on=keys).share.fillna(around)


def two_steps(weight):
    """Return estimates by five facts, around them by three, around those by none."""
    overall = pd.Series(train.late.mean(), index=table.index)
    three = pulled(FACTS[:3], weight, overall)
    return pulled(FACTS, weight, three).loc[test.index]


judge("pulled, weight 100", two_steps(100))

# %% [markdown]
# {{ 0.603 | auc["five facts"]:.3f }} has become {{ 0.633 | auc["pulled, weight 100"]:.3f }}. The
# boosting has {{ 0.635 | auc.boosting:.3f }}. Whatever the trees learned from the timetable, a
# table of means and one division know nearly all of it, too.
#
# Why 100? It is a round number. Does it matter?

# %% alt="Line chart: AUC over the weight, on a logarithmic scale. The table of five facts starts at {{ 0.61 | curve.iloc[0]:.2f }} with a weight of {{ 0.1 | curve.index[0]:.1f }}, climbs to {{ 0.633 | curve.max():.3f }} at weights of {{ 30 and 100 | {*curve.nlargest(2).index} == {30, 100} }}, {{ just below | 0 < auc['boosting'] - curve.max() < 0.005 }} a dashed line for the boosting, and falls again to {{ 0.619 | curve.iloc[-1]:.3f }} at {{ 3,000 | curve.index[-1]:,.0f }}. A dotted line for the table of three facts {{ is crossed on the way up and down | max(curve.iloc[0], curve.iloc[-1]) < auc['three facts'] < curve.max() }}."
weights = [0.1, 1, 3, 10, 30, 100, 300, 1000, 3000]
curve = pd.Series({w: roc_auc_score(test.late, two_steps(w)) for w in weights})

fig, ax = plt.subplots(figsize=(5.8, 3))
ax.plot(curve.index, curve, marker="o", label="five facts, pulled")
ax.axhline(auc["boosting"], color="C1", linestyle="--", label="boosting, same facts")
ax.axhline(auc["three facts"], color="C2", linestyle=":", label="three facts")
ax.set(xscale="log", xlabel="weight (flights)", ylabel="AUC")
ax.legend()
plt.show()

# %% [markdown]
# A little. Too small a weight believes everything, too large a one nothing. In between is a broad
# hill: from 10 to 300 the score stays within
# {{ 0.005 | curve.loc[10:300].max() - curve.loc[10:300].min():.3f }}. That is the second thing that
# you want from a baseline, that a round number will do. (Do not read the best weight off this plot.
# These are the test months; it would have to be chosen on training months, kept apart for it.)
#
# ## What is the model worth, then?
#
# Above the coin, the boosting is worth {{ 18 | right.boosting - right["nobody knows"]:.0f }} right
# texts in 100. Above the look-up it is worth
# **{{ 0.3 | right.boosting - right["pulled, weight 100"]:.1f }}**. Only the second number is the
# model's; the rest is the timetable's. Now spend the week on data instead, as [the last
# lesson](a-prediction-is-for-a-decision.md) did: the weather of two hours before, and how late
# flights have been leaving.

# %% tags=["hide-input"]
WEATHER = ["temp", "dewp", "humid", "wind_dir", "wind_speed"]
WEATHER += ["wind_gust", "precip", "pressure", "visib"]
KEY = ["origin", "time_hour"]
weather = load("weather_2013")
weather = weather[~(weather.wind_speed > 253)].astype({"origin": flights.origin.dtype})
weather["time_hour"] += pd.Timedelta(hours=3)  # the last full hour, two hours before
table = table.merge(weather[KEY + WEATHER], on=KEY, how="left", validate="m:1")

scheduled = flights.time_hour + pd.to_timedelta(flights.minute, unit="min")
took_off = scheduled + pd.to_timedelta(flights.dep_delay, unit="min")
left = flights.assign(at=took_off).dropna(subset="at").sort_values("at")
queue = left.groupby("origin", observed=True).rolling("2h", on="at").dep_delay.mean()
queue = queue.rename("queue").reset_index().sort_values("at")
moment = table.time_hour + pd.to_timedelta(table.minute - 120, unit="min")
asked = table[["origin"]].assign(at=moment, row=table.index).sort_values("at")
seen = pd.merge_asof(asked, queue, on="at", by="origin", tolerance=pd.Timedelta(hours=2))
table["queue"] = seen.set_index("row").queue
train, test = table[table.month <= 9], table[table.month > 9]

# %%
judge("and weather", boost(FACTS + WEATHER))
judge("and the queue", boost([*FACTS, *WEATHER, "queue"]))

# %% tags=["hide-input"] alt="Bar chart of right texts in a hundred, four groups. Nobody knows {{ 23 | right['nobody knows']:.0f }}. Look-up tables: five facts as they are {{ 37 | right['five facts']:.0f }}, three facts {{ 40 | right['three facts']:.0f }}, five facts pulled {{ 41 | right['pulled, weight 100']:.0f }}. Boosting on the same facts {{ 41 | right['boosting']:.0f }}. Boosting with more data, hatched: weather {{ 52 | right['and weather']:.0f }}, weather and queue {{ 58 | right['and the queue']:.0f }}."
order = ["nobody knows", "five facts", "three facts", "pulled, weight 100"]
order += ["boosting", "and weather", "and the queue"]
texts = pd.Series(right)[order]
fig, ax = plt.subplots(figsize=(5.8, 3.2))
bars = ax.barh(texts.index, texts, height=0.7)
for bar in bars[-2:]:
    bar.set(facecolor="C1", hatch="///")
ax.bar_label(bars, fmt="%.0f", padding=3)
ax.set(xlabel="right texts in 100 (hatched: more data)", xlim=(0, 70))
ax.invert_yaxis()
ax.grid(axis="y", visible=False)
plt.show()

# %% [markdown]
# The model on the same facts: {{ 0.3 | right.boosting - right["pulled, weight 100"]:.1f }} more.
# The weather: {{ 10.5 | right["and weather"] - right.boosting:.1f }} more. The queue:
# {{ 6.5 | right["and the queue"] - right["and weather"]:.1f }} more again. The first came out of a
# library, the other two out of asking what is known by then. No score against a coin shows you the
# difference.
#
# To be fair to the trees: with ten numbers that all interact, a look-up has no cells left to put
# the flights in. That is what a model is *for*. It earns its keep exactly where the table cannot
# follow.
#
# ## How a professional does it
#
# scikit-learn has both ends in stock. `DummyClassifier` is the coin, for the test suite that
# asserts that you beat it. [`TargetEncoder`](https://scikit-learn.org/stable/modules/preprocessing.html#target-encoder)
# is the pulled mean, column by column, with a weight that it works out from the data; a logistic
# regression adds the columns up.

# %%
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder

floor = DummyClassifier(strategy="prior").fit(train[FACTS], train.late)
folds = StratifiedKFold(5, shuffle=True, random_state=0)
encoder = TargetEncoder(target_type="binary", cv=folds)
pipeline = make_pipeline(encoder, LogisticRegression()).fit(train[FACTS], train.late)
judge("DummyClassifier", floor.predict_proba(test[FACTS])[:, 1])
judge("TargetEncoder", pipeline.predict_proba(test[FACTS])[:, 1])

# %% [markdown]
# A few lines for {{ 0.62 | auc["TargetEncoder"]:.2f }}: less than the look-up, because it cannot
# know that one carrier is late in the evening and another in the morning. One thing in it is worth
# knowing. While fitting, it encodes each row with means from *other* rows, so that no flight sees
# its own outcome. Do that by hand in one `groupby().transform("mean")`, and you have a leak, to
# which the module on validating gives a lesson.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A group of three flights in training, all late. The larger group around it says
# 25%. With weight 100, what is its estimate?**
#
# - [ ] 100%: that is what the data say :: No: three flights say it. On the test months such groups
#   kept {{ 30% | kept.kept["1-4"]:.0%}}.
# - [x] About 27% :: Yes: (3 + 100 * 0.25) / 103. Three flights against a hundred imagined ones.
# - [ ] 25%: below ten flights a group is ignored :: No: then it would jump at the
#   tenth flight. Pulling lets it move flight by flight.

# %% [markdown] tags=["question"]
# **A colleague shows an AUC of {{ 0.64 | auc["boosting"]:.2f }}, with a new architecture. You
# ask:**
#
# - [x] What does the look-up on the same columns get, on the same months? :: Yes: here it gets
#   {{ 0.63 | auc["pulled, weight 100"]:.2f }}, and the architecture's share is what is left.
# - [ ] Have you tuned it? :: No: tuning comes after you know that there is something to win.
# - [ ] What is the accuracy? :: No: texting nobody is right more often than that, as the next
#   lesson shows.

# %% [markdown] tags=["question"]
# **The look-up scores as well as the model. Which one goes live?**
#
# - [ ] The model; it will get better with more data :: No: then ship it when it has. Until then you
#   run a server for nothing.
# - [x] The look-up, today, and the week goes into the next data source :: Yes: the table of
#   three facts has {{ 424 | train.groupby(FACTS[:3]).ngroups }} numbers, which can be read,
#   explained, and checked by hand. It will also be the fallback when the weather feed is down.
# - [ ] Both, averaged :: No: two systems to keep alive, for a gain that nobody has measured.

# %% [markdown]
# ## Take to work
#
# - Build the look-up before the model. It is an hour's work, and from then on every score has a
#   price tag.
# - Report the difference to the look-up, in units that somebody pays for.
# - A share without its n is a rumor. Pull it toward the larger group; fall back where there is
#   none.
# - When model and look-up agree, the data are the bottleneck.
#
# **Exercise:** [`lookup_baseline`](../exercises/lookup_baseline.md): as many steps as there are
# keys, with groups that nobody has seen, nulls among the keys, and rows that stay where they are.
#
# **Next:** [A metric somebody pays for](a-metric-somebody-pays-for.md).
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) ·
# B. Efron and C. Morris, [*Data Analysis Using Stein's Estimator and its
# Generalizations*](https://doi.org/10.1080/01621459.1975.10479864), JASA 70 (1975) · D.
# Micci-Barreca, [*A Preprocessing Scheme for High-Cardinality Categorical
# Attributes*](https://doi.org/10.1145/507533.507538), SIGKDD Explorations 3 (2001), where target
# encoding comes from · [scikit-learn on
# TargetEncoder](https://scikit-learn.org/stable/modules/preprocessing.html#target-encoder)

# %% tags=["remove-cell"]
# The text reads better with attributes.
right, auc = pd.Series(right), pd.Series(auc)
