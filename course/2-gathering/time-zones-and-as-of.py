# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 40, difficulty: 3, needs: [2-gathering/grain-and-keys],
#     exercises: [to_utc, weather_before, clock_offset]}
# ---

# %% [markdown]
# # Time zones and as-of
#
# The service goes live with the tables of 2023. Weather joins to flights by airport and hour, the
# documented way, and **{{ 99.8% | found:.1%}}** of the flights find theirs. It is the weather of four
# or five hours earlier. In this New York, the warmest hour of the day is
# {{ 19 | joined.groupby("hour").temp.mean().idxmax() }} o'clock.
#
# After this lesson you can
#
# - **convert** a local clock to an instant, also on the two nights when that is hard;
# - **check** a clock against something that no software has touched;
# - **join** the last value that was known before a deadline, and nothing later.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from grader import load

flights, weather = load("flights_2023"), load("weather_2023")
READINGS = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib"]
KEY = ["origin", "time_hour"]

# %% [markdown]
# ## Build it wrong

# %%
joined = flights.merge(weather[KEY + READINGS], on=KEY, how="left", validate="m:1")
found = joined.temp.notna().mean()
print(f"{len(joined):,} rows, {found:.1%} with weather")
print(joined.time_hour.dtype, "and", weather.time_hour.dtype)

# %% [markdown]
# Unique key, no row lost, no row doubled, equal types, nearly full coverage. Everything that the
# lessons before this one check is fine.
#
# ## Find the cause: ask the sun
#
# A test of a clock needs something that keeps time without software. Temperature does: it peaks in
# the early afternoon, every year, in every table.

# %%
by_day = load("flights_2013").query("hour >= 5")  # one flight left at 1 a.m.
before = by_day.merge(load("weather_2013")[[*KEY, "temp"]], on=KEY)
curves = pd.DataFrame(
    {
        "2013": before.groupby("hour").temp.mean(),
        "2023, as published": joined.groupby("hour").temp.mean(),
    }
)
print(curves.idxmax().to_string())

# %% [markdown]
# The hour in that table is the flight's own, read from a clock in New York. So the flights know
# what time it is, and the weather has been filed under another. Two columns claim to be UTC. Which
# one lies?

# %%
for name, table in [("flights", flights), ("weather", weather)]:
    same = (table.time_hour.dt.hour == table.hour).mean()
    print(f"{name}: time_hour shows the same hour as the column hour in {same:.0%} of rows")
coldest = weather.groupby("hour").temp.mean().idxmin()
print(f"weather: coldest at {coldest} by its own clock; flights: first hour", flights.hour.min())

# %% [markdown]
# Both agree with their own columns, so neither table can be caught alone. But nobody schedules
# {{ 29,000 | round(six, -3):, }} departures for 6 a.m. UTC, which is the middle of the night; the
# flights' `hour` is New York's. Their `time_hour` says 6:00 **UTC** all the same. Somebody built it
# from local columns and put the label UTC on. The weather's clock is UTC throughout: its coldest
# hour, {{ 9 | coldest }}, is 4 or 5 in New York, before sunrise.
#
# That is how it happens: `pd.to_datetime(..., utc=True)` does not *convert* a local time, it
# *declares* it. The fault is known upstream ([anyflights, issue
# 28](https://github.com/simonpcouch/anyflights/issues/28)), and its ancestor had one [like
# it](https://github.com/tidyverse/nycflights13/issues/19) in 2017.
#
# ## Build it right: from clock to instant
#
# A local time is a reading. An [instant](../glossary.md#instant) is a point on the world's one time
# line. What leads from the
# one to the other is a zone *with its history of rules*, not a number of hours. Twice a year there
# is no way across, or there are two:

# %%
spring, autumn = pd.Series(["2023-03-12 02:30"]), pd.Series(["2023-11-05 01:30"])
for reading in (pd.to_datetime(spring), pd.to_datetime(autumn)):
    try:
        reading.dt.tz_localize("America/New_York")
    except ValueError as error:
        print(type(error).__name__, error)

# %% [markdown]
# 2:30 on 12 March never was; 1:30 on 5 November was twice. pandas refuses both, and you should be
# glad: `nonexistent` and `ambiguous` want a decision from you. No flight of 2023 is scheduled in
# either hour, so here `raise`, the default, costs nothing and stays on guard.

# %%
clock = pd.to_datetime(flights[["year", "month", "day", "hour"]])
instants = clock.dt.tz_localize("America/New_York").dt.tz_convert("UTC")
repaired = flights.assign(time_hour=instants).merge(
    weather[KEY + READINGS], on=KEY, how="left", validate="m:1"
)
curves["2023, repaired"] = repaired.groupby("hour").temp.mean()
hours_off = (instants - flights.time_hour) / pd.Timedelta(hours=1)
print("moved by hours:", hours_off.value_counts().to_dict())

# %% tags=["hide-input"] alt="Line chart of mean temperature by the flight's local hour, from {{ 5 | shown.index.min() }} to {{ 23 | shown.index.max() }}. 2013 and the repaired join of 2023 rise from morning to a peak at {{ 14 | curves[\"2013\"].idxmax() }} o'clock and fall until night. The join as published is, until 22:00, lowest {{ from 8 to 10 in the morning | {*shown['2023, as published'].loc[:22].nsmallest(3).index} == {8, 9, 10} }} and peaks at {{ 19 | curves[\"2023, as published\"].idxmax() }}."
fig, ax = plt.subplots(figsize=(6.2, 3.5))
shown = curves[curves.index >= 5]
places = {"2013": (10.2, 56.6), "2023, as published": (19.2, 63.3), "2023, repaired": (6.2, 60.5)}
for (name, place), style in zip(places.items(), ["C0--", "C1-", "C2-"], strict=True):
    ax.plot(shown.index, shown[name], style)
    ax.annotate(name, place, color=style[:2])
ax.set(xlabel="hour of departure, New York", ylabel="mean temperature (°F)", xlim=(4.5, 24.5))
ax.set_xticks(range(5, 24, 3))
plt.show()

# %% [markdown]
# {{ 99.8% | repaired.temp.notna().mean():.1%}} match again, as before. The difference is that these
# are theirs.
#
# ## Would a score have told you?

# %%
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score


def auc(table):
    """Train on January to September, score October to December."""
    table = table.dropna(subset="arr_delay")
    X = table[["sched_dep_time", "distance", *READINGS]].copy()
    for column in ("carrier", "origin", "dest"):
        X[column] = table[column].astype("category").cat.codes
    y, train = table.arr_delay >= 15, table.month <= 9
    some = X[train].sample(60_000, random_state=0).index
    model = HistGradientBoostingClassifier(max_iter=40, random_state=0)
    model.fit(X.loc[some], y[some])
    return roc_auc_score(y[~train], model.predict_proba(X[~train])[:, 1])


auc_published, auc_repaired = auc(joined), auc(repaired)
print(f"AUC as published {auc_published:.3f}, repaired {auc_repaired:.3f}")

# %% [markdown]
# {{ 0.67 | auc_published:.2f }} with the wrong clock, {{ 0.67 | auc_repaired:.2f }} with the right
# one; the third digits are noise. Weather changes slowly, and a model makes the best of what it
# gets: rain at nine is some help at two. No row is wrong by itself, no score is bad. **Physics told
# you, and nothing else would have.** Until somebody upstream repairs the column, and a model that
# was trained on the shifted clock meets the right one.
#
# ## The last value known before a deadline
#
# The text goes out two hours before departure. So you want, for each flight, the [last reading that
# was known](../glossary.md#as-of-join) at `departure - 2 h`. Not the nearest: nearest looks forward
# as happily as back.
#
# And *known* has a catch. The script that made the table of 2013
# ([weather.R](https://github.com/tidyverse/nycflights13/blob/main/data-raw/weather.R)) files every
# report under the **start** of its hour. A routine report is taken near minute 51, so the row 14:00
# may hold what was measured at 14:51. It is known for sure at 15:00.

# %%
flights_2013, weather_2013 = load("flights_2013"), load("weather_2013")
departure = flights_2013.time_hour + pd.to_timedelta(flights_2013.minute, unit="min")
asked = flights_2013[["origin"]].assign(deadline=departure - pd.Timedelta(hours=2))
asked = asked.sort_values("deadline")
known = weather_2013[[*KEY, "temp"]].assign(known_at=weather_2013.time_hour + pd.Timedelta(hours=1))
known = known.sort_values("known_at")


def as_of(stamp, direction):
    """Join the reading by one of its stamps; return the share known too late."""
    got = pd.merge_asof(
        asked,
        known.sort_values(stamp),
        left_on="deadline",
        right_on=stamp,
        by="origin",
        direction=direction,
        tolerance=pd.Timedelta(hours=3),
    )
    late = got.known_at > got.deadline
    print(
        f"{stamp:9} {direction:8} {got.temp.notna().mean():.1%} found, {late.mean():.1%} too late"
    )
    return late.mean()


too_late = {
    (stamp, direction): as_of(stamp, direction)
    for stamp in ("time_hour", "known_at")
    for direction in ("nearest", "backward")
}

# %% [markdown]
# Look at the third column, then at the second, which does not move. With the label for a stamp,
# *backward* uses a reading from the future for {{ 100% | too_late["time_hour", "backward"]:.0%}} of
# the flights, by up to an hour. *Nearest* does so even with the right stamp
# ({{ 37% | too_late["known_at", "nearest"]:.0%}}). Only the last line can be served live: right
# stamp, backward, the airport's own readings (`by`), none older than three hours (`tolerance`).
#
# Every value in a table has two times: the one that it is *about*, and the one from which it was
# *[known](../glossary.md#known-time)*. Join by the second.
#
# ## How a professional does it
#
# You have used it: pandas' `tz_localize`, `tz_convert` and `merge_asof` are the tools. Below them is
# [zoneinfo](https://docs.python.org/3/library/zoneinfo.html) with the IANA database, in which
# politicians' decisions are kept as data. Its way of telling the two 1:30s apart is `fold`:

# %%
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

for fold in (0, 1):
    reading = datetime(2023, 11, 5, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold)
    print(reading, "is", reading.astimezone(UTC))

# %% [markdown]
# The rule for storage: instants in UTC, the zone's *name* in a column beside them. For the *future*,
# keep the local reading too: parliaments change rules, and a flight at 8:00 then still leaves at
# 8:00. Feature stores call the join above a *point-in-time* join; look for it by that name.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A new table says `datetime64[us, UTC]`. What do you know about its clock?**
#
# - [ ] That it is UTC :: No: {{ 435,352 | len(flights):, }} rows of 2023 say so, and are New York
#   time.
# - [x] What somebody declared; check it against something outside :: Yes: the day's temperature,
#   opening hours, a night without flights.
# - [ ] Nothing, so convert everything to UTC again :: No: converting what is declared wrong moves
#   the fault, and nobody can find it any more.

# %% [markdown] tags=["question"]
# **New York is five hours behind UTC. So `hour + 5` would do?**
#
# - [ ] Yes, for one city :: No: it was four for
#   {{ 66% | (hours_off == 4).mean():.0%}} of the flights of 2023.
# - [x] No; the zone has rules, and they change in the year and over the years :: Yes: use its name,
#   `America/New_York`.
# - [ ] Yes, if you leave out the two nights of the change :: No: the offset is another for eight
#   months, not for two nights.

# %% [markdown] tags=["question"]
# **You join an account balance to each order with `merge_asof`, backward, on the balance's date. Is
# that safe?**
#
# - [ ] Yes, backward never looks forward :: No: it compares the stamps that you give it. A balance
#   *of* Monday may be computed on Tuesday night.
# - [ ] Yes, with a tolerance :: No: a tolerance refuses what is too old. This may be too new.
# - [x] Only if the date is the moment from which the balance was known :: Yes: about-time and
#   known-time differ in nearly every table with a nightly job.

# %% [markdown]
# ## Take to work
#
# - Check every clock against the sun: plot a daily curve by the hour you believe in.
# - A label is not a conversion. `utc=True` declares.
# - Zone names, never hours. Let the two odd nights raise.
# - Two times for each value, about and known. As-of joins use *known*, backward, `by`, `tolerance`.
#
# **Exercises:** [`to_utc`](../exercises/to_utc.md) for the clocks,
# [`weather_before`](../exercises/weather_before.md) for the deadline, and
# [`clock_offset`](../exercises/clock_offset.md), a bonus: let the sun find the error by itself.
#
# **Next:** [Provenance](provenance.md).
#
# **Sources:** data cards of [flights](../data/flights.md) and [weather](../data/weather.md) ·
# anyflights, [issue 28](https://github.com/simonpcouch/anyflights/issues/28); nycflights13, [issue
# 19](https://github.com/tidyverse/nycflights13/issues/19) · [pandas on time
# zones](https://pandas.pydata.org/docs/user_guide/timeseries.html#time-zone-handling) and
# [merge_asof](https://pandas.pydata.org/docs/reference/api/pandas.merge_asof.html) · [IANA time
# zone database](https://www.iana.org/time-zones)

# %% tags=["remove-cell"]
# The figure that only the text states.
six = (flights.hour == 6).sum()
