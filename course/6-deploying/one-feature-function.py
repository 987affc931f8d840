# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [4-cleaning/why-is-it-missing],
#     exercises: [featurize]}
# ---

# %% [markdown]
# # One feature function
#
# The service runs the model of the notebook, the same file, byte for byte. In the notebook it ranks
# late flights with an AUC of {{ 0.685 | auc["as trained"]:.3f }}, in the service with
# **{{ 0.605 | auc["clock in UTC"]:.3f }}**, and the dashboard does not blink: alerts should go to
# {{ 23% | alerts["as trained"]:.0%}} of the travelers, and go to
# {{ 27% | alerts["clock in UTC"]:.0%}}, which is a windy Thursday.
#
# The model is fine. The service computes its inputs a second time, in other code, by another
# person, from a description.
#
# After this lesson you can
#
# - **measure** what a [difference between training and serving](../glossary.md#skew) costs, and
#   which ones nobody sees;
# - **write** one function for both, with what was learned in a value that you can look at;
# - **test** that a record alone becomes what it became in the batch.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from grader import load

WEATHER = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
TEXTS = ["carrier", "origin", "dest"]

weather = load("weather_2013").query("~(wind_speed > 253)")
two_hours_before = weather.assign(time_hour=weather.time_hour + pd.Timedelta(hours=2))
flights = load("flights_2013").dropna(subset="arr_delay")
flights = flights.merge(
    two_hours_before[["origin", "time_hour", *WEATHER]],
    on=["origin", "time_hour"],
    how="left",
    validate="m:1",
)
late = flights.arr_delay >= 15
train, test = flights[flights.month <= 9], flights[flights.month > 9]

# %% [markdown]
# ## Build it wrong: features in a notebook
#
# Nobody does this on purpose. It is what a notebook looks like on the day when the model got good.

# %%
X = flights[["distance", *WEATHER]].copy()
for name in TEXTS:
    X[name] = flights[name].astype("category").cat.codes
X["weekday"] = pd.to_datetime(flights[["year", "month", "day"]]).dt.day_of_week
X["minute"] = flights.sched_dep_time // 100 * 60 + flights.sched_dep_time % 100

model = HistGradientBoostingClassifier(max_iter=40, random_state=0)
model.fit(X.loc[train.index], late[train.index])
served, truth = X.loc[test.index], late[test.index]

# %% [markdown]
# Then somebody writes the service. The ticket says: distance, the weather of two hours before, codes
# of carrier, origin and destination, weekday, minute of departure. Here are seven ways to read that.
# Each is one line, each looks like the sentence in the ticket, and none raises anything.
#
# An alert goes out from a score of {{ 0.3 | CUT }} on. That is not the price of [A metric somebody
# pays for](../1-scoping/a-metric-somebody-pays-for.md), where a wrong text undid two right ones
# and the desk had a budget. By the formula there it is right for a service whose wrong text undoes
# {{ 0.43 | CUT / (1 - CUT):.2f }} of a right one, without a budget. From here on the course serves
# that one: at two thirds this model would alert only {{ 1.3% | at_two_thirds:.1%}} of the
# travelers.

# %%
CUT = 0.3
utc = test.time_hour.dt.hour * 60 + test.sched_dep_time % 100  # the request has a timestamp
sorted_columns = served[sorted(served.columns)].to_numpy()  # "alphabetical, to be safe"
readings = {
    "as trained": served,
    "clock in UTC": served.assign(minute=utc),
    "weekday from 1": served.assign(weekday=served.weekday + 1),
    "codes per request": served.assign(carrier=0, origin=0, dest=0),  # cat.codes of one record
    "weather in °C": served.assign(temp=(served.temp - 32) / 1.8, dewp=(served.dewp - 32) / 1.8),
    "weather is null": served.assign(**dict.fromkeys(WEATHER, np.nan)),
    "weather is 0": served.assign(**dict.fromkeys(WEATHER, 0.0)),
    "columns by name": pd.DataFrame(sorted_columns, columns=served.columns),
}
rows = {}
for name, inputs in readings.items():
    chance = model.predict_proba(inputs)[:, 1]
    rows[name] = {"auc": roc_auc_score(truth, chance), "alerts": (chance >= CUT).mean()}
cost = pd.DataFrame(rows).T
auc, alerts = cost.auc, cost.alerts
healthy = model.predict_proba(served)[:, 1]
at_two_thirds = (healthy >= 2 / 3).mean()
daily = pd.Series(healthy >= CUT).groupby([test.month.to_numpy(), test.day.to_numpy()]).mean()
print(cost.to_string(formatters={"auc": "{:.3f}".format, "alerts": "{:.1%}".format}))

# %% alt="Eight points: the share of travelers alerted against the AUC. As trained {{ lies highest | auc.idxmax() == 'as trained' }}, at {{ 23% | alerts['as trained']:.0%}} and {{ 0.685 | auc['as trained']:.3f }}. Weekday off by one, codes per request and clock in UTC lie below it, with shares between {{ 21% | alerts[quiet].min():.0%}} and {{ 27% | alerts[quiet].max():.0%}}; the clock is {{ the lowest | auc[quiet].idxmin() == 'clock in UTC' }} of the three, at {{ 0.605 | auc['clock in UTC']:.3f }}. The four others {{ lie to the right | alerts[loud].min() > alerts[quiet].max() }}, with shares between {{ 42% | alerts[loud].min():.0%}} and {{ 63% | alerts[loud].max():.0%}}."
quiet = ["weekday from 1", "codes per request", "clock in UTC"]
loud = ["weather in °C", "weather is null", "weather is 0", "columns by name"]

fig, ax = plt.subplots(figsize=(6.4, 3.8))
for names, mark in [(["as trained"], "s"), (quiet, "o"), (loud, "^")]:
    ax.plot(alerts[names] * 100, auc[names], mark, markersize=8)
for name in cost.index:
    below = -12 if name == "weekday from 1" else -4
    place = (alerts[name] * 100, auc[name])
    ax.annotate(name, place, xytext=(8, below), textcoords="offset points")
ax.set(xlabel="travelers alerted (%)", ylabel="AUC", xlim=(0, 80))
plt.show()

# %% [markdown]
# ## Find the cause
#
# The four triangles on the right are loud. A feed that writes 0 instead of null alerts
# {{ 63% | alerts["weather is 0"]:.0%}} of the travelers, and the phone rings. Null is the better
# outage, but not a harmless one: in training a null pressure meant bad weather
# ([why](../4-cleaning/why-is-it-missing.md)), so the model takes an outage for a storm.
#
# The three circles are the ones to fear. With the clock in UTC the service alerts
# {{ 27% | alerts["clock in UTC"]:.0%}} instead of {{ 23% | alerts["as trained"]:.0%}}. Of the
# {{ 92 | len(daily) }} test days, {{ 28 | (daily >= alerts["clock in UTC"]).sum() }} have that many
# alerts without any fault. They are as many, and they are the wrong people. You learn that when the
# labels are in, if you join them to what you *sent*. Before that, only the input itself can tell. Of
# the test flights, {{ 0 | (served.minute < 300).sum() }} leave before five in the morning. By the
# clock in UTC, {{ 10,772 | (utc < 300).sum():, }} do.
#
# Then look at the one that seems harmless. `cat.codes` numbers what it finds in the table at hand.
# In the notebook that is a year of flights. In the service it is one record, and one record has one
# airline, whose number is 0.

# %%
for carrier in ["UA", "DL", "WN"]:
    one_request = pd.DataFrame({"carrier": [carrier]})
    print(carrier, "is code", one_request.carrier.astype("category").cat.codes.iloc[0])

# %% [markdown]
# All seven have one cause: **the definition of a feature exists twice**, and only one copy was ever
# scored. A test of the model cannot find it, because the model is not where it is. The engineers
# behind Google's rules of machine learning put it as advice (rules 29 and 32): log what you served,
# and share the code.
#
# ## Build it right: one function, and what it learned
#
# Three properties make the second copy unnecessary.
#
# 1. Training and service import the **same function**.
# 2. What it learned is a **value**, made from training records, saved with the model. Not a global,
#    not "whatever is in this batch".
# 3. Columns, their order and their types come from the **function**, never from the input.


# %%
def learn(records):
    """Return the values of the text columns, in an order that does not depend on the rows."""
    return {name: sorted(records[name].dropna().unique()) for name in TEXTS}


def featurize(records, state):
    """Return the model's columns, alike for one record and for many."""
    dates = pd.to_datetime(records[["year", "month", "day"]])
    columns = {
        "weekday": dates.dt.day_of_week,
        "minute": records.sched_dep_time // 100 * 60 + records.sched_dep_time % 100,
    }
    for name in TEXTS:
        codes = {text: code for code, text in enumerate(state[name])}
        columns[name] = [codes.get(text, -1) for text in records[name]]
    columns |= {name: records[name] for name in ["distance", *WEATHER]}
    return pd.DataFrame(columns, index=records.index).astype("float64")


state = learn(train)
print({name: len(values) for name, values in state.items()})

# %% [markdown]
# A look-up in what was *learned* gives -1 to whatever is not in it: an airline that started in
# October, a typo, a null. That is a decision, not an accident: you wrote the -1 yourself, and no
# new version of a library can decide otherwise. The model can be trained to live with it.
#
# The test that belongs to this function is short, and it is the one that would have caught the codes.
# A record alone must give the row that it gives in the batch, to the type.

# %%
some = test.sample(50, random_state=0)
batch = featurize(some, state)
alone = pd.concat([featurize(some.loc[[label]], state) for label in some.index])
pd.testing.assert_frame_equal(alone, batch)

one = some.iloc[[0]].assign(carrier="YX", temp=None)  # not in the training data; no weather
print(featurize(one, state)[["carrier", "temp"]].iloc[0].to_dict())

# %% [markdown]
# The second net is a **[replay](../glossary.md#replay)**. Keep what you served, and once a day
# compute the same features the
# way training does. They must be equal; not similar, equal.


# %%
def differing(logged, recomputed):
    """Return the share of rows that differ, per column, where there is any."""
    same = (logged == recomputed) | (logged.isna() & recomputed.isna())
    share = 1 - same.mean()
    return share[share > 0]


logged = featurize(test, state).assign(minute=utc)  # what a service with the bug wrote down
replay = differing(logged, featurize(test, state))
print(replay.map("{:.0%}".format).to_string())

# %% [markdown]
# No label, no threshold, no statistics: column `minute` differs in
# {{ 100% | replay["minute"]:.0%}} of the rows, on the first day.
#
# ## How a professional does it
#
# In scikit-learn the state hides in fitted steps, and the steps travel with the model as one object.
# `OrdinalEncoder` learns its categories in `fit`, and can be told what to do with strangers.

# %%
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

columns = [*TEXTS, "weekday", "minute", "distance", *WEATHER]
raw = flights.assign(weekday=X.weekday, minute=X.minute)[columns]
encode = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
pipeline = make_pipeline(
    make_column_transformer((encode, TEXTS), remainder="passthrough"),
    HistGradientBoostingClassifier(max_iter=40, random_state=0),
)
pipeline.fit(raw.loc[train.index], late[train.index])

inputs = raw.loc[test.index]
chance = pipeline.predict_proba(inputs)[:, 1]
mixed = pipeline.predict_proba(inputs[columns[::-1]])[:, 1]  # another order of columns
print(f"AUC {roc_auc_score(truth, chance):.3f}, columns mixed {roc_auc_score(truth, mixed):.3f}")

# %% [markdown]
# The pipeline picks its columns by name, so their order no longer matters. Where scikit-learn cannot
# pick, it at least refuses, *if you let it see names*:

# %% tags=["raises-exception"]
model.predict_proba(served[sorted(served.columns)])

# %% [markdown]
# `.to_numpy()` takes that protection away, and so do services that send lists of numbers. Weekday and
# minute still stand outside the pipeline here. Wrap them in a `FunctionTransformer` around *one*
# importable function, or be back at two copies. Bigger shops buy a
# [feature store](https://docs.feast.dev/), which is the same idea with a database in it: one
# definition, asked by training and by serving.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **Which monitor would have found the clock in UTC without labels?**
#
# - [ ] the share of travelers alerted :: No: it moved from
#   {{ 23% | alerts["as trained"]:.0%}} to {{ 27% | alerts["clock in UTC"]:.0%}}. From day to day it
#   moves between {{ 0% | daily.min():.0%}} and {{ 87% | daily.max():.0%}}.
# - [ ] the number of errors and the response time :: No: the service is healthy. It is wrong in good
#   health.
# - [x] a replay of the served features against training's :: Yes: the column differs in every row. A
#   plot of the input's own distribution would show it, too.

# %% [markdown] tags=["question"]
# **An airline starts flying in November. What does a good feature function do?**
#
# - [ ] add it to the categories, so the model can learn it :: No: the model is trained. Its codes
#   must not change their meaning while it runs.
# - [x] give it the code for *unknown*, and let the caller know :: Yes: the same answer for every
#   stranger, decided before, and visible in the log.
# - [ ] raise, because it cannot be encoded :: No: that turns somebody else's business news into your
#   outage.

# %% [markdown] tags=["question"]
# **Both sides use `featurize`. In serving, a record's `temp` is filled with the mean of the requests
# of this minute. What is wrong?**
#
# - [ ] nothing, if training fills with a mean as well :: No: that mean was of other rows. The same
#   traveler gets other features in other company.
# - [x] a record alone is no longer what it is in the batch :: Yes: state that is made while serving
#   is a second definition. Learn the value in training and store it.
# - [ ] it should be the median :: No: the median of the wrong rows is wrong as well.

# %% [markdown]
# ## Take to work
#
# - Count the places where a feature is computed. The right number is one.
# - What was learned is an argument: saved with the model, passed in, never a global.
# - Test *alone equals batch*, down to the types. Replay a day of served features.
# - Fear the fault that keeps the number of alerts. A loud one finds you.
#
# **Exercise:** [`featurize`](../exercises/featurize.md): one function that a training script and a
# service can share.
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) ·
# M. Zinkevich, [*Rules of Machine Learning*](https://developers.google.com/machine-learning/guides/rules-of-ml),
# rules 29 to 32 on training-serving skew · D. Sculley and others, [*Hidden technical debt in machine
# learning systems*](https://papers.nips.cc/paper/5656-hidden-technical-debt-in-machine-learning-systems),
# NIPS 2015 · [scikit-learn on encoders](https://scikit-learn.org/stable/modules/preprocessing.html#encoding-categorical-features)
