# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [1-scoping/the-dumbest-thing-that-works],
#     exercises: [best_threshold]}
# ---

# %% [markdown]
# # A metric somebody pays for
#
# A service that texts nobody is right about **{{ 77.0% | 1 - y_test.mean():.1%}}** of the flights.
# The threshold with the best F1 score, the one that a search for "best threshold" gives you, does
# more harm than good in the autumn, at a price that is easy to defend.
#
# After this lesson you can
#
# - **ask** for the price of both mistakes in a unit that somebody can answer in;
# - **turn** prices and a [budget of alerts](../glossary.md#alert-budget) into a
#   [threshold](../glossary.md#threshold);
# - **check** whether it still holds a season later.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from grader import load

# %% [markdown]
# The table is that of the last two lessons: what a ticket says, the weather of two hours before,
# and how late flights have been leaving; flights that arrived.

# %% tags=["hide-input"]
WEATHER = ["temp", "dewp", "humid", "wind_dir", "wind_speed"]
WEATHER += ["wind_gust", "precip", "pressure", "visib"]
KEY = ["origin", "time_hour"]
flights, weather = load("flights_2013"), load("weather_2013")
flights["late"] = flights.arr_delay >= 15
flights["date"] = pd.to_datetime(flights[["year", "month", "day"]])
flights["weekday"] = flights.date.dt.day_of_week
flights["clock"] = flights.hour * 60 + flights.minute

weather = weather[~(weather.wind_speed > 253)]
weather["time_hour"] += pd.Timedelta(hours=3)  # the last full hour, two hours before
table = flights.merge(weather[KEY + WEATHER], on=KEY, how="left", validate="m:1")

scheduled = table.time_hour + pd.to_timedelta(table.minute, unit="min")
took_off = scheduled + pd.to_timedelta(table.dep_delay, unit="min")
left = table.assign(at=took_off).dropna(subset="at").sort_values("at")
queue = left.groupby("origin").rolling("2h", on="at").dep_delay.mean()
queue = queue.rename("queue").reset_index().sort_values("at")
asked = table[["origin"]].assign(at=scheduled - pd.Timedelta(hours=2), row=table.index)
two_hours = pd.Timedelta(hours=2)
seen = pd.merge_asof(asked.sort_values("at"), queue, on="at", by="origin", tolerance=two_hours)
table["queue"] = seen.set_index("row").queue
for code in ["carrier", "origin", "dest"]:
    table[code] = table[code].astype("category")
FACTS = ["carrier", "origin", "dest", "weekday", "clock", "distance", *WEATHER, "queue"]
table = table.dropna(subset="arr_delay")

# %% [markdown]
# A threshold is learned, too, so it needs flights that the model has not seen. We train to June,
# choose on July to September, and are judged on October to December.

# %%
train = table[table.month <= 6]
summer, test = table[table.month.between(7, 9)], table[table.month > 9]
model = HistGradientBoostingClassifier(random_state=0).fit(train[FACTS], train.late)
p_summer, p_test = (model.predict_proba(part[FACTS])[:, 1] for part in (summer, test))
y_summer, y_test = summer.late.to_numpy(), test.late.to_numpy()

# %% [markdown]
# ## Build it wrong: metrics that nobody pays for


# %%
def report(threshold):
    """Return what the textbooks report, for the test months."""
    texted = p_test >= threshold
    return {
        "texted": texted.mean(),
        "accuracy": accuracy_score(y_test, texted),
        "precision": precision_score(y_test, texted, zero_division=np.nan),
        "recall": recall_score(y_test, texted),
        "F1": f1_score(y_test, texted),
    }


candidates = np.quantile(p_summer, np.linspace(0, 1, 201))
best_f1 = max(candidates, key=lambda t: f1_score(y_summer, p_summer >= t))
rows = {f"{t:.2f}": report(t) for t in (best_f1, 0.3, 0.5, 0.7)} | {"nobody": report(2)}
metrics = pd.DataFrame(rows).T
metrics.round(2)

# %% [markdown]
# Each column has another favorite. Accuracy {{ likes 0.5 | metrics.accuracy.idxmax() == "0.50" }},
# and prefers it to texting nobody by
# {{ 1.7 | 100 * (metrics.accuracy["0.50"] - metrics.accuracy["nobody"]):.1f }} points.
# [F1](../glossary.md#f1) likes to text {{ 23% | metrics.texted.iloc[0]:.0%}} of all flights.
# [Precision](../glossary.md#precision-and-recall) would text hardly anybody, recall everybody.
# Which is right?
#
# The question is not about statistics. It is the one that we asked in [From a goal to a
# table](../0-start/from-goal-to-table.md) for each person: what does it cost when the text was
# wrong, and what when none came? F1 has an answer to that, too. It just does not tell you what it
# is, and it never asked.
#
# ## Find the cause: no prices
#
# Ask the people who run the support desk what a wrong text costs, and you get a shrug: nobody books
# trust in dollars. Ask this instead:
#
# > *How many right texts does one wrong text undo?*
#
# That can be answered, because it compares like with like. A traveler who was warned for nothing
# ignores the next text, which might have been right: about one. A traveler who was warned for
# nothing, came late in spite of what it says, and missed the flight: many. Say **two**, until
# somebody who knows says otherwise. It is a guess, written down, with an owner.
#
# Then a service is worth: right texts, minus two for each wrong one. Nobody texted is worth zero.


# %%
def worth(y, p, threshold, gain, cost):
    """Return what texting from a threshold on is worth, in right texts."""
    texted = p >= threshold
    return gain * y[texted].sum() - cost * (~y[texted]).sum()


autumn = {t: worth(y_test, p_test, t, 1, 2) for t in (best_f1, 0.5, 0.7)}
for threshold, value in autumn.items():
    print(f"from {threshold:.2f}: {value:+,}")

# %% [markdown]
# The threshold with the best F1 undoes {{ 13,356 | -autumn[best_f1]:,.0f }} right texts in three
# months. The default of 0.5, that of the best accuracy, undoes {{ 1,397 | -autumn[0.5]:,.0f }}. The
# model is the same all along. It was a good one, and it was about to do harm, with a metric to show
# for it.
#
# ## Build it right: from prices to a threshold
#
# A text with a chance `p` of being right is worth `p * gain - (1 - p) * cost`. That is above zero if
#
# ```text
# p > cost / (gain + cost)
# ```
#
# With 1 and 2 it is two thirds. That is the whole theory, and it needs no data. But it needs
# [chances that are true](../glossary.md#calibration): of the flights at 0.7, seven in ten should be
# late. If you do not trust
# that, *try* all thresholds on flights that the model has not seen. Not on a grid: only the scores
# that occur make a difference.


# %%
def along(y, p, gain, cost):
    """Return share texted and worth for every threshold, from nobody to everybody."""
    order = np.argsort(-p, kind="stable")
    return np.arange(1, len(p) + 1) / len(p), np.cumsum(np.where(y[order], gain, -cost))


def tried(gain, cost):
    """Return the threshold that was worth most in the summer."""
    return np.sort(p_summer)[::-1][along(y_summer, p_summer, gain, cost)[1].argmax()]


prices = {
    "a wrong one undoes half a right one": (1, 0.5),
    "one for one": (1, 1),
    "a wrong one undoes two right ones": (1, 2),
}
chosen = pd.DataFrame(
    {
        name: {
            "theory": cost / (gain + cost),
            "tried": tried(gain, cost),
            "worth, theory": worth(y_test, p_test, cost / (gain + cost), gain, cost),
            "worth, tried": worth(y_test, p_test, tried(gain, cost), gain, cost),
        }
        for name, (gain, cost) in prices.items()
    }
).T
chosen.round(2)

# %%
promised, kept = {}, {}
for season, y, p in [("summer", y_summer, p_summer), ("autumn", y_test, p_test)]:
    promised[season], kept[season] = p[p >= 2 / 3].mean(), y[p >= 2 / 3].mean()
    print(f"{season}: promised {promised[season]:.0%}, kept {kept[season]:.0%}")

# %% alt="Line chart of the autumn: worth in right texts over the share of flights that are texted, one line for each price, with a dot where the theory cuts. When a wrong text undoes half a right one the line rises to its top near {{ 18% | tops.iloc[0]:.0%}} of flights and stays above zero for long. At one for one it peaks near {{ 7% | tops.iloc[1]:.0%}}. When a wrong text undoes two right ones it peaks at {{ 2% | tops.iloc[2]:.0%}} and then falls far below zero. The dots lie at or near the tops. A vertical line marks the budget of a tenth."
fig, ax = plt.subplots(figsize=(6, 3.4))
tops = {}
for (name, (gain, cost)), style in zip(prices.items(), ["-", "--", ":"], strict=True):
    share, total = along(y_test, p_test, gain, cost)
    tops[name] = share[total.argmax()]
    (line,) = ax.plot(share * 100, total, style, label=name)
    cut = (p_test >= cost / (gain + cost)).mean()
    value = worth(y_test, p_test, cost / (gain + cost), gain, cost)
    ax.plot(cut * 100, value, "o", color=line.get_color())
ax.axhline(0, color="gray", linewidth=1)
ax.axvline(10, color="gray", linewidth=1)
ax.annotate("budget", (10.5, 5500))
ax.set(xlabel="flights texted (%)", ylabel="worth (right texts)", xlim=(0, 40), ylim=(-3000, 6200))
ax.legend(loc="upper right")
plt.show()
tops = pd.Series(tops)

# %% [markdown]
# Look at the *shape* before the numbers. There is a good place on each curve, and it depends on the
# price far more than on anything that we could do to the model. So this is the decision to argue
# about, and the curve is the picture to argue over: put it in front of the people who pay, and ask
# which line is theirs.
#
# And the theory, without any data, did better than trying,
# {{ at all three prices | (chosen["worth, theory"] > chosen["worth, tried"]).all() }}. The summer
# explains it. Flights that were given two thirds or more had {{ 78% | promised["summer"]:.0%}} on
# average, and {{ 67% | kept["summer"]:.0%}} of them were late, so trying learned to be careful. In
# the autumn it was {{ 76% | promised["autumn"]:.0%}} and {{ 73% | kept["autumn"]:.0%}}. What is
# tried on a season fits that season.
#
# ## The budget
#
# The second thing that somebody pays for is attention. Say that the desk can take the calls from a
# tenth of all flights. In the summer, a threshold for that is easy to find.

# %%
budget = np.quantile(p_summer, 0.9)
days = pd.Series(p_test >= budget).groupby(test.date.to_numpy()).mean()
texted = (p_test >= budget).mean()
print(
    f"threshold {budget:.2f}: {(p_summer >= budget).mean():.1%} in summer, {texted:.1%} in autumn"
)
print(f"days over the budget: {(days > 0.1).sum()} of {len(days)}; the worst: {days.max():.0%}")

# %% [markdown]
# A threshold is not a budget. The same number texts {{ 10% | (p_summer >= budget).mean():.0%}} in
# summer and {{ 3% | texted:.0%}} in autumn. And although that is
# {{ a third | 0.3 < texted / 0.1 < 0.37 }} of the budget, the autumn
# breaks it on {{ 14 | (days > 0.1).sum() }} of {{ 92 | len(days) }} days, with
# {{ 29% | days.max():.0%}} on {{ 7 October | days.idxmax():%-d %B}}. Delays come in storms, and so
# do the calls. So write down what it is a budget *of*: a quarter, a day, an hour. One for a day
# needs a counter in the service; a threshold alone cannot keep it.
#
# ## How a professional does it
#
# scikit-learn keeps model and threshold together, so that `predict` means *text*.
# `TunedThresholdClassifierCV` tries thresholds by a scorer of yours; `FixedThresholdClassifier`
# takes the one that you worked out.

# %%
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import make_scorer
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV

in_right_texts = make_scorer(lambda y, texted: worth(y, texted, 1, gain=1, cost=2))
tuned = TunedThresholdClassifierCV(
    FrozenEstimator(model), scoring=in_right_texts, cv="prefit", refit=False, thresholds=400
).fit(summer[FACTS], summer.late)
fixed = FixedThresholdClassifier(FrozenEstimator(model), threshold=2 / 3)
fixed.fit(summer[FACTS], summer.late)
for name, ready in [("tuned", tuned), ("fixed", fixed)]:
    texts = ready.predict(test[FACTS])
    print(f"{name}: {worth(y_test, texts, 1, 1, 2):+,} right texts, {texts.sum():,} sent")

# %% [markdown]
# Two things to know. By default it tries a grid of 100 thresholds between the lowest and the
# highest score; we asked for 400. And it knows no budget: one that your scorer does not charge for
# does not exist.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A right text is worth 3 wrong ones. From which chance on do you text, if the chances are true?**
#
# - [x] 25% :: Yes: cost / (gain + cost) is 1 / 4. Three wrong texts in four
#   are fine, if that is really the price.
# - [ ] 50%: below, it is more likely wrong than right :: No: that is the price of one for one, in
#   disguise.
# - [ ] It depends on how many flights are late :: No: the chance already knows. The base rate moves
#   *how many* reach the threshold, not the threshold.

# %% [markdown] tags=["question"]
# **The model's chances are put through a function that makes them all larger and keeps their
# order. What happens?**
#
# - [ ] Nothing: the ranking is the same :: No: the AUC is. A cut at two thirds now texts more
#   people.
# - [x] A threshold that was *tried* goes along; one from the formula is wrong now :: Yes: trying
#   uses the order only, the formula believes the numbers.
# - [ ] Everything has to be trained again :: No: choose the threshold again on held-out flights, or
#   straighten the chances out (calibrate).

# %% [markdown] tags=["question"]
# **At two for one, {{ 3% | (p_test >= 2 / 3).mean():.0%}} of flights get a text. Somebody asks for
# more, "to make it worthwhile". You say:**
#
# - [ ] Fine, lower the threshold to 0.5 :: No: that turns
#   {{ +462 | chosen["worth, theory"].iloc[2]:+,.0f }} into {{ -1,397 | autumn[0.5]:+,.0f }}, by the
#   price that we agreed on.
# - [ ] No: the model says so :: No: the model says chances. The *price* says so.
# - [x] Then either the price is not two, or we need better data :: Yes: these are the only two
#   handles, and both have an owner.

# %% [markdown]
# ## Take to work
#
# - Ask for prices in the product's own coin: how many good ones does one bad one undo?
# - Write the guess down, with whose it is. Draw the curve for half and twice the guess.
# - Compare with *doing nothing*. It is worth zero, and it beats many models.
# - Choose on one season, look at the next. A threshold is not a budget.
#
# **Exercise:** [`best_threshold`](../exercises/best_threshold.md): equal scores, a budget, and
# nobody as an option; and a note of half a page about a decision of your own, read by a person.
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) ·
# C. Elkan, [*The Foundations of Cost-Sensitive
# Learning*](https://cseweb.ucsd.edu/~elkan/rescale.pdf) (IJCAI 2001), for the formula · [scikit-learn
# on tuning the decision
# threshold](https://scikit-learn.org/stable/modules/classification_threshold.html) · D. Hand and P.
# Christen, [*A note on using the F-measure for evaluating record linkage
# algorithms*](https://doi.org/10.1007/s11222-017-9746-6) (2018), on the prices that F1 hides
