# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 1, needs: [0-start/set-up], exercises: [late_share]}
# ---

# %% [markdown]
# # From a goal to a table
#
# It is your first week in a team of two, and somebody asks: *can we text travelers before their
# flight out of New York is late?* Count "late" in six sensible ways, in one table of
# {{ 336,776 | len(flights):, }} flights, and the answer runs from {{ 8.4% | shares.min():.1%}} to
# **{{ 39.5% | shares.max():.1%}}**. Nobody made a mistake. Nobody wrote the question down, either.
#
# After this lesson you can
#
# - **write** a wish as a question with a moment, an outcome and an action;
# - **list** who acts on the answer, and what a wrong one costs them;
# - **sketch** the table that you wish you had, and measure how much of it exists.

# %%
import matplotlib.pyplot as plt
import pandas as pd
import pandera.pandas as pa

from grader import load

flights = load("flights_2013")
flights[["carrier", "flight", "sched_dep_time", "dep_delay", "arr_delay"]].head(3)

# %% [markdown]
# ## Build it wrong: start from the table at hand
#
# No data set came with the question, but there is one lying about: every departure from New York's
# three big airports in 2013. It has delays in it. What could go wrong? Count the late ones.

# %%
arrived, left = flights.arr_delay, flights.dep_delay
shares = pd.Series(
    {
        "arrived ≥ 60 min late": (arrived >= 60).mean(),
        "left ≥ 15 min late": (left >= 15).mean(),
        "arrived ≥ 15 min late": (arrived >= 15).mean(),
        "… or cancelled, diverted": ((arrived >= 15) | arrived.isna()).mean(),
        "left late at all": (left > 0).mean(),
        "arrived late at all": (arrived > 0).mean(),
    }
)

# %% tags=["hide-input"] alt="Bar chart: the share of 2013's flights that count as late under six definitions. Arrived late at all {{ 39% | shares.iloc[5]:.0%}}, left late at all {{ 38% | shares.iloc[4]:.0%}}, arrived a quarter of an hour late or was cancelled or diverted {{ 27% | shares.iloc[3]:.0%}}, arrived a quarter of an hour late {{ 24% | shares.iloc[2]:.0%}}, left a quarter of an hour late {{ 22% | shares.iloc[1]:.0%}}, arrived an hour late {{ 8% | shares.iloc[0]:.0%}}."
fig, ax = plt.subplots(figsize=(5.8, 2.7))
bars = ax.barh(shares.index, shares * 100, height=0.7)
ax.bar_label(bars, fmt="%.0f%%", padding=3)
ax.set(xlabel="share of all flights (%)", xlim=(0, 45))
ax.grid(axis="y", visible=False)
plt.show()

# %% [markdown]
# Each bar could be *the* [target](../glossary.md#target). A model would train on any of them
# without complaint, score
# something, and be demonstrated on a Friday. And they do not differ in size alone:

# %%
left_fine = (left[arrived >= 15] < 15).mean()
caught_up = (arrived[left >= 15] < 15).mean()
print(f"arrived late, but had left less than 15 min late: {left_fine:.1%}")
print(f"left late, but arrived less than 15 min late:     {caught_up:.1%}")

# %% [markdown]
# {{ 28% | left_fine:.0%}} of the late arrivals looked fine at departure. {{ 20% | caught_up:.0%}}
# of the late departures made it up on the way. Text people about the wrong one of the two, and both
# groups will let you know.
#
# ## Find the cause: a sentence with four holes
#
# The data are not at fault. The sentence has holes, and whoever starts from a table fills them by
# accident, with whatever the columns happen to say.
#
# | it says | the hole | what we write down, until somebody objects |
# |---|---|---|
# | travelers | who? | people booked on the flight who gave a number and agreed to be texted |
# | before | when? | two hours before the *scheduled* departure |
# | late | what? | at the gate 15 minutes or more after the timetable; or cancelled, or diverted |
# | text | and then? | one message: *may be late; be at the airport on time all the same* |
#
# The fifteen minutes are not ours. United States rules call a flight late when it reaches the gate
# 15 minutes or more after its published time ([14 CFR
# 234.2](https://www.ecfr.gov/current/title-14/chapter-II/subchapter-A/part-234/section-234.2)).
# They also make carriers pass on a delay of 30 minutes or more once they know of it ([14 CFR
# 259.8](https://www.ecfr.gov/current/title-14/chapter-II/subchapter-A/part-259/section-259.8)). So
# news of a *known* delay exists already. Ours is worth something only before that, which is why the
# moment belongs in the question:
#
# > **Two hours before its scheduled departure from EWR, JFK or LGA: how likely is this flight to
# > reach the gate 15 or more minutes late, or to be cancelled or diverted?**
#
# ## Who acts on it?
#
# | who | does what with a text | when the text was wrong | when none came, and it was late |
# |---|---|---|---|
# | traveler | warns whoever is waiting, looks for a later connection | trusts the next one less; or **comes late and misses the flight** | waits, misses the connection |
# | support desk | expects calls | staff without callers | callers without staff |
# | you | pay for a message | pay for nothing | hear about it |
#
# The bold entry is the worst thing in the table, and no metric of a model shows it. It was cheap to
# find: a row for each person, a column for each way of being wrong. And it changed the product: the
# message now asks people to come on time.
#
# One number prices the lazy version. Text everybody, and {{ 27 | texts_right:.0f }} of 100 texts
# are right. The other {{ 73 | 100 - texts_right:.0f }} teach people to ignore you.
#
# ## Build it right: sketch the table first
#
# Draw the table that would answer the question *before* you look at what you have. One row is one
# flight **as it was known at the moment of the question**. For every column: known when, and by
# whom?

# %%
sketch = pd.DataFrame(
    [
        ("scheduled_departure", "months before", "timetable"),
        ("seats", "the day before", "aircraft register"),
        ("wind_measured", "two hours before", "weather station"),
        ("wind_forecast", "two hours before", "archive of forecasts"),
        ("wind_at_destination", "two hours before", "weather station there"),
        ("inbound_delay", "two hours before", "airline operations"),
        ("travelers_booked", "two hours before", "booking system"),
        ("phone_and_consent", "two hours before", "booking system"),
        ("late_or_never", "after landing", "airline"),
        ("what_they_did", "the day after", "nobody, until we ask"),
    ],
    columns=["column", "known", "by whom"],
).set_index("column")
sketch.rename_axis(None)

# %% [markdown]
# Only the last two may know the future: the outcome, and what came of it. Now hold what you have
# against the sketch. For how many flights would each column have a value?

# %%
planes = load("planes_2013").set_index("tailnum")
weather = load("weather_2013")
weather["time_hour"] += pd.Timedelta(hours=2)  # now: two hours old at time_hour
key = ["origin", "time_hour"]
seen = flights.merge(weather, on=key, how="left", validate="m:1")
today = pd.DataFrame(
    {
        "scheduled_departure": flights.sched_dep_time,
        "seats": flights.tailnum.map(planes.seats),
        "wind_measured": seen.wind_speed,
        "late_or_never": (arrived >= 15) | arrived.isna(),
    }
)
filled = today.reindex(columns=sketch.index).notna().mean()

# %% tags=["hide-input"] alt="Bar chart: the share of flights for which each column of the sketch can be filled. Timetable and outcome {{ 100% | filled.late_or_never:.0%}}, measured wind {{ 99.6% | filled.wind_measured:.1%}}, seats {{ 84.4% | filled.seats:.1%}}. {{ Nothing at all | not filled[['wind_forecast', 'wind_at_destination', 'inbound_delay', 'travelers_booked', 'phone_and_consent', 'what_they_did']].any() }} for forecast, wind at the destination, inbound delay, travelers booked, phone and consent, and what they did."
fig, ax = plt.subplots(figsize=(5.8, 3.4))
bars = ax.barh(filled.index, filled * 100, height=0.7)
labels = [f"{share:.1%}" if share else "nothing" for share in filled]
ax.bar_label(bars, labels, padding=3)
ax.set(xlabel="flights of 2013 with a value (%)", xlim=(0, 124))
ax.set_xticks(range(0, 101, 25))
ax.invert_yaxis()
ax.grid(axis="y", visible=False)
plt.show()

# %% [markdown]
# Of {{ 10 | len(sketch) }} columns, {{ 6 | empty }} are empty, and not a random {{ 6 | empty }}.
# You have what a timetable and a weather station can know. You lack the forecast, the aircraft on
# its way in, and every trace of a traveler. `inbound_delay` cannot be derived either: the table
# lists departures, and {{ 1 | flights.dest.isin(flights.origin).sum() }} of its flights lands in
# New York.
#
# So, without a line of model: you know what a first version can use, what it cannot claim (that
# texts *help*: nobody records what people did), and whom to call on Monday. The empty bars are a
# good morning's work.
#
# ## How a professional does it
#
# A sketch on a wall goes stale. Write it as a [pandera](https://pandera.readthedocs.io/) model. The
# docstring says what one row is, and the sketch turns into something that can fail.


# %%
class FlightAtDecision(pa.DataFrameModel):
    """One flight, as it was known two hours before its scheduled departure."""

    scheduled_departure: int = pa.Field(ge=0, le=2400)
    seats: float = pa.Field(gt=0, nullable=True)
    wind_measured: float = pa.Field(ge=0, le=253, nullable=True)  # world record
    wind_forecast: float = pa.Field(ge=0, le=253)
    inbound_delay: float = pa.Field(nullable=True)
    travelers_booked: int = pa.Field(ge=0)
    late_or_never: bool


try:
    FlightAtDecision.validate(today, lazy=True)
except pa.errors.SchemaErrors as found:
    to_do = found.failure_cases
to_do[["index", "column", "check", "failure_case"]]

# %% [markdown]
# That is a to-do list that a build server can print: {{ 3 | absent }} columns do not exist yet. And
# {{ 2 | len(refused) }} *values* are refused: two hours before these flights, says the table, the
# wind blew at {{ 1,048 | refused.max():,.0f }} mph. That is a lesson of its own: [Look before you
# fix](../4-cleaning/look-before-you-fix.md).
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **Which of these can a table answer?**
#
# - [ ] Can we predict delays? :: No: whose, of what, known when, to do what? Four holes in four
#   words.
# - [ ] How many minutes late will flight UA 1545 arrive? :: No: closer, but asked at the gate or at
#   booking? What is known differs, so the table differs.
# - [x] At check-in, how likely is this bag to miss its connection, so that it can be tagged for the
#   fast belt? :: Yes: a moment, an outcome, and somebody who acts.

# %% [markdown] tags=["question"]
# **`inbound_delay` is empty for every flight. What do you do with it?**
#
# - [ ] Take it out: the sketch should match the data :: No: then it is a picture of your disk. The
#   gap is what you show to the people who can fill it.
# - [ ] Fill it with 0 for now :: No: 0 minutes is a claim. It says that every inbound aircraft was
#   on time.
# - [x] Leave it, empty, with the name of who has it :: Yes: an empty column with an owner is a
#   plan.

# %% [markdown] tags=["question"]
# **The service texts everybody, always. What is it worth?**
#
# - [ ] It never misses a late flight, so it is safe :: No: {{ 73 | 100 - texts_right:.0f }} of 100
#   texts are wrong, and the reader learns it before you do.
# - [x] It is the price to beat: {{ 27 | texts_right:.0f }} of 100 right, with no model at all ::
#   Yes: now every cleverer version has something to be compared with.
# - [ ] Nothing can be said before there is a model :: No: you just said it with one mean.

# %% [markdown]
# ## Take to work
#
# - Fill the holes in writing: *at this moment, how likely is this outcome, so that this person can
#   do that?*
# - A row for each person who acts, a column for each way of being wrong. Look for the cell that
#   scares you.
# - Sketch the table before you open the data. Then measure it: an empty bar is a finding.
# - Put the moment into the docstring. "One row is one flight" is half a definition.
#
# **Exercise:** [`late_share`](../exercises/late_share.md) turns the word "late" into one number,
# and has you decide what an unknown delay is.
#
# **Sources:** [flights](../data/flights.md), [weather](../data/weather.md) and
# [planes](../data/planes-airports-airlines.md) data cards · T. Gebru et al., [*Datasheets for
# Datasets*](https://arxiv.org/abs/1803.09010), for the questions to ask of a table that you *do*
# have · M. Zinkevich, [*Rules of Machine
# Learning*](https://developers.google.com/machine-learning/guides/rules-of-ml), whose first rule is
# not to be afraid to launch without any

# %% tags=["remove-cell"]
# The figures that only the text states.
texts_right = 100 * shares["… or cancelled, diverted"]
empty = (filled == 0).sum()
absent = (to_do.check == "column_in_dataframe").sum()
refused = to_do.failure_case[to_do.column == "wind_measured"].astype(float)
