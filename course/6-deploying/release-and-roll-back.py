# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [6-deploying/an-artifact-you-can-trust],
#     exercises: [promote]}
# ---

# %% [markdown]
# # Release and roll back
#
# Ten years on, the model is retrained. On the last quarter of 2023 the new one ranks far better than
# the old one, AUC **{{ 0.591 | scores.loc["old", "AUC"]:.3f }} →
# {{ 0.643 | scores.loc["new", "AUC"]:.3f }}**, and its chances are closer to the truth: the [Brier
# score](../glossary.md#brier-score),
# their mean squared error, falls from {{ 0.1253 | scores.loc["old", "Brier"]:.4f }} to
# {{ 0.1248 | scores.loc["new", "Brier"]:.4f }}, on {{ 104,091 | len(shadow):, }} flights. Ship it?
#
# Not yet. Every release has an evening on which a mean has become better and everybody wants to go
# home. Decide before that evening what counts.
#
# After this lesson you can
#
# - **run** a new model in the shadow of the old one, on the same requests;
# - **compare** the two by pairs and by days, and say what speaks against a change;
# - **release** by moving a pointer, and move it back.

# %%
import json
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import brier_score_loss, roc_auc_score

from grader import load


def prepare(name):
    """Return a year's landed flights with the schedule's features."""
    flights = load(name).dropna(subset="arr_delay")
    flights["weekday"] = pd.to_datetime(flights[["year", "month", "day"]]).dt.day_of_week
    flights["minute"] = flights.sched_dep_time // 100 * 60 + flights.sched_dep_time % 100
    flights["late"] = flights.arr_delay >= 15
    return flights


def fit(train):
    """Return a function from flights to chances, learned from these flights."""
    known = {
        name: {text: code for code, text in enumerate(sorted(train[name].unique()))}
        for name in ["carrier", "origin", "dest"]
    }

    def featurize(flights):
        columns = flights[["weekday", "minute", "distance"]].copy()
        for name, codes in known.items():
            columns[name] = [codes.get(text, -1) for text in flights[name]]
        return columns

    model = HistGradientBoostingClassifier(max_iter=40, random_state=0)
    model.fit(featurize(train), train.late)
    return lambda flights: model.predict_proba(featurize(flights))[:, 1]


live = prepare("flights_2023")
before, run = live[live.month <= 9], live[live.month >= 9].copy()
old, new = fit(prepare("flights_2013")), fit(before)
run["old"], run["new"] = old(run), new(run)
shadow = run[run.month > 9]

# %% [markdown]
# ## Build it wrong: one number each
#
# In a **[shadow run](../glossary.md#shadow-run)** the new model answers every request, and nobody
# sees its answers but the log.
# Here the last quarter is the shadow run. It is already in the table, so it takes no quarter.


# %%
def score(table, name):
    """Return what one usually looks at."""
    return {
        "AUC": roc_auc_score(table.late, table[name]),
        "Brier": brier_score_loss(table.late, table[name]),
        "mean chance": table[name].mean(),
    }


scores = pd.DataFrame({name: score(shadow, name) for name in ["old", "new"]}).T
print(scores.round(4).to_string(), f"\nlate: {shadow.late.mean():.4f}")

# %% [markdown]
# Everything is better. Put an interval around it, and a script says that the gain is real, beyond two
# standard errors. (We will see which script.)
#
# ## Find the cause: look at more than the mean
#
# Read the third column. In the shadow run {{ 13% | shadow.late.mean():.0%}} of the flights were late.
# The new model learned from January to September, when {{ 24% | before.late.mean():.0%}} were, and
# expects {{ 24% | scores.loc["new", "mean chance"]:.0%}}. It knows better *who* is late, and has no idea
# *how many*. A ranking does not see that. A traveler who reads "{{ 24% | scores.loc["new", "mean chance"]:.0%}}" does.
#
# So there are (at least) three questions, and each needs its own answer:
#
# 1. Is it better on the **same** requests, by more than luck?
# 2. Do its chances mean what they say?
# 3. Who pays for it?
#
# For the first, take the **gain** of each request: how much closer the new model was to what happened,
# in squared error. Both models saw the same storm on the same day, so most of what makes days differ
# cancels. What is left still comes in days: flights of one day share their fate. So a day is one
# observation.


# %%
def daily_gain(table, first, second):
    """Return the mean gain of the second model over the first, for each day."""
    gain = (table[first] - table.late) ** 2 - (table[second] - table.late) ** 2
    return gain.groupby([table.month, table.day]).mean()


def interval(daily):
    """Return the mean of daily values, two standard errors below and above."""
    error = daily.std() / len(daily) ** 0.5
    return daily.mean() - 2 * error, daily.mean() + 2 * error


def squared_errors(model):
    """Return the mean squared error of a model for each day."""
    return ((shadow[model] - shadow.late) ** 2).groupby([shadow.month, shadow.day]).mean()


daily = daily_gain(shadow, "old", "new")
per_row = ((shadow.old - shadow.late) ** 2 - (shadow.new - shadow.late) ** 2).to_numpy()
first, second = squared_errors("old"), squared_errors("new")
unpaired = 2 * (first.var() / len(first) + second.var() / len(second)) ** 0.5
low, high = interval(daily)
row_low, row_high = interval(pd.Series(per_row))
print(f"by days, paired:   {low:+.4f} to {high:+.4f}")
print(f"by rows, paired:   {row_low:+.4f} to {row_high:+.4f}")
print(f"by days, unpaired: {daily.mean() - unpaired:+.4f} to {daily.mean() + unpaired:+.4f}")

# %% [markdown]
# Three intervals for one comparison, and two of them are wrong. Counting rows pretends that
# {{ 104,091 | len(shadow):, }} flights are as many independent stories. It is
# {{ 5.2 | (high - low) / (row_high - row_low):.1f }} times too narrow, and says *ship*: this was the
# script. Comparing two means as if the models had seen different quarters is
# {{ 5.4 | 2 * unpaired / (high - low):.1f }} times too wide. The first ships noise. The second will not
# ship anything, ever. By days and in pairs, the gain may as well be a loss.
#
# ## Build it right: say no, say why, try again
#
# The weak spot is the level, and a level can be learned. Each morning, take the last seven finished
# days, and move all log-odds by one number, so that the mean would have been about right there. It is
# only fair to do the same for the old model.


# %%
def logit(chance):
    """Return log-odds."""
    return np.log(chance / (1 - chance))


def at_level(model):
    """Return a model's chances, moved to the level of the seven days before each day."""
    late = run.late.groupby([run.month, run.day]).mean()
    odds = logit(run[model]).groupby([run.month, run.day]).mean()
    week = pd.DataFrame({"late": late, "odds": odds}).rolling(7).mean().shift(1)
    move = (logit(week.late) - week.odds).fillna(0)  # September begins without a week
    by_day = move.reindex(pd.MultiIndex.from_frame(run[["month", "day"]])).to_numpy()
    return 1 / (1 + np.exp(-logit(run[model]) - by_day))


run["old, level"], run["new, level"] = at_level("old"), at_level("new")
shadow = run[run.month > 9]
names = ["old", "new", "old, level", "new, level"]
scores = pd.DataFrame({name: score(shadow, name) for name in names}).T
print(scores.round(4).to_string())

# %% alt="Five intervals of the gain, against a line at zero. New against old by rows lies {{ just above zero | 0 < row_low < 0.001 }}; by days and in pairs {{ it holds zero | low < 0 < high }}, from {{ -0.0019 | low:.4f }} to {{ 0.0019 | high:.4f }}; unpaired it is {{ five times | 4.5 < 2 * unpaired / (high - low) < 5.5 }} as wide. New at the level against the old one, by days, {{ lies above zero | best[0] > 0 }}, from {{ 0.0090 | best[0]:.4f }} to {{ 0.0152 | best[1]:.4f }}. New at the level against old at the level {{ lies above zero as well, closer to it | 0 < fair[0] and fair[1] < best[0] }}."
best = interval(daily_gain(shadow, "old", "new, level"))
fair = interval(daily_gain(shadow, "old, level", "new, level"))
spans = {
    "new, by rows": (row_low, row_high),
    "new, unpaired": (daily.mean() - unpaired, daily.mean() + unpaired),
    "new, by days, paired": (low, high),
    "new at the level": best,
    "both at the level": fair,
}
fig, ax = plt.subplots(figsize=(6.4, 3.2))
for y, (left, right) in enumerate(reversed(spans.values())):
    ax.plot([left, right], [y, y], "|-", markersize=12, linewidth=2)
ax.axvline(0, linewidth=1, color="0.5")
ax.set_yticks(range(5), list(spans)[::-1])
ax.set(xlabel="gain in squared error, mean and two standard errors", ylim=(-0.5, 4.5))
plt.show()

# %% [markdown]
# At the right level the new model gains {{ 0.0090 | best[0]:.4f }} to {{ 0.0152 | best[1]:.4f }} over
# what runs today. Look at the last line before you thank the training:
# {{ most of that | sum(fair) < sum(best) / 2 }} is the level,
# which the old model could have had, too. Against an old model at the same level the new one is ahead
# by {{ 0.0018 | fair[0]:.4f }} to {{ 0.0034 | fair[1]:.4f }}. That is what ten years of new data are
# worth here, and {{ it is above zero | fair[0] > 0 }}.
#
# The third question is who pays. Slice the gain, and keep the number of requests beside it.

# %%
gain = (shadow.old - shadow.late) ** 2 - (shadow["new, level"] - shadow.late) ** 2
slices = gain.groupby(shadow.carrier).agg(["size", "mean"]).sort_values("mean")
worse = slices[(slices["size"] >= 100) & (slices["mean"] < -0.005)]
print(slices.round(4).head(4).to_string())
print("worse by more than 0.005:", list(worse.index))

# %% [markdown]
# Here {{ nobody | worse.empty }} does.
#
# Now a rule that was written down before: enough days, better by pairs of days, calibrated to two
# points, nobody worse by more than 0.005. The [exercise](../exercises/promote.md) makes a function of
# it, whose answer is a decision **and its reasons**. For the candidate as it came, it says *not better*
# and *not calibrated*. The one at its level passes, though not by much: its mean chance is
# {{ 1.8 | 100 * (scores.loc["new, level", "mean chance"] - shadow.late.mean()):.1f }} points above what
# happened, and two are allowed.
#
# ## Release by pointer
#
# A release is not a copy over a file. The bundle of every version stays where it is, for good, and a
# small file says which one answers. `Path.replace` changes it in one step: whoever reads it sees the old
# name or the new one, never half of both.


# %%
def point(folder, version, why):
    """Let a version answer, and write down that it does."""
    if not (folder / version / "manifest.json").exists():
        raise FileNotFoundError(f"there is no bundle {version}")
    fresh = folder / "current.fresh"
    fresh.write_text(version)
    fresh.replace(folder / "current")
    with (folder / "history.jsonl").open("a") as history:
        history.write(json.dumps({"version": version, "why": why}) + "\n")


releases = Path(tempfile.mkdtemp())
for version in ["2013-10-01", "2023-10-01"]:
    (releases / version).mkdir()
    (releases / version / "manifest.json").write_text(json.dumps({"version": version}))

point(releases, "2013-10-01", "first release")
point(releases, "2023-10-01", "92 days in the shadow: better, at its level")
point(releases, "2013-10-01", "alerts doubled at 09:40")  # this is the roll-back
print("running:", (releases / "current").read_text())
print((releases / "history.jsonl").read_text())

# %% [markdown]
# [Rolling back](../glossary.md#roll-back) is the same line with another name. It takes seconds,
# needs no build, and was tried
# before. If it is anything else, a meeting or a retraining, it will not happen at 09:40.
#
# One caution. The model at its level reads outcomes each morning, so it has become a small pipeline
# that can break. Give it a limit (move by at most so much), and let the answer say which level it used.
#
# ## How a professional does it
#
# A mean chance can be right for the wrong reasons, too high here and too low there. scikit-learn's
# `calibration_curve` looks at all heights: of the flights that were told about 30%, how many were late?

# %%
from sklearn.calibration import calibration_curve

for name in ["new", "new, level"]:
    happened, told = calibration_curve(shadow.late, shadow[name], n_bins=5, strategy="quantile")
    print(f"{name:11} told    ", "  ".join(f"{value:4.0%}" for value in told))
    print(f"{'':11} happened", "  ".join(f"{value:4.0%}" for value in happened))

# %% [markdown]
# The pointer has a professional's name as well: in [MLflow's
# registry](https://mlflow.org/docs/latest/ml/model-registry/) it is an *alias* that you move from one
# version to the next. And where a wrong answer is cheap, teams go from the shadow to a
# **[canary](../glossary.md#canary)**:
# the new model answers one request in a hundred, then ten. That measures what a shadow cannot: what
# people do with the answer.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **In the shadow run the new model wins on {{ 104,091 | len(shadow):, }} flights, with a tiny p-value.
# Your first question?**
#
# - [ ] how large is the gain? :: A good second one. But the p-value is not worth the paper yet.
# - [x] how many days are that? :: Yes: {{ 92 | len(daily) }}. Flights of one day share weather and
#   crews. The rows only look independent.
# - [ ] which metric? :: Important, and settled before the run, or you will choose the one that won.

# %% [markdown] tags=["question"]
# **The candidate ranks better, and says {{ 24% | scores.loc["new", "mean chance"]:.0%}} where
# {{ 13% | shadow.late.mean():.0%}} happen. When may it ship as it is?**
#
# - [x] if only the order is used, as in "text the top tenth" :: Yes: a ranking does not care. Write that
#   down, because one day somebody will print the number.
# - [ ] never: the chances are wrong :: No: wrong for whom? It depends on what acts on them.
# - [ ] always: AUC is what we optimize :: No: a threshold at 0.3 would alert far too many.

# %% [markdown] tags=["question"]
# **09:40, the new version misbehaves, and the cause is not clear. You…**
#
# - [ ] find the cause first, so that it does not happen again :: No: travelers wait while you think.
# - [x] move the pointer back, then look for the cause :: Yes: the old version is there, and was good
#   yesterday. The log has all that you need.
# - [ ] retrain with the data of this morning :: No: a second change, unseen by anybody, on top of the
#   first.

# %% [markdown]
# ## Take to work
#
# - A release needs a reason, and a list of reasons against. Write the rule before the run.
# - Same requests, pairs, days. Rows flatter, unpaired means shrug.
# - Better ranking and wrong level are two facts. Check both.
# - Keep every version. Practice the way back while nothing is wrong.
#
# **Exercise:** [`promote`](../exercises/promote.md): a decision from a shadow run, with its reasons.
#
# **Sources:** data card of [flights](../data/flights.md) · G. W. Brier, [*Verification of forecasts
# expressed in terms of probability*](https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2),
# Monthly Weather Review 78 (1950) · F. X. Diebold and R. S. Mariano, [*Comparing predictive
# accuracy*](https://doi.org/10.1080/07350015.1995.10524599), 1995 · [scikit-learn on
# calibration](https://scikit-learn.org/stable/modules/calibration.html) · B. Beyer and others,
# [*Site Reliability Engineering*, chapter 8](https://sre.google/sre-book/release-engineering/)
