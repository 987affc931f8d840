# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 3, needs: [7-monitoring/drift-is-not-damage,
#     7-monitoring/labels-arrive-late], exercises: [diagnose]}
# ---

# %% [markdown]
# # Ten years later
#
# The model was trained on 2013, somebody left, and it is still running in 2023.
# {{ 24% | live.unseen.mean():.0%}} of the flights are with airlines that it has never seen. For
# them it predicts {{ 21.2% | live.said[live.unseen].mean():.1%}} late;
# {{ 15.4% | live.late[live.unseen].mean():.1%}} are. And yet its AUC over the year is
# {{ 0.676 | auc_year:.3f }}, hardly below the {{ 0.684 | auc_2013:.3f }} that it had when it was new.
#
# Old models do not crash. Somebody has to decide.
#
# After this lesson you can
#
# - **read** three questions off the labels: does it rank, is it calibrated, for whom not;
# - **compare** keeping, recalibrating and retraining on days that none of them has seen;
# - **decide**, and write down what would change your mind.
#
# ## 2013 meets 2023
#
# Both years go through the same function: schedule, and the weather two hours before. One repair
# comes first. In the 2023 table the hour of the flight is local time *labeled* UTC, so the join would
# fetch weather that is four or five hours too early ([data card](../data/flights.md)).

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import brier_score_loss, roc_auc_score

from grader import load

CODES, KEYS = ["carrier", "origin", "dest"], ["origin", "time_hour"]
WEATHER = ["temp", "dewp", "humid", "wind_speed", "pressure", "visib", "precip"]
FEATURES = [*CODES, "weekday", "sched_min", "distance", *WEATHER]
flights = {2013: load("flights_2013"), 2023: load("flights_2023")}
hours = flights[2023].time_hour.dt.tz_localize(None)
hours = hours.dt.tz_localize("America/New_York", ambiguous=True, nonexistent="shift_forward")
flights[2023]["time_hour"] = hours.dt.tz_convert("UTC")


def codes_of(year):
    """Return a number for each category of one year; other years' categories become null."""
    return {c: {name: n for n, name in enumerate(flights[year][c].unique())} for c in CODES}


def features(year, codes):
    """Return the table of landed flights with what is known two hours before."""
    weather = load(f"weather_{year}")
    weather["time_hour"] += pd.Timedelta(hours=2)
    landed = flights[year].dropna(subset="arr_delay")
    table = landed.merge(weather[[*KEYS, *WEATHER]], on=KEYS, how="left", validate="m:1")
    table["date"] = pd.to_datetime(table[["year", "month", "day"]])
    table["weekday"] = table.date.dt.day_of_week
    table["sched_min"] = table.hour * 60 + table.minute
    table["late"] = table.arr_delay >= 15
    table["unseen"] = ~table.carrier.isin(codes["carrier"])
    for column in CODES:
        table[f"{column}_name"] = table[column]
        table[column] = table[column].map(codes[column])
    return table


def fit(rows):
    """Return the model of this course, trained on some rows."""
    model = HistGradientBoostingClassifier(max_iter=60, random_state=0)
    return model.fit(rows[FEATURES].astype(float), rows.late)


def predict(model, rows):
    """Return the chance of being late for each row."""
    return model.predict_proba(rows[FEATURES].astype(float))[:, 1]


# %%
CUT = 0.3  # the product texts from this score on
codes = codes_of(2013)
past, live = features(2013, codes), features(2023, codes)
autumn = past[past.month > 9]
auc_2013 = roc_auc_score(autumn.late, predict(fit(past[past.month <= 9]), autumn))

old = fit(past)
live["said"] = predict(old, live)
auc_year = roc_auc_score(live.late, live.said)
print(f"AUC {auc_2013:.3f} when new (Oct-Dec 2013), {auc_year:.3f} in 2023")

# %% [markdown]
# ## Decide it wrong: by one number
#
# {{ 0.684 | auc_2013:.3f }} then, {{ 0.676 | auc_year:.3f }} now. "It has held up remarkably well",
# says the slide, and everybody goes home. AUC asks one thing only: whether late flights get higher
# scores than punctual ones. It does not change if you halve all scores. But the product sends a
# text from a score of {{ 0.3 | CUT }} on, which is the price of [One feature
# function](../6-deploying/one-feature-function.md): a wrong text undoes
# {{ 0.43 | CUT / (1 - CUT):.2f }} of a right one.
#
# ## Find out: three questions, by month
#
# 1. **Does it rank?** AUC.
# 2. **Is it calibrated?** What it said, against what happened.
# 3. **Does it beat the dumbest thing?** The Brier score, the mean squared error of the chances
#    (small is good), against telling everybody the month's late rate.


# %%
def check_up(rows, column="said"):
    """Return what three questions about a forecast read."""
    rate = rows.late.mean()
    return pd.Series(
        {
            "AUC": roc_auc_score(rows.late, rows[column]),
            "said": rows[column].mean(),
            "happened": rate,
            "Brier": brier_score_loss(rows.late, rows[column]),
            "Brier of rate": rate * (1 - rate),
        }
    )


by_month = live.groupby("month")[["late", "said"]].apply(check_up)
by_month.round(3)

# %% alt="Line chart by month of 2023. What happened: the late rate climbs from {{ 22% | by_month.happened[1]:.0%}} in January to {{ 36% | by_month.happened[7]:.0%}} in July, with a dip to {{ 14% | by_month.happened[5]:.0%}} in May, then falls to between {{ 12% | by_month.happened.loc[10:].min():.0%}} and {{ 14% | by_month.happened.loc[10:].max():.0%}} from October on. What the model said follows the shape until July, but from August on it stays {{ 3 | (by_month.said - by_month.happened).loc[8:].min() * 100:.0f }} to {{ 7 | (by_month.said - by_month.happened).loc[8:].max() * 100:.0f }} points above."
fig, ax = plt.subplots(figsize=(7.2, 3.4))
ax.plot(by_month.happened * 100, "o-", label="happened")
ax.plot(by_month.said * 100, "s--", label="the model said")
ax.set(ylabel="late (%)", ylim=(0, 40), xlabel="month of 2023")
ax.set_xticks(range(1, 13))
ax.legend(loc="lower left")
plt.show()

# %% [markdown]
# Until July it is off both ways, and it averages out. From August to December it says
# {{ 3 | (by_month.said - by_month.happened).loc[8:].min() * 100:.0f }} to
# {{ 7 | (by_month.said - by_month.happened).loc[8:].max() * 100:.0f }} points too much, every month. In
# October its Brier score is {{ 0.121 | by_month.Brier[10]:.3f }}; a constant would have
# {{ 0.116 | by_month["Brier of rate"][10]:.3f }}. It still sorts, and you would be better off
# without its numbers.
#
# **For whom?**

# %%
who = live.groupby("carrier_name")[["late", "said"]].agg(["mean", "size"])
who = who.droplevel(0, axis=1).iloc[:, [1, 0, 2]].set_axis(["flights", "happened", "said"], axis=1)
who["new"] = ~who.index.isin(list(codes["carrier"]))
who["gap"] = who.said - who.happened
who.sort_values("gap", ascending=False, key=abs).head(7).round(3)

# %% [markdown]
# Republic (YX) flies {{ 20% | who.flights["YX"] / len(live):.0%}} of all flights and is not in
# the training data. To the model its code is null, and it says
# {{ 21% | who.said["YX"]:.0%}} where {{ 14% | who.happened["YX"]:.0%}} happen. The largest gap is
# Hawaiian's (HA), one flight a day. But look at Endeavor (9E), an old acquaintance: {{ 24% | who.said["9E"]:.0%}} for {{ 16% | who.happened["9E"]:.0%}}. It
# has the same code and {{ 3.0 | (live.carrier_name == "9E").sum() / (past.carrier_name == "9E").sum():.1f }}
# times as many flights. **A category that is new announces itself. One that changed its meaning
# does not.**
#
# ## Decide it right: let the options compete
#
# | option | costs | helps when |
# |---|---|---|
# | **keep** | nothing | nothing is wrong, or nothing is better |
# | **recalibrate** | an hour, a few weeks of labels | it ranks, but says too much or too little |
# | **retrain** | days: data, checks, release | relations changed, categories came and went |
# | **stop** | a product | even the best option loses to the dumbest thing |
#
# The judge is October to December 2023. Whatever learns may use the days before, and only finished
# labels ([Labels arrive late](labels-arrive-late.md)).
#
# *[Recalibrate](../glossary.md#recalibration)* here means one factor: what happened in the last 28
# days over what was said.
# *Retrain* means the same ten lines on January to August 2023; September stays out, so that the
# first factors come from days that the new model has not seen.


# %%
def recalibrated(rows, column):
    """Return a forecast times what happened over what was said, in the 28 days before."""
    daily = rows.groupby("date")[["late", column]].sum()
    before = daily.rolling(28).sum().shift(1)
    return (rows[column] * rows.date.map(before.late / before[column])).clip(0, 1)


fresh = features(2023, codes_of(2023))
live["retrained"] = predict(fit(fresh[fresh.month <= 8]), fresh)
recent = live[live.month >= 9].copy()
recent["said, recalibrated"] = recalibrated(recent, "said")
recent["retrained, recalibrated"] = recalibrated(recent, "retrained")
judge = recent[recent.month >= 10].copy()
judge["rate of 28 days"] = recalibrated(recent.assign(one=1.0), "one")[judge.index]

options = pd.DataFrame({"keep": check_up(judge)}).T
for name, column in [
    ("recalibrate", "said, recalibrated"),
    ("retrain", "retrained"),
    ("both", "retrained, recalibrated"),
    ("no model, recent rate", "rate of 28 days"),
]:
    options.loc[name] = check_up(judge, column)
options["texts"] = [
    (judge[c] >= CUT).mean()
    for c in [
        "said",
        "said, recalibrated",
        "retrained",
        "retrained, recalibrated",
        "rate of 28 days",
    ]
]
options.drop(columns="Brier of rate").round(3)

# %% [markdown]
# Read it line by line.
#
# - **Keep**: {{ 6 | (options.said - options.happened)["keep"] * 100:.0f }} points too much. Its Brier
#   score is {{ 0.1160 | options.Brier["keep"]:.4f }}; telling everybody the recent rate, with no model
#   at all, gets {{ 0.1162 | options.Brier["no model, recent rate"]:.4f }}. That is the same.
# - **Recalibrate**: one factor, no training, and the Brier score drops from
#   {{ 0.116 | options.Brier["keep"]:.3f }} to {{ 0.112 | options.Brier["recalibrate"]:.3f }}.
# - **Retrain** ranks best, {{ 0.668 | options.AUC["retrain"]:.3f }}. And its Brier score is the worst of all,
#   {{ 0.119 | options.Brier["retrain"]:.3f }}. It learned on the year's bad months and expects them to
#   go on. It would text {{ 21% | options.texts["retrain"]:.0%}} of travelers.
# - **Both**: ranks nearly as well and is calibrated. {{ 0.111 | options.Brier["both"]:.3f }}.
#
# Ship the newer model because it is newer, and the product gets worse. That is not an argument
# against retraining. It is one against deciding by *one* number.
#
# How sure is it? Days are the unit, not flights; so compare day by day.

# %%
squared = (
    judge[["said", "said, recalibrated", "retrained, recalibrated"]].sub(judge.late, axis=0)
) ** 2
per_day = squared.groupby(judge.date).mean()
gains = per_day["said, recalibrated"] - per_day["retrained, recalibrated"]
rng = np.random.default_rng(0)
draws = [rng.choice(gains, len(gains)).mean() for _ in range(2000)]
low, high = np.quantile(draws, [0.025, 0.975])
print(f"both against recalibrate: Brier lower by {gains.mean():.4f} ({low:.4f} to {high:.4f})")

# %% [markdown]
# The gain of retraining on top is small, {{ 0.001 | gains.mean():.3f }}, with an interval from
# {{ -0.0011 | low:.4f }} to {{ 0.0020 | high:.4f }}. The interval
# holds zero. The big step is the recalibration, and it can ship
# today.
#
# ## How a professional does it
#
# scikit-learn puts a calibration on top of a model that stays as it is:
# [`FrozenEstimator`](https://scikit-learn.org/stable/modules/calibration.html) keeps it from being
# fitted again, `CalibratedClassifierCV` learns the map from scores to chances.

# %%
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator

september = live[live.month == 9]
calibrated = CalibratedClassifierCV(FrozenEstimator(old), method="isotonic")
calibrated.fit(september[FEATURES].astype(float), september.late)
judge["isotonic"] = predict(calibrated, judge)
isotonic = check_up(judge, "isotonic")
isotonic.round(3).to_frame("isotonic, on September").transpose()

# %% [markdown]
# More flexible, and worse than one factor: {{ 0.114 | isotonic.Brier:.3f }}. In September
# {{ 23% | september.late.mean():.0%}} were late, in the judge's months
# {{ 13% | judge.late.mean():.0%}}. A perfect map of last month is still a map of last month.
# Calibration is not a repair but an upkeep: a small thing, done every day.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **The AUC is unchanged. Is the model?**
#
# - [ ] Yes: it measures quality, and quality is the same :: No: it measures order. Halve all scores
#   and it does not move.
# - [x] Its order is; its numbers may be far off :: Yes: from August on it said
#   {{ 3 | (by_month.said - by_month.happened).loc[8:].min() * 100:.0f }} to
#   {{ 7 | (by_month.said - by_month.happened).loc[8:].max() * 100:.0f }} points too much, and the texts are
#   sent by the numbers.
# - [ ] No: AUC must fall when carriers are new :: No: among the unseen ones it is
#   {{ 0.68 | auc_unseen:.2f }}, as good as among the others. Hour and weather sort them, too.

# %% [markdown] tags=["question"]
# **The retrained model has the better AUC and the worse Brier score. Ship it?**
#
# - [ ] Yes: AUC decides :: No: the product compares a number with {{ 0.3 | CUT }}. It would text
#   {{ 21% | options.texts["retrain"]:.0%}} instead of {{ 12% | options.texts["keep"]:.0%}}.
# - [ ] No: Brier decides, keep the old one :: No: the old one does hardly better than no model at all.
# - [x] After recalibrating it, if the gain per day is worth a release :: Yes: rank and calibration
#   are two jobs. Fix the second cheaply, then see what is left of the first.

# %% [markdown] tags=["question"]
# **Which of these finds Endeavor's gap?**
#
# - [ ] a check for unknown categories :: No: 9E is in both years.
# - [ ] PSI of the column `carrier` :: No: it says that Endeavor flies more, not that it is late
#   less.
# - [x] said against happened, by carrier, with n :: Yes: only labels show that a name has changed
#   its meaning.

# %% tags=["remove-cell"]
auc_unseen = roc_auc_score(live.late[live.unseen], live.said[live.unseen])

# %% [markdown]
# ## Take to work
#
# - Three questions, every month: does it rank, is it calibrated, does it beat the dumbest thing? Then:
#   for whom not?
# - Let keep, recalibrate, retrain and stop compete on days that none of them has seen.
# - Recalibrate often and cheaply. Retrain when order is lost, and hold back the last weeks.
# - Put a date on every model, and a name. "Still running" is not a decision.
#
# **Exercise:** [`diagnose`](../exercises/diagnose.md): two small tables, one cause: a dead feed, a
# unit, a clock, a category, a season, or a world that changed.
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) · G. W.
# Brier, [*Verification of Forecasts Expressed in Terms of
# Probability*](https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2), Monthly
# Weather Review 78 (1950) · D. Sculley and others, [*Hidden Technical Debt in Machine Learning
# Systems*](https://papers.nips.cc/paper/5656-hidden-technical-debt-in-machine-learning-systems),
# NeurIPS 2015 · [scikit-learn on
# calibration](https://scikit-learn.org/stable/modules/calibration.html)
