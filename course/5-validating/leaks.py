# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 40, difficulty: 3, needs: [0-start/from-goal-to-table],
#     exercises: [past_mean]}
# ---

# %% [markdown]
# # Leaks
#
# A colleague adds one column, the mean delay of all flights that leave the same airport in the same
# hour, and the score jumps from {{ 0.694 | promised["honest"]:.3f }} to
# **{{ 0.794 | promised["same hour"]:.3f }}**. Two hours before departure, when the message has to
# go out, that column is empty. With what is known by then the same model scores
# **{{ 0.605 | served["same hour"]:.3f }}**, worse than before the improvement.
#
# No line of that code fails. No split would have caught it either. A [leak](../glossary.md#leak) is
# not a bug in the
# computation; it is a fact that arrives too late.
#
# After this lesson you can
#
# - **name** the three ways in which the outcome gets into a feature;
# - **find** them with a test that needs no score and no model;
# - **build** the honest version of the same idea: the past, as it was known.

# %%
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from grader import load

HOUR, KEYS = pd.Timedelta(hours=1), ["origin", "time_hour"]
flights, weather = load("flights_2013"), load("weather_2013")
weather = weather[~(weather.wind_speed > 253)]  # one reading of 1,048 mph
before = weather.drop(columns=["year", "month", "day", "hour"])
before["time_hour"] += 2 * HOUR  # a flight sees the weather of two hours before

table = flights.merge(before, on=KEYS, how="left", validate="m:1")
table["date"] = pd.to_datetime(table[["year", "month", "day"]])
table["weekday"] = table.date.dt.day_of_week
table["sched"] = table.time_hour + pd.to_timedelta(table.minute, unit="min")
table["left"] = table.sched + pd.to_timedelta(table.dep_delay, unit="min")
table["clock"] = table.hour * 60 + table.minute

# %% [markdown]
# ## Build it right first
#
# The idea is good. When an airport is jammed, your flight will be late, and you can see the jam
# before. So take the flights that **have left** by then. For a flight at ten something, the hour
# from seven to eight is over when the message goes out at eight.


# %%
def congestion(table):
    """Mean departure delay at the airport, in the clock hour that ended two hours before."""
    hour = (table["left"].dt.floor("h") + 3 * HOUR).rename("time_hour")
    return table.dep_delay.groupby([table.origin, hour]).mean().rename("congestion")


def with_congestion(table):
    """Return the table with what its airport looked like two hours before."""
    return table.merge(congestion(table).reset_index(), on=KEYS, how="left", validate="m:1")


table = with_congestion(table)
for name in ["carrier", "origin", "dest"]:
    table[name] = table[name].astype("category")
landed = table.dropna(subset="arr_delay").reset_index(drop=True)
landed["late"] = landed.arr_delay >= 15
train = landed[landed.month <= 9].sample(60_000, random_state=0).index
test = landed[landed.month > 9].index

SCHEDULE = ["carrier", "origin", "dest", "weekday", "clock", "distance"]
WEATHER = list(before.columns.drop(KEYS))
HONEST = [*SCHEDULE, *WEATHER, "congestion"]


def fit(columns):
    """Fit the course's model on a sample of January to September."""
    model = HistGradientBoostingClassifier(random_state=0)
    return model.fit(landed.loc[train, columns], landed.late[train])


def auc(model, rows):
    """Return how well late flights of October to December are ranked (0.5 is a coin)."""
    features = rows.loc[test, model.feature_names_in_]
    return roc_auc_score(rows.late[test], model.predict_proba(features)[:, 1])


promised, served = {}, {}
promised["honest"] = served["honest"] = auc(fit(HONEST), landed)
print(f"{promised['honest']:.3f}")

# %% [markdown]
# ## Build it wrong, three ways
#
# **The outcome itself.** `dep_delay` stands in the same row. It is known at push-back, which is two
# hours and some minutes after the message.
#
# **An aggregate that contains it.** The mean of the same hour, or of the same day. Nobody typed the
# outcome into the feature; `transform("mean")` did.

# %%
leaks = {
    "push-back": landed.dep_delay,
    "same hour": landed.groupby(KEYS, observed=True).arr_delay.transform("mean"),
    "same day": landed.groupby(["origin", "date"], observed=True).arr_delay.transform("mean"),
}
models = {}
for name, leak in leaks.items():
    landed[name] = leak
    models[name] = fit([*HONEST, name])
    promised[name] = auc(models[name], landed)
    print(f"{name:10} {promised[name]:.3f}")

# %% [markdown]
# Train and test are months apart, and still {{ all three | min(promised[leak] for leak in leaks) >
# promised["honest"] + 0.05 }} pass with honors. The split is not the
# problem: in October as in May the column holds tomorrow's news.
#
# Now serve them. Push-back and the same hour are unknown when you ask, so they arrive as null. Of
# the same day you know the flights that have landed. (Landing is estimated: departure, time in the
# air, and 25 minutes on the ground.)

# %%
at = landed.left + pd.to_timedelta(landed.air_time + 25, unit="min")
groups = landed.assign(at=at).sort_values("at").groupby(["origin", "date"], observed=True)
so_far = groups.arr_delay.cumsum() / (groups.cumcount() + 1)
today = landed.assign(at=at, so_far=so_far)[["origin", "date", "at", "so_far"]]
today = today.dropna().sort_values("at")
asked = landed[["origin", "date"]].assign(at=landed.sched - 2 * HOUR, row=landed.index)
found = pd.merge_asof(asked.sort_values("at"), today, on="at", by=["origin", "date"])
live = {
    "push-back": None,
    "same hour": None,
    "same day": found.set_index("row").so_far.sort_index(),
}
for name, column in live.items():
    served[name] = auc(models[name], landed.assign(**{name: column}).astype({name: "float64"}))
    print(f"{name:10} promised {promised[name]:.3f}, served {served[name]:.3f}")

# %% tags=["hide-input"] alt="Four horizontal lines, one per model, from the AUC that the test promised to the AUC with what is known two hours before. Honest: both {{ 0.694 | promised['honest']:.3f }}. Same day: {{ 0.750 | promised['same day']:.3f }} promised, {{ 0.685 | served['same day']:.3f }} served. Same hour: {{ 0.794 | promised['same hour']:.3f }} and {{ 0.605 | served['same hour']:.3f }}. Push-back: {{ 0.888 | promised['push-back']:.3f }} and {{ 0.601 | served['push-back']:.3f }}. {{ The better the promise, the worse the service | sorted(promised, key=promised.get) == sorted(served, key=served.get)[::-1] }}."
names = ["push-back", "same hour", "same day", "honest"]
fig, ax = plt.subplots(figsize=(6.8, 3.2))
ax.hlines(names, [served[n] for n in names], [promised[n] for n in names], color="0.6")
ax.plot([promised[n] for n in names], names, "o", label="promised by the test")
ax.plot([served[n] for n in names], names, "s", label="with what is known by then")
ax.axvline(served["honest"], color="0.6", linestyle=":", zorder=0)
ax.set(xlabel="AUC, October to December", xlim=(0.58, 0.92))
ax.legend(loc="lower right", bbox_to_anchor=(1, 0.3))
plt.show()

# %% [markdown]
# The order is {{ exactly reversed | sorted(promised, key=promised.get) == sorted(served,
# key=served.get)[::-1] }}. The more a column tells too early, the more the model leans on it,
# and the less it learns from the columns that it will really have.
#
# ## Find the cause: poison the future
#
# You could go through the columns one by one and ask of each when it is known. Do that; then let
# the machine check you. Pick a moment. Overwrite everything that nobody can know at that moment,
# compute the features again, and compare those of the flights that are asked about by then. **A
# feature that changes knows the future.**

# %%
now = pd.Timestamp("2013-05-08 16:00", tz="UTC")  # noon in New York
poisoned = landed.copy()
poisoned.loc[landed.left >= now, "dep_delay"] = 999.0
poisoned.loc[at >= now, "arr_delay"] = 999.0
poisoned["left"] = poisoned.sched + pd.to_timedelta(poisoned.dep_delay, unit="min")


def features(rows):
    """Compute the columns in question from a table of flights."""
    rows = rows.drop(columns=["congestion"])
    rows["congestion"] = with_congestion(rows).congestion.to_numpy()
    rows["same hour"] = rows.groupby(KEYS, observed=True).arr_delay.transform("mean")
    rows["same day"] = rows.groupby(["origin", "date"], observed=True).arr_delay.transform("mean")
    rows["push-back"] = rows.dep_delay
    return rows[["congestion", *leaks]]


is_asked = (landed.sched - 2 * HOUR <= now) & (landed.date == "2013-05-08")
changed = features(landed)[is_asked].compare(features(poisoned)[is_asked], keep_shape=True)
moved = changed.xs("self", axis=1, level=1).notna().sum()
print(f"{is_asked.sum()} flights asked about by noon; values that changed:")
print(moved.to_string())

# %% [markdown]
# Congestion: {{ 0 | moved.congestion }} changes. The others betray themselves, without a model,
# without a score, in a second. It is a test like any other: put it beside the feature code, and let
# it run whenever somebody has a good idea.
#
# ## The third way: encodings
#
# Flight numbers run late for reasons of their own, so [encode each](../glossary.md#target-encoding)
# by its share of late flights.
# `groupby(...).transform("mean")` again, now over the whole table. Or, more careful, learned on the
# training months only. Which of the two is clean?


# %%
number = landed.carrier.astype(str) + landed.flight.astype(str) + landed.dest.astype(str)
is_train = landed.month <= 9
shares = landed.late[is_train].groupby(number[is_train]).mean()
past = pd.Series(index=landed.index, dtype="float64")
for month in range(2, 13):  # on the first of the month, from all the months before
    known, new = landed.month < month, landed.month == month
    past[new] = number[new].map(landed.late[known].groupby(number[known]).mean())
encodings = {
    "none": None,
    "whole table": landed.late.groupby(number).transform("mean"),
    "training rows": number.map(shares),
    "past months": past,
}
encoded = {}
for name, column in encodings.items():
    landed["share"] = column
    model = fit([*SCHEDULE, "share"] if column is not None else SCHEDULE)
    seen = landed.loc[train, model.feature_names_in_]
    on_train = roc_auc_score(landed.late[train], model.predict_proba(seen)[:, 1])
    encoded[name] = on_train, auc(model, landed)
    print(f"{name:14} train {on_train:.3f}  test {encoded[name][1]:.3f}")

# %% [markdown]
# Over the whole table the encoding scores {{ 0.678 | encoded["whole table"][1]:.3f }}: a flight
# number with three flights is a third of its own answer. That is the leak that flatters.
#
# Learned on the training rows it scores {{ 0.589 | encoded["training rows"][1]:.3f }}, and that is
# **{{ worse than no encoding at all | encoded["training rows"][1] < encoded["none"][1] }}**
# ({{ 0.628 | encoded["none"][1]:.3f }}). The test rows are clean
# now. The *training* rows are not: each has helped to make its own feature, so the model learns to
# trust a column that is never again as good as on the day of training. This leak does not flatter.
# It just costs, and its only trace is the gap between train and test.
#
# From past months only, it scores {{ 0.626 | encoded["past months"][1]:.3f }}, no better than
# without. The column was a good idea that is worth nothing here, and you know only because you
# measured it honestly.
#
# ## How a professional does it
#
# scikit-learn's `TargetEncoder` knows about the third way. `fit_transform` encodes each training
# row from *other folds* ([cross-fitting](../glossary.md#cross-fitting)), and `transform` uses all
# training rows. That is why
# `fit(X, y).transform(X)` and `fit_transform(X, y)` give different columns. It also shrinks rare
# keys toward the mean.

# %%
from sklearn.compose import make_column_transformer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder

landed["number"] = number
folds = StratifiedKFold(5, shuffle=True, random_state=0)
encoder = make_column_transformer(
    (TargetEncoder(cv=folds), ["carrier", "origin", "dest", "number"]),
    remainder="passthrough",
)
pipeline = make_pipeline(encoder, HistGradientBoostingClassifier(random_state=0))
columns = [*SCHEDULE, "number"]
pipeline.fit(landed.loc[train, columns], landed.late[train])
crossed = roc_auc_score(landed.late[test], pipeline.predict_proba(landed.loc[test, columns])[:, 1])
print(f"{crossed:.3f}")

# %% [markdown]
# {{ 0.627 | crossed:.3f }}: no harm done, in five lines. Two things to know. The folds are random
# in time, so a row of March is encoded with flights of August. That is fine against overfitting,
# and it is not the past. And it works only as a step *of the pipeline*: outside, you are the one
# who has to remember which of the two methods to call.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A column raises the AUC on a clean time split by {{ 0.10 | promised["same hour"] -
# promised["honest"]:.2f }}. What do you do first?**
#
# - [ ] Keep it: train and test do not overlap :: No: the split separates rows. It does not ask when
#   a column of the test row was known.
# - [x] Ask when its last ingredient is known, then poison what comes after and compute it again
#   :: Yes: that takes a minute and needs no model.
# - [ ] Look at its importance: leaks rank first :: No: so do good features. Importance tells where
#   to look, not what you will find.

# %% [markdown] tags=["question"]
# **You encode airports by their mean delay over the training months. The test score falls. Why?**
#
# - [ ] Airports say nothing about delays :: No: a useless column costs little; a boosted tree just
#   leaves it alone.
# - [x] Each training row is part of its own mean, so the model trusts the column too much :: Yes:
#   look for a gap between the scores on train and test.
# - [ ] The test months leaked in :: No: then it would rise.

# %% [markdown] tags=["question"]
# **In service the leaky model gets null instead of the mean of the hour. Why is it worse than a
# model that never saw the column?**
#
# - [x] It learned little from the other columns, because the leak made them look unnecessary ::
#   Yes: {{ 0.605 | served["same hour"]:.3f }} against {{ 0.694 | served["honest"]:.3f }}.
# - [ ] Because the model cannot handle nulls :: No: this one takes them as they are. It has just
#   never needed to know what to do without the column.
# - [ ] It is not worse if you fill in the mean :: No: a constant tells the model that every hour is
#   an average one, with great confidence.

# %% [markdown]
# ## Take to work
#
# - Three ways in: the outcome's own column, an aggregate around it, an encoding by it.
# - Date every column by its **last** ingredient. A mean is as late as the latest of its rows.
# - Poison the future, compute again, compare. Keep that as a test beside the feature code.
# - A gap between train and test can be a leak, too: one that only costs.
# - Serve once, offline, with what is known by then, before you promise a number.
#
# **Exercise:** [`past_mean`](../exercises/past_mean.md): the honest encoding with ties, nulls,
# unsorted rows, and outcomes that take their time.
#
# **Next:** [Split as you will serve](split-as-you-will-serve.md): leaks that come in with the
# split.
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) · S.
# Kaufman, S. Rosset, C. Perlich, O. Stitelman, [*Leakage in data mining: formulation, detection,
# and avoidance*](https://doi.org/10.1145/2382577.2382579), ACM TKDD 6 (2012) · S. Kapoor and A.
# Narayanan, [*Leakage and the reproducibility crisis in machine-learning-based
# science*](https://doi.org/10.1016/j.patter.2023.100804), Patterns 4 (2023) · scikit-learn,
# [*Target encoder's internal cross
# fitting*](https://scikit-learn.org/stable/auto_examples/preprocessing/plot_target_encoder_cross_val.html)
