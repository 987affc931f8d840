# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 2, needs: [0-start/from-goal-to-table],
#     exercises: [safe_join]}
# ---

# %% [markdown]
# # Grain and keys
#
# You join the weather to the flights by date and hour. {{ 336,776 | len(flights):, }} rows become
# **{{ 1,005,694 | len(wrong):, }}**. No error, no warning, and the share of late flights is still
# {{ 23.8% | late_wrong:.1%}}.
#
# A join has no opinion. It pairs every row with every row that has the same key, and if that is
# three rows, you get three. Whether it should have been one is something that only you can know,
# and only if you know what one row *is*.
#
# After this lesson you can
#
# - **state** the grain and the key of a table, and test both;
# - **predict** the row count of a join before you run it;
# - **refuse** a join that does not come out as predicted.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from grader import load

flights, weather = load("flights_2013"), load("weather_2013")
planes = load("planes_2013")
print(f"{len(flights):,} flights, {len(weather):,} hours of weather")

# %% [markdown]
# ## Build it wrong

# %%
CLOCK = ["year", "month", "day", "hour"]
wrong = flights.merge(weather, on=CLOCK, suffixes=("", "_station"))
print(f"{len(wrong):,} rows")


def late_share(table):
    """Return the share of rows that arrive 15 minutes late or more."""
    return (table.arr_delay >= 15).mean()


late_before, late_wrong = late_share(flights), late_share(wrong)
print(f"late: {late_before:.2%} before, {late_wrong:.2%} after")
print(f"mean delay: {flights.arr_delay.mean():.2f}, {wrong.arr_delay.mean():.2f}")

# %% [markdown]
# Three airports have weather, so {{ nearly every flight | 2.9 < len(wrong) / len(flights) < 3 }}
# is there three times: with its own wind and with that of two places it never saw. And look at the
# check that most people would make. The rate of late flights moves by
# {{ 0.02 | 100 * (late_before - late_wrong):.2f }} points, because *everything* was tripled.
# Shares and means cannot see a [fan-out](../glossary.md#fan-out). Counts can, and so can sums:
# anybody who adds up passengers now has three times as many.
#
# ## Find the cause: what is one row?
#
# The **[grain](../glossary.md#grain)** of a table is the sentence "one row is one …". Weather: *one
# hour at one airport*.
# The **[key](../glossary.md#key)** is the columns that the sentence names: `origin` and the hour.
# The join used half of a
# key. Half a key is not a weak key. It is no key.
#
# A grain is a claim, so test it: no two rows may agree in the key.


# %%
def repeats(table, key):
    """Count the rows whose key an earlier row has, too."""
    return table.duplicated(key).sum()


FLIGHT = ["year", "month", "day", "carrier", "flight"]
claims = [
    ("weather", weather, CLOCK),
    ("weather", weather, ["origin", *CLOCK]),
    ("weather", weather, ["origin", "time_hour"]),
    ("planes", planes, ["tailnum"]),
    ("flights", flights, FLIGHT),
    ("flights", flights, [*FLIGHT, "origin"]),
]
for name, table, key in claims:
    print(f"{repeats(table, key):7,}  {name}: {' '.join(key)}")

# %% [markdown]
# Two near misses. The local clock of the weather repeats
# {{ 3 | repeats(weather, ["origin", *CLOCK]) }} times, in the night when the clocks went back. And
# date, carrier and flight number are *almost* the key of a flight:
# {{ 24 | repeats(flights, FLIGHT) }} times an airline used one number for two flights on one day.

# %%
twice = flights[flights.duplicated(FLIGHT, keep=False)]
twice[[*FLIGHT, "origin", "dest", "sched_dep_time"]].head(4)

# %% [markdown]
# Southwest {{ 2269 | twice.flight.iloc[0] }} leaves from Newark for Denver, and on the same Saturday
# from LaGuardia for St. Louis. So the grain is not "a flight number on a day" but *a departure*, and
# `origin` belongs to the key.
#
# Uniqueness in the data is evidence, not proof. In 2023 the shorter key repeats
# {{ 0 | repeats_2023 }} times: with that year alone, you would have learned
# the wrong grain and been right for twelve months. A key comes from the sentence. The data may only
# veto it.
#
# ## Build it right: predict, then join
#
# How many rows come out of a join is no mystery. For each key, multiply how often it occurs on the
# left by how often it occurs on the right, and add up. (`dropna=False`: a null counts as a key.
# Why, you will see below.)


# %%
def predict_rows(left, right, on):
    """Return how many rows an inner join will have."""
    counts = [table.value_counts(on, dropna=False) for table in (left, right)]
    return int(pd.concat(counts, axis=1).prod(axis=1, skipna=False).sum())


keys = {
    "date and hour": CLOCK,
    "time_hour": ["time_hour"],
    "origin, date and hour": ["origin", *CLOCK],
    "origin and time_hour": ["origin", "time_hour"],
}
predicted = {name: predict_rows(flights, weather, on) for name, on in keys.items()}
measured = {name: len(flights[on].merge(weather[on])) for name, on in keys.items()}
assert predicted == measured

# %% tags=["hide-input"] alt="Horizontal bar chart of rows after the join for four choices of key. By date and hour, and by time_hour alone, about {{ 1,006,000 | round(predicted[\"date and hour\"], -3):, }} rows, {{ three times | 2.9 < predicted['date and hour'] / len(flights) < 3.1 }} the dashed line that marks the flights before the join. By origin, date and hour, and by origin and time_hour, {{ 335,220 | predicted[\"origin and time_hour\"]:, }} rows: {{ just below | 0.99 < predicted['origin and time_hour'] / len(flights) < 1 }} the line."
fig, ax = plt.subplots(figsize=(6.2, 2.9))
bars = ax.barh(list(predicted), list(predicted.values()), height=0.6)
ax.bar_label(bars, [f"{rows:,}" for rows in predicted.values()], padding=3)
ax.axvline(len(flights), color="k", linestyle="--", linewidth=1)
ax.annotate("flights before the join", (len(flights) + 12_000, -0.5), fontsize="small")
ax.set(xlabel="rows after an inner join", xlim=(0, 1_290_000), ylim=(3.6, -0.8))
ax.set_xticks([0, 250_000, 500_000, 750_000, 1_000_000], ["0", "250k", "500k", "750k", "1M"])
ax.grid(axis="y", visible=False)
plt.show()

# %% [markdown]
# The lower two bars agree, although one of those keys is broken: nobody takes off in the hour that
# came twice, so the fault waits. Say *what you expect*, even when today's data do not care. With
# `m:1` (many flights, one weather) pandas checks it before it joins:

# %%
try:
    flights.merge(weather, on=["origin", *CLOCK], validate="m:1")
except pd.errors.MergeError as error:
    print(error)

right = flights.merge(
    weather.drop(columns=CLOCK), on=["origin", "time_hour"], how="left", validate="m:1"
)
assert len(right) == len(flights)

# %% [markdown]
# A left join with `m:1` keeps every flight exactly once. A row count that cannot change is the
# cheapest test you will ever write.
#
# ### Two traps that `validate` does not see
#
# **The key you did not choose.** Without `on`, pandas joins by *all* columns of the same name.

# %%
natural = flights.merge(planes)
print("joined by:", *flights.columns.intersection(planes.columns))
print(f"{len(natural):,} of {len(flights):,} flights are left")

# %% [markdown]
# `year` is the year of the flight here, and there the year in which the aircraft was made. What is
# left are the {{ 4,630 | len(natural):, }} flights on aircraft built in 2013. Name your keys, and
# rename what only looks alike.
#
# **The key that is not there.** {{ 2,512 | flights.tailnum.isna().sum():, }} flights have no tail
# number. In SQL, null equals nothing, not even null. In pandas it does:

# %%
nobody = pd.DataFrame({"tailnum": [None], "seats": [0]}).astype({"tailnum": "str"})
register = pd.concat([planes[["tailnum", "seats"]], nobody])
seated = flights.merge(register, on="tailnum", how="left", validate="m:1")
print(f"{(seated.seats == 0).sum():,} flights on a plane with no seats")
extra = predict_rows(flights, register, ["tailnum"]) - predict_rows(flights, planes, ["tailnum"])
print(f"{extra:,} rows of the join are matches of null with null")

# %% [markdown]
# One row without a tail number slips into the register, and
# {{ 2,512 | (seated.seats == 0).sum():, }} flights are flown by it. Cancelled flights,
# {{ all of them | seated.dep_time[seated.seats == 0].isna().all() }}. `predict_rows` saw them
# coming, {{ every one | extra == (seated.seats == 0).sum() }}: this is why it counts nulls, as the
# join does. The count is right and the key is unique, so `validate` is content. Drop null keys
# from the right side before you join.
#
# ## How a professional does it
#
# The grain belongs to the table, not to the join. Write it down where the table is made, with
# [pandera](https://pandera.readthedocs.io/), and every delivery has to prove it:

# %%
import pandera.pandas as pa

hourly_weather = pa.DataFrameSchema(
    {"origin": pa.Column(str), "time_hour": pa.Column("datetime64[us, UTC]")},
    unique=["origin", "time_hour"],
    name="one hour at one airport",
)
print(len(hourly_weather.validate(weather)), "rows are", hourly_weather.name)
twofold = pd.concat([weather, weather.head(1)], ignore_index=True)
try:
    hourly_weather.validate(twofold, lazy=True)
except pa.errors.SchemaErrors as found:
    doubled = found.failure_cases
doubled[["column", "check", "failure_case", "index"]].head(4)

# %% [markdown]
# In a database the same sentence is `UNIQUE (origin, time_hour)`, or a test in
# [dbt](https://docs.getdbt.com/docs/build/data-tests). Columns of a pandera schema are not nullable
# by default, which closes the other trap.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **After a join the mean delay is as before, to two digits. What do you know?**
#
# - [ ] The join is fine: a fan-out would show :: No: here every flight came three times, and the
#   mean moved by {{ 0.02 | flights.arr_delay.mean() - wrong.arr_delay.mean():.2f }} minutes.
# - [x] Next to nothing; count rows :: Yes: means and shares forget how many. The row count does
#   not.
# - [ ] That no flight was lost :: No: {{ 1,293 | lost:, }} flights are gone, those in hours without
#   any weather. {{ 0.4% | lost / len(flights):.1%}} of the rows do not move a mean either.

# %% [markdown] tags=["question"]
# **A table has no repeats in `FLIGHT` for a whole year. Is that its key?**
#
# - [ ] Yes, it has been tested :: No: that is 2023. In 2013 the same columns repeat
#   {{ 24 | repeats(flights, FLIGHT) }} times.
# - [x] Perhaps; what does a row stand for? :: Yes: the key follows from the grain. If one row is
#   one departure, the airport has to be in it.
# - [ ] No, a key needs a column of its own :: No: a made-up `id` is always unique, and so proves
#   nothing about the rows.

# %% [markdown] tags=["question"]
# **`merge` with `validate="m:1"` raises: the right side repeats a key. What now?**
#
# - [ ] `drop_duplicates` on the right side :: No: then chance decides which of two rows is true.
#   First find out why there are two.
# - [ ] Take `validate` out until the deadline is over :: No: it is the only part of that line that
#   works.
# - [x] Look at the repeated keys: is a column missing from the key, or a row wrong? :: Yes: here it
#   was an hour that came twice, and `time_hour` tells the two apart.

# %% [markdown]
# ## Take to work
#
# - Say "one row is one …" aloud. The nouns in it are the key.
# - Test the key, and do not believe a test that passes by luck.
# - Predict the row count, then join with `on`, `how` and `validate` spelled out. All three, always.
# - Null keys match each other in pandas. Drop them on the right.
#
# **Exercise:** [`safe_join`](../exercises/safe_join.md) puts all of this into one function that
# raises, and names the key to blame.
#
# **Next:** [What a join loses](what-a-join-loses.md): the row count is right, and a whole airline
# is missing.
#
# **Sources:** data cards of [flights](../data/flights.md), [weather](../data/weather.md) and
# [planes](../data/planes-airports-airlines.md) · [pandas on
# merging](https://pandas.pydata.org/docs/user_guide/merging.html) · H. Wickham, [*Tidy
# Data*](https://doi.org/10.18637/jss.v059.i10) (2014), on what a row is · [pandera on uniqueness
# across
# columns](https://pandera.readthedocs.io/en/stable/dataframe_schemas.html)

# %% tags=["remove-cell"]
# The figures that only the text states.
repeats_2023 = repeats(load("flights_2023"), FLIGHT)
lost = len(flights) - flights.merge(weather[CLOCK].drop_duplicates(), on=CLOCK).shape[0]
