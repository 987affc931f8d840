# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 1, needs: [0-start/from-goal-to-table],
#     exercises: [make_target]}
# ---

# %% [markdown]
# # The target is a product decision
#
# On 9 February 2013, with [a blizzard](https://en.wikipedia.org/wiki/February_2013_North_American_blizzard)
# over the Northeast, {{ 57.5% | storm.cancelled:.1%}} of the flights out of New York were cancelled.
# The training table says that {{ 25.1% | storm["late, dropna"]:.1%}} were late that day, and that
# {{ 138 | worse_days }} days of the year were worse.
#
# Nobody falsified anything. Somebody wrote `dropna`.
#
# After this lesson you can
#
# - **define** a target from what happened, with every choice in sight;
# - **list** what each choice hides, and from whom;
# - **check** on every delivery that the target still is the one that was agreed on.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pandera.pandas as pa

from grader import load

flights = load("flights_2013")
never = flights.arr_delay.isna()
late = flights.arr_delay >= 15

# %% [markdown]
# ## Build it wrong
#
# A model wants a yes or a no. `arr_delay` has {{ 9,430 | never.sum():, }} nulls, which is
# {{ 2.8% | never.mean():.1%}}, and every tutorial knows what to do with so few.

# %%
landed = flights.dropna(subset="arr_delay")
dropped = (landed.arr_delay >= 15).mean()
zeroed = (flights.arr_delay.fillna(0) >= 15).mean()
counted = (late | never).mean()
print(f"rows dropped: {dropped:.1%}")
print(f"nulls are 0:  {zeroed:.1%}")
print(f"nulls count:  {counted:.1%}")

# %% [markdown]
# Three lines that pass a review, three [base rates](../glossary.md#base-rate),
# {{ 2.8 | (counted - zeroed) * 100:.1f }} points
# from lowest to highest. The base rate is not the damage.
# {{ 2.8% | never.mean():.1%}} of the rows hold **{{ 10.5% | never.sum() / (late | never).sum():.1%}}
# of the bad outcomes**, and it gets worse the more you care:

# %%
hidden = {}
for minutes in (15, 30, 60, 120):
    bad = (flights.arr_delay >= minutes) | never
    hidden[minutes] = never.sum() / bad.sum()
    print(f"bad from {minutes:3} minutes on: dropna hides {hidden[minutes]:.1%}")

# %% [markdown]
# Ask for flights that ruin an evening, two hours or never, and `dropna` removes
# {{ 48% | hidden[120]:.0%}} of them. What is missing here is the far end of what you want to
# predict.
#
# ## Find the cause: who has no delay?
#
# The null has two stories, which the other columns can tell apart.

# %%
story = {
    "never left": flights.dep_time.isna(),
    "left, no arrival time": flights.dep_time.notna() & flights.arr_time.isna(),
    "arrived, no delay": flights.arr_time.notna() & never,
}
print(pd.DataFrame(story).sum().to_string())

# %% [markdown]
# {{ 8,255 | flights.dep_time.isna().sum():, }} were cancelled. The other
# {{ 1,175 | (never & ~flights.dep_time.isna()).sum():, }} took off and did not end as planned; most
# were probably diverted, though the table does not say so. And they are not spread over the year.


# %% alt="Ten days of 2013 with the most flights that never arrived, from {{ 9 February | worst.index[0]:%-d %B}} ({{ 57% | worst.never.iloc[0]:.0%}}) down. Two marks a day: late among the flights that arrived, and bad among all flights. On 9 February {{ 25% | worst.arrived.iloc[0]:.0%}} against {{ 68% | worst.bad.iloc[0]:.0%}}, on {{ 8 February | worst.index[1]:%-d %B}} {{ 49% | worst.arrived.iloc[1]:.0%}} against {{ 75% | worst.bad.iloc[1]:.0%}}. On the other eight days the marks are {{ 4 | gap.min():.0f }} to {{ 14 | gap.max():.0f }} points apart."
dates = pd.to_datetime(flights[["year", "month", "day"]])
days = pd.DataFrame({"never": never, "late": late, "bad": late | never}).groupby(dates).mean()
days["arrived"] = days.late / (1 - days.never)
worst = days.nlargest(10, "never")
gap = (worst.bad - worst.arrived)[2:] * 100

fig, ax = plt.subplots(figsize=(6.4, 3.6))
names = worst.index.strftime("%d %b")
ax.hlines(names, worst.arrived * 100, worst.bad * 100, color="0.6")
ax.plot(worst.arrived * 100, names, "o", color="C1", label="late, of those that arrived")
ax.plot(worst.bad * 100, names, "s", color="C0", label="late or never, of all")
ax.invert_yaxis()
ax.set(xlabel="flights of the day (%)", xlim=(0, 100))
ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
plt.show()

# %% [markdown]
# A day like that is over before it is late: most flights are called off, and the few that go have
# the airport to themselves. **Dropping the null turned a catastrophe into an ordinary Saturday**,
# and it did so because the catastrophe was so complete.
#
# It also takes sides. Endeavor (`9E`) never delivers {{ 6.3% | by_carrier.never["9E"]:.1%}} of its
# flights, Hawaiian (`HA`) {{ 0.0% | by_carrier.never["HA"]:.1%}}. A target without nulls flatters
# whoever cancels:

# %%
by_carrier = pd.DataFrame({"never": never, "late": late, "bad": late | never})
by_carrier = by_carrier.groupby(flights.carrier).mean()
by_carrier["flights"] = flights.carrier.value_counts()
by_carrier["arrived"] = by_carrier.late / (1 - by_carrier.never)
by_carrier["flattered by"] = by_carrier.bad - by_carrier.arrived
busy = by_carrier[by_carrier.flights > 300]
busy.nlargest(4, "flattered by")[["never", "arrived", "bad"]].round(3)

# %% [markdown]
# ## Build it right: record what happened, then decide
#
# There are two acts here, and one line did both. First, *what happened?* That is a fact with more
# than two values, and you keep it. Second, *what counts?* That is a decision. It belongs to whoever
# answers for the product, and it may change on a Tuesday.

# %%
happened = pd.Series(
    np.select([flights.dep_time.isna(), never, late], ["cancelled", "diverted", "late"], "on time"),
    dtype="category",
)
DECISIONS = {  # counts as bad, is left out
    "may be late": (["late"], ["cancelled", "diverted"]),
    "may be late or not go": (["late", "cancelled", "diverted"], []),
    "may not go": (["cancelled"], ["diverted"]),
}
for promise, (bad, out) in DECISIONS.items():
    asked = ~happened.isin(out)
    share = happened[asked].isin(bad).mean()
    print(f"{promise:22} {share:6.1%} of {asked.sum():,} flights")

# %% [markdown]
# The name of each decision is what the text message says. That is the quickest test of a target:
# **read it to the person who gets the text.** "Your flight may be late", sent to somebody whose
# flight does not exist, is a wrong text, even if the model scored a hit.
#
# | a flight without a delay is… | hides | who finds out |
# |---|---|---|
# | left out | the worst days and the worst evenings | the traveler, in a blizzard |
# | 0 minutes late | that nothing flew: it was all on time | nobody, ever |
# | bad | that waiting and rebooking need different texts | the support desk |
# | unknown | nothing, and no model can be trained on it | whoever has to decide next |
# | a target of its own | nothing, and you now run two models | you |
#
# The null is not the only decision. {{ 11.2% | ((flights.dep_delay >= 15) != late)[~never].mean():.1%}} of the
# flights that arrived were late at one end and not at the other: their label hangs on the name of a
# column. And {{ 7.8% | flights.arr_delay.between(10, 19).mean():.1%}} of all flights arrive between 10 and 19
# minutes late: for them *late* is a matter of five minutes, and for the model it is all or nothing.
#
# ### Does the model care?
#
# Train the same ten lines twice, without the flights that never arrived and with them. Judge both
# on all flights of the last three months.

# %%
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

sample = load("flights_2013_sample")
TEXTS = ["origin", "carrier", "dest"]
X = sample[["hour", "distance"]].join(sample[TEXTS].astype("category"))
gone, train = sample.arr_delay.isna(), sample.month <= 9
bad = (sample.arr_delay >= 15) | gone
auc = {}
for name, rows in {"left out": train & ~gone, "counted": train}.items():
    model = HistGradientBoostingClassifier(max_iter=40, random_state=0).fit(X[rows], bad[rows])
    chance = model.predict_proba(X[~train])[:, 1]
    auc[name] = roc_auc_score(bad[~train], chance)
    top = chance >= np.quantile(chance, 0.9)
    of_all, of_arrived = bad[~train][top].mean(), bad[~train & ~gone][top[~gone[~train]]].mean()
    print(f"{name:9} AUC {auc[name]:.3f}; top tenth: {of_all:.1%} bad, {of_arrived:.1%} if dropped")

# %% [markdown]
# A little: {{ 0.621 | auc["left out"]:.3f }} and {{ 0.625 | auc["counted"]:.3f }}, on
# {{ 15 | (~train).sum() / 1000:.0f }} thousand flights. Nobody would find the fault by that gap.
# Much of what makes a flight late also gets it cancelled, so the ranking survives a bad target. What
# the score *means* does not: the alerts of the second model are {{ 42% | of_all:.0%}} right, or
# {{ 40% | of_arrived:.0%}}, by which flights stay in the test.
#
# ## How a professional does it
#
# A decision that lives in one line of a notebook will be made again, differently, by the next
# notebook. Write it down where it can fail. [pandera](https://pandera.readthedocs.io/) checks the
# target like any other delivery: against the facts, and against what a year should look like.


# %%
def cancelled_is_bad(table):
    """Hold the target against what happened, row by row."""
    return (table.happened != "cancelled") | table.bad


def every_month_has_cancellations(table):
    """Expect the worst: every month so far had some."""
    return table.groupby("month").happened.agg(lambda h: (h == "cancelled").any()).all()


def a_fifth_to_a_third_is_bad(table):
    """Allow the base rate to move, but not to another target."""
    return 0.2 <= table.bad.mean() <= 1 / 3


target = pa.DataFrameSchema(
    {"bad": pa.Column("boolean", nullable=False), "happened": pa.Column("category")},
    checks=[
        pa.Check(rule, name=rule.__name__, error=rule.__name__)
        for rule in (cancelled_is_bad, every_month_has_cancellations, a_fifth_to_a_third_is_bad)
    ],
)
facts = pd.DataFrame({"month": flights.month, "happened": happened})
attempts = {
    "dropna": facts.assign(bad=late.astype("boolean"))[~never],
    "fillna(0)": facts.assign(bad=late.astype("boolean")),
    "late or never": facts.assign(bad=(late | never).astype("boolean")),
}
verdicts = {}
for name, table in attempts.items():
    try:
        target.validate(table, lazy=True)
        verdicts[name] = ["accepted"]
    except pa.errors.SchemaErrors as found:
        verdicts[name] = sorted(set(found.failure_cases.check))
    print(f"{name:14}", *verdicts[name])

# %% [markdown]
# The base rate alone would have passed all three. What catches `dropna` is a check for something
# that *must be there*: {{ 12 | flights[flights.dep_time.isna()].month.nunique() }} months of 2013,
# and {{ 12 | cancelled_2023.nunique() }} of 2023, have cancelled flights. Empty disasters are a
# symptom.
#
# Keep the schema, the promise in words and a version number beside the model. When the decision
# changes, old scores and new ones are scores of different questions.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **Only {{ 2.8% | never.mean():.1%}} of the rows have no delay. Why not drop them?**
#
# - [ ] Dropping rows always biases a model :: No: drop a random {{ 2.8% | never.mean():.1%}} and
#   nothing happens. These were chosen by the outcome.
# - [x] They are {{ 10.5% | hidden[15]:.1%}} of the outcomes that the product is about :: Yes: count
#   the nulls among what you want to predict, not among the rows.
# - [ ] The model gets better with more rows :: No: it ranked nearly as well without them.

# %% [markdown] tags=["question"]
# **The text says "your flight may be late". Which target?**
#
# - [ ] Late or never: a cancelled flight is bad, too :: No: then the message must say so. A
#   traveler who waits for a late flight does not rebook a cancelled one.
# - [ ] Late, with cancelled as not late: we predict delays :: No: a cancelled flight is then a
#   success for "no text needed".
# - [x] Whichever, once target and text say the same; here, late among the flights that go, or a new
#   text :: Yes: the target is the message. Change one and you change the other.

# %% [markdown] tags=["question"]
# **A new version of the target raises the AUC from 0.66 to 0.69. Ship it?**
#
# - [ ] Yes: it is a clear improvement :: No: of what? The two numbers answer two questions.
# - [x] First judge both models on one target, the agreed one :: Yes: change the model or the ruler,
#   never both at once.
# - [ ] No: AUC is the wrong metric :: No: perhaps, but any metric breaks when its target moves.

# %% [markdown]
# ## Take to work
#
# - Keep *what happened* as a column with all its values. Derive *what counts* in one function.
# - Count nulls among the outcomes you care about. {{ 3% | never.mean():.0%}}
#   of the rows were {{ 48% | hidden[120]:.0%}} of the worst evenings.
# - Read the target aloud to the person who gets the message.
# - Version the target. Scores across versions do not compare.
#
# **Exercise:** [`make_target`](../exercises/make_target.md): one function, three answers to the
# same null, and a dtype that can say "unknown".
#
# **Next:** [Do people agree?](do-people-agree.md)
#
# **Sources:** [flights data card](../data/flights.md) · [14 CFR
# 234.2](https://www.ecfr.gov/current/title-14/chapter-II/subchapter-A/part-234/section-234.2), for
# the fifteen minutes · Wikipedia, [*February 2013 North American
# blizzard*](https://en.wikipedia.org/wiki/February_2013_North_American_blizzard) · [pandas on
# nullable booleans](https://pandas.pydata.org/docs/user_guide/boolean.html) · [pandera on
# checks](https://pandera.readthedocs.io/en/stable/checks.html)

# %% tags=["remove-cell"]
# The figures that only the text states.
worse_days = int((days.arrived > days.arrived["2013-02-09"]).sum())
storm = pd.Series(
    {
        "late, dropna": days.arrived["2013-02-09"],
        "cancelled": flights.dep_time.isna()[dates == "2013-02-09"].mean(),
    }
)
delivery = load("flights_2023")
cancelled_2023 = delivery[delivery.dep_time.isna()].month
