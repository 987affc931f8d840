# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [0-start/from-goal-to-table],
#     exercises: [usable_columns]}
# ---

# %% [markdown]
# # A prediction is for a decision
#
# The first model that anybody trains on the flight table ranks late flights with an
# [AUC](../glossary.md#auc) of
# **{{ 0.990 | wrong:.3f }}**, where 0.5 is a coin and 1 is perfect. It cannot text anybody. It is
# waiting for the plane to land.
#
# After this lesson you can
#
# - **name** the actor, the moment and the action behind a prediction;
# - **date** every column by when it is known, [derived columns](../glossary.md#derived-column)
#   included;
# - **price** a moment: what waiting would buy, and what it would cost.

# %%
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from grader import load

flights, weather = load("flights_2013"), load("weather_2013")
flights["late"] = flights.arr_delay >= 15
for code in ["carrier", "origin", "dest"]:
    flights[code] = flights[code].astype("category")

# %% [markdown]
# The question is the one from [From a goal to a table](../0-start/from-goal-to-table.md): *two
# hours before its scheduled departure, how likely is this flight to be late?* It counts cancelled
# and diverted flights, too. For a start we look at flights that arrived; what that hides is a
# subject for the labeling module. We learn on January to September, and are asked from October on.

# %%
arrived = flights.dropna(subset="arr_delay")


def auc(table, columns):
    """Return how well late flights are ranked (0.5 is a coin)."""
    train, test = table[table.month <= 9], table[table.month > 9]
    train = train.sample(100_000, random_state=0)  # plenty, and quick
    model = HistGradientBoostingClassifier(random_state=0)
    model.fit(train[columns], train.late)
    return roc_auc_score(test.late, model.predict_proba(test[columns])[:, 1])


# %% [markdown]
# Remember those lines. They are the model of this course. You will meet it in every module, and
# nobody will tune it.
#
# ## Build it wrong: everything but the answer
#
# The obvious way to choose columns: take all that are numbers, and the short codes, and be careful
# to leave out the answer.

# %%
numbers = arrived.select_dtypes("number").columns.drop("arr_delay")
everything = [*numbers, "carrier", "origin", "dest"]
wrong = auc(arrived, everything)
print(f"AUC {wrong:.3f} from", *everything)

# %% [markdown]
# Train and test are apart, the test lies in the future, the answer is out. By the book. And
# useless: `air_time` and `arr_time` are written down when the flight is over. The model has not
# learned when flights are late. It has learned to subtract.
#
# No split shows this, because every row of a table about last year is finished. **The test set has
# landed, too.**
#
# ## Find the cause: nobody was going to do anything
#
# What did we forget? Not a column. We forgot that somebody is waiting for the answer, at a certain
# time, in order to do something.
#
# | moment | actor | action that is still open |
# |---|---|---|
# | a month before | traveler | book another flight |
# | 12 hours before | traveler; support desk | move to another day; plan tomorrow's shift |
# | 2 hours before | traveler | warn whoever waits, look for a later connection |
# | push-back | crew, airport | none for the traveler, who sits in the plane |
# | landed | analyst | count |
#
# *[Actor, moment, action](../glossary.md#actor-moment-action)*: with one of them missing, there is
# nothing to predict. And the moment
# decides which columns exist. So give every column a date. We write it as **minutes before the
# scheduled departure by which the value is known for every flight**, negative for afterwards.

# %%
HOUR, DAY = 60, 24 * 60
flights["weekday"] = pd.to_datetime(flights[["year", "month", "day"]]).dt.day_of_week
flights["clock"] = flights.hour * 60 + flights.minute
timetable = ["carrier", "origin", "dest", "distance", "weekday", "clock", "sched_arr_time"]
longest_wait = flights.dep_delay.max()

known = dict.fromkeys(timetable, 30 * DAY)
known |= dict.fromkeys(["dep_time", "dep_delay"], -longest_wait)
known |= dict.fromkeys(["arr_time", "air_time"], -2 * DAY)
known |= {"tailnum": None}

# %% [markdown]
# Three of these dates took some thought.
#
# - **The timetable** is out long before. Thirty days is our promise, not a measurement.
# - **`dep_delay`** is not known *at* departure time. At 9:00 you do not know that the 9:00 will
#   leave at 9:40; you only know that it is still there. For *every* flight it is known after
#   {{ 1,301 | longest_wait:,.0f }} minutes, the longest wait in the table.
# - **`tailnum`** has no date. Airlines plan an aircraft, then swap it, and the table keeps what flew
#   in the end. When was it known? Nobody wrote that down. An unknown date is not a small one: the
#   column stays out until somebody answers.
#
# ### Derived columns
#
# Weather can be known in time, if you take it from early enough. A column made from others is **as
# late as its latest part**. And here is a part that is easy to miss:

# %%
WEATHER = ["temp", "dewp", "humid", "wind_dir", "wind_speed"]
WEATHER += ["wind_gust", "precip", "pressure", "visib"]
KEY = ["origin", "time_hour"]
weather = weather[~(weather.wind_speed > 253)]  # no wind blows at 1,048 mph


def weather_before(hours, wait=1):
    """Return each flight's weather, as known some hours before its scheduled hour."""
    shift = pd.Timedelta(hours=hours + wait)
    readings = weather.assign(time_hour=weather.time_hour + shift)
    seen = flights[KEY].merge(readings, on=KEY, how="left", validate="m:1")
    return seen[WEATHER].add_suffix(f"_{hours}h")


# %% [markdown]
# What is `wait`? The row labeled 13:00 holds the first report *of the hour*, which may be from
# 13:51, and the hour's rain so far ([the script that made the
# table](https://github.com/tidyverse/nycflights13/blob/main/data-raw/weather.R) says so). At 13:00
# it does not exist. Only the row labeled 12:00 surely does. So two hours before the 15:00 flight
# means *three* rows back. The label of a row is not its date of arrival.
#
# (Elsewhere this course shifts by the plain two hours, to keep the code short where it is about
# something else. Further down you see what that is worth.)
#
# The last column is the best one: how late have flights from this airport been leaving, just now?
# It is made from `dep_delay`, and yet it is in time, because it is made from *other* flights, and
# only from those that had left.

# %%
scheduled = flights.time_hour + pd.to_timedelta(flights.minute, unit="min")
took_off = scheduled + pd.to_timedelta(flights.dep_delay, unit="min")
left = flights.assign(at=took_off).dropna(subset="at").sort_values("at")
queue = left.groupby("origin", observed=True).rolling("2h", on="at").dep_delay.mean()
queue = queue.rename("queue").reset_index().sort_values("at")

moment = flights[["origin"]].assign(at=scheduled - pd.Timedelta(hours=2), row=flights.index)
seen = pd.merge_asof(
    moment.sort_values("at"), queue, on="at", by="origin", tolerance=pd.Timedelta(hours=2)
)
flights["queue"] = seen.set_index("row").queue

table = pd.concat([flights, weather_before(12), weather_before(2)], axis=1)
table = table.dropna(subset="arr_delay")
known |= {f"{column}_12h": 12 * HOUR for column in WEATHER}
known |= {f"{column}_2h": 2 * HOUR for column in WEATHER} | {"queue": 2 * HOUR}

# %% [markdown]
# ## Build it right: ask the list, not the table
#
# Now the moment chooses the columns. Exactly in time is in time; unknown is not.


# %%
def usable(lead):
    """Return the columns that are known `lead` minutes before the scheduled departure."""
    return [name for name, by in known.items() if by is not None and by >= lead]


moments = {
    "a month before: book another flight": 30 * DAY,
    "12 hours before: change plans": 12 * HOUR,
    "2 hours before: warn, look for connections": 2 * HOUR,
    "it has left: sit in it": -longest_wait,
    "it has landed: count": -2 * DAY,
}
scores = pd.Series({name: auc(table, usable(lead)) for name, lead in moments.items()})
month, half_day, two_hours, gone, landed = scores
scores.round(3)

# %% tags=["hide-input"] alt="Bar chart: AUC at five moments, with what can still be done. A month before {{ 0.63 | month:.2f }}, twelve hours before {{ 0.65 | half_day:.2f }}, two hours before {{ 0.70 | two_hours:.2f }}; then a jump: when the flight has left {{ 0.89 | gone:.2f }}, when it has landed {{ 0.99 | landed:.2f }}. The last two bars are hatched: nobody can act any more."
fig, ax = plt.subplots(figsize=(6.4, 2.9))
bars = ax.barh(scores.index, scores - 0.5, left=0.5, height=0.7)
for bar in bars[-2:]:
    bar.set(facecolor="C1", hatch="///")
ax.bar_label(bars, [f"{score:.2f}" for score in scores], padding=3)
ax.set(xlabel="AUC (0.5 is a coin; hatched: too late to act)", xlim=(0.5, 1.06))
ax.invert_yaxis()
ax.grid(axis="y", visible=False)
plt.show()

# %% [markdown]
# Read it downward. The score {{ rises all the way | scores.is_monotonic_increasing }}, and what
# one can do with it shrinks to nothing. **A better score at a worse moment is a worse product.**
# Two hours before, {{ 0.70 | two_hours:.2f }} is what this table has to give, and the
# {{ 0.99 | wrong:.2f }} from above was never on offer.
#
# The staircase prices the moment, too. Moving the text from twelve hours to two buys
# {{ 0.05 | two_hours - half_day:.2f }} of AUC and takes away the evening before. Is that a good
# deal? You cannot know, and neither can the model. The traveler can: ask *what would you still do
# at that time?*, take the latest moment at which the answer is not "nothing", and write it down
# before you train.
#
# And the impatient hour? If the weather is shifted by two hours, not three:

# %%
plain = weather_before(2, wait=0).loc[table.index]
peeking = auc(table.assign(**plain), usable(2 * HOUR))
print(f"AUC {peeking:.4f} with readings of up to 51 minutes too late, {two_hours:.4f} without")

# %% [markdown]
# A difference {{ in the third digit | abs(peeking - two_hours) < 0.01 }}. A leak that large in
# principle, that small in the score: you will
# find this kind by reading, or not at all.
#
# ## How a professional does it
#
# A list in a notebook is forgotten by Friday. Put the date where the column is declared. A
# [pandera](https://pandera.readthedocs.io/) [schema](../glossary.md#schema) carries metadata, and
# with `strict="filter"` it
# drops whatever it does not name, so an undated column cannot reach the model by accident.

# %%
import pandera.pandas as pa

dated = pa.DataFrameSchema(
    {
        name: pa.Column(nullable=True, metadata={"known_before": by})
        for name, by in known.items()
        if by is not None
    },
    strict="filter",
)


def as_known(schema, lead):
    """Return the part of a schema that is known `lead` minutes before."""
    late = [n for n, c in schema.columns.items() if c.metadata["known_before"] < lead]
    return schema.remove_columns(late)


at_decision = as_known(dated, 2 * HOUR).validate(table)
print(f"{table.shape[1]} columns in, {at_decision.shape[1]} out; late ones among them:")
print(sorted(set(at_decision) & {"dep_delay", "air_time", "arr_delay", "tailnum"}))

# %% [markdown]
# The same date serves twice. Here it selects; in the service it says by when a value has to be
# there. [Feature stores](../glossary.md#feature-store) do this at scale and call it a
# *point-in-time* join: every value carries a
# time stamp, and training sees only what was there.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A column `hour_delay`: the mean departure delay of all flights scheduled from this airport in
# the same hour. Usable two hours before?**
#
# - [ ] Yes, it is about other flights, like `queue` :: No: `queue` takes those that *had left* by
#   the moment. Flights of the same hour have not.
# - [ ] Yes, if the flight's own delay is taken out :: No: that mends one flight of the hour. The
#   others have not left either.
# - [x] No: it is as late as its latest part, a delay that is not known before departure :: Yes: ask
#   what a column is made from, and when that is there. What it is called does not matter.

# %% [markdown] tags=["question"]
# **`tailnum` would help. Nobody knows when it is filled in. What do you do?**
#
# - [ ] Use it; airlines surely know the aircraft two hours before :: No: they know *an* aircraft.
#   The table has the one that flew, swaps included.
# - [ ] Use it if the test score rises :: No: a column from the future raises the score on every
#   test set from the past.
# - [x] Refuse it, and ask the airline for assignments with a time stamp :: Yes: an unknown date is
#   a question with an owner.

# %% [markdown] tags=["question"]
# **A competitor reports an AUC of {{ 0.89 | gone:.2f }} on these flights. You have
# {{ 0.70 | two_hours:.2f }}. First question?**
#
# - [ ] Which model? :: No: with the same ten lines you get {{ 0.89 | gone:.2f }}, too. You need
#   only wait for push-back.
# - [x] At which moment, and for whom to do what? :: Yes: a score without a moment cannot be
#   compared with anything.
# - [ ] How many rows? :: No: the step is not made of rows. It is one column, `dep_delay`.

# %% [markdown]
# ## Take to work
#
# - Actor, moment, action, in one sentence, before the first `fit`. If nobody acts, stop.
# - Give every column a date: known by when, for *every* row. Derived: as late as the latest part.
# - Unknown dates are refusals. Row labels are not dates.
# - Plot the score over the moment. It is the only honest way to choose one, and it ends the
#   discussion about 0.99.
#
# **Exercise:** [`usable_columns`](../exercises/usable_columns.md): the list with parents,
# grandparents, circles, and columns that nobody dated.
#
# **Next:** [The dumbest thing that works](the-dumbest-thing-that-works.md).
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) ·
# S. Kaufman, S. Rosset, C. Perlich, [*Leakage in Data
# Mining*](https://doi.org/10.1145/2020408.2020496) (KDD 2011), whose first requirement is
# "no time machine" · [pandera](https://pandera.readthedocs.io/en/stable/) · M. Zinkevich, [*Rules of Machine
# Learning*](https://developers.google.com/machine-learning/guides/rules-of-ml)
