# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [0-start/set-up], exercises: [quarantine]}
# ---

# %% [markdown]
# # Look before you fix
#
# One row of {{ 26,115 | len(weather):, }} says that the wind at Newark blew at
# {{ 1,048 | top.wind_speed:,.0f }} mph. That row moves the spread of a whole year of wind from
# {{ 5.6 | spread_without:.1f }} to **{{ 8.5 | spread_with:.1f }}** mph, and Newark's mean for that
# day from {{ 13 | day_without:.0f }} to {{ 56 | day_with:.0f }}.
#
# You have this table because somebody asked: *can we text travelers before their flight out of New
# York is late?* Wind makes flights late. Wind that is faster than sound would make other headlines.
#
# After this lesson you can
#
# - **profile** a table by ranges, keys, nulls and sources, before you change a cell of it;
# - **write** each check as a named rule, and decide what a null means to it;
# - **[quarantine](../glossary.md#quarantine)** rows instead of deleting them, and prove that none
#   was lost.

# %%
import matplotlib.pyplot as plt
import pandas as pd
import pandera.pandas as pa

from grader import load

weather = load("weather_2013")
wind = weather.wind_speed
weather[["temp", "humid", "wind_speed", "wind_gust"]].describe().round(1)

# %% [markdown]
# There it is, in the bottom row. Most days nobody looks: `describe()` scrolls by, and the next cell
# runs.
#
# ## Build it wrong
#
# The product wants a storm flag. An hour is stormy when its wind is more than three standard
# deviations above the mean.


# %%
def storm_line(wind):
    """Return the wind speed above which an hour counts as stormy."""
    return wind.mean() + 3 * wind.std()


line_raw = storm_line(wind)
storms_raw = (wind > line_raw).sum()
print(f"stormy above {line_raw:.1f} mph: {storms_raw} hours in the year")

# %% [markdown]
# That is {{ 10 | storms_raw }} stormy hours in a year of three airports, and one of them is the
# broken reading. Suspiciously calm. So you clean up, the way everybody does under time pressure:

# %%
scrubbed = weather.dropna()
print(f"rows:      {len(weather):,} -> {len(scrubbed):,}")
print(f"max wind:  {wind.max():,.1f} -> {scrubbed.wind_speed.max():.1f} mph")
print(f"mean wind: {wind.mean():.1f} -> {scrubbed.wind_speed.mean():.1f} mph")

# %% [markdown]
# The bad reading is gone. So is {{ 81% | lost:.0%}} of the table, and the mean wind went from
# {{ 10.5 | wind.mean():.1f }} to {{ 16.8 | scrubbed.wind_speed.mean():.1f }} mph. No error, no
# warning: a smaller table of a windier city.
#
# ## Find the cause: four looks
#
# Both mistakes have one cause: something was done to the column before anybody had looked at it.
# Looking is four questions, a few lines each.
#
# ### 1. Ranges: what is possible?
#
# The strongest gust on record outside a tornado is 253 mph (Barrow Island, 1996, accepted by the
# [World Meteorological Organization](https://wmo.asu.edu/)). That limit comes from the world. A
# limit made from the column is made by the column's faults too: the three-sigma line sits at
# {{ 36.1 | line_raw:.1f }} mph *because of* the reading that nobody believes.

# %%
RECORD_MPH = 253
shown = ["origin", "month", "day", "hour", "temp", "wind_speed"]
weather.loc[wind > RECORD_MPH, shown]

# %% [markdown]
# ### 2. Keys: one row per what?
#
# The table claims one row per airport and hour. Count the repeats. Then count the rows that are
# **not there**, which no summary of the rows that *are* there can show you.

# %%
LOCAL = ["origin", "year", "month", "day", "hour"]
UTC = ["origin", "time_hour"]
repeats_local, repeats_utc = (weather.duplicated(key).sum() for key in (LOCAL, UTC))

first, last = weather.time_hour.min(), weather.time_hour.max()
absent = 3 * len(pd.date_range(first, last, freq="h")) - len(weather)
last_hour = last.tz_convert("America/New_York")
print(f"repeated keys: {repeats_local} by local clock, {repeats_utc} by UTC")
print(f"absent hours:  {absent}; last row: {last_hour:%d %B, %H:00}")

# %% [markdown]
# So {{ 75 | absent }} hours are absent, and the year ends on {{ 30 December | last_hour:%d %B }}:
# every flight of New Year's Eve goes without weather. Keep the {{ 3 | repeats_local }} repeats in
# mind.
#
# ### 3. Nulls: how many, and where?
#
# A share per column is half an answer. The other half is the share *by group*: nulls that crowd
# together have a reason.

# %%
nulls = weather.isna().mean()
print(weather.isna().sum().loc[lambda count: count > 0].to_string())

rain = (weather.precip > 0).map({True: "rain", False: "dry"})
no_pressure = weather.pressure.isna().groupby(rain).mean()
print("\npressure is null:", no_pressure.map("{:.0%}".format).to_dict())

# %% [markdown]
# `wind_gust` is null in {{ 80% | nulls.wind_gust:.0%}} of the hours. There is your `dropna()`: it
# kept the gusty hours and threw away the rest, the {{ 1,048 | top.wind_speed:,.0f }} among them, by
# luck. Pressure is null in {{ 7% | no_pressure.dry:.0%}} of dry hours and
# {{ 53% | no_pressure.rain:.0%}} of wet ones: drop those rows, and you drop the weather that you
# came for. [Why is it missing?](why-is-it-missing.md) takes that up.
#
# ### 4. Sources: who says so, and do the others agree?
#
# Three stations, ten to twenty miles apart, watch the same sky. Put them side by side.

# %%
stations = weather.pivot(columns="origin", index="time_hour", values="wind_speed")
believable = stations[stations.EWR <= RECORD_MPH]
agree_with = stations.EWR.corr(stations.JFK)
agree_without = believable.EWR.corr(believable.JFK)
print(f"correlation of Newark and JFK: {agree_with:.2f}")
print(f"the same, without one hour:    {agree_without:.2f}")
stations.loc["2013-02-12 07:00":"2013-02-12 09:00"].round(1)

# %% [markdown]
# In that hour both neighbors read {{ 16.1 | stations.JFK[top.time_hour]:.1f }} mph. One hour of the
# year takes the correlation between two airports from {{ 0.74 | agree_without:.2f }} to
# {{ 0.32 | agree_with:.2f }}. A mean per day shows it to anybody:

# %%
february = weather[weather.month == 2]
daily = february.pivot_table(index="day", columns="origin", values="wind_speed")
newark = february.query("origin == 'EWR' and day == 12").wind_speed
day_with, day_without = newark.mean(), newark[newark <= RECORD_MPH].mean()
print(f"Newark, 12 February: {day_with:.1f} mph, or {day_without:.1f}")

# %% tags=["hide-input"] alt="Line chart of daily mean wind in February 2013 at JFK, LaGuardia and Newark. The three lines rise and fall together, at most {{ 27 | daily[[\"JFK\", \"LGA\"]].max().max():.0f }} mph, except that Newark jumps to {{ 56 | day_with:.0f }} mph on 12 February. A hollow circle at {{ 13 | day_without:.0f }} mph marks Newark's mean without the one reading: {{ it lies with the other two lines | abs(day_without - daily.loc[12, ['JFK', 'LGA']]).max() < 5 }}."
fig, ax = plt.subplots(figsize=(5.8, 3.2))
for origin, style in {"JFK": "C0--", "LGA": "C2:", "EWR": "C1-"}.items():
    ax.plot(daily.index, daily[origin], style, label=origin)
ax.plot(12, day_without, "ko", markersize=9, markerfacecolor="none")
ax.annotate("as recorded", (12, day_with), xytext=(12.6, 53))
arrow = {"xytext": (13.5, 34), "arrowprops": {"arrowstyle": "-"}}
ax.annotate("without one reading", (12, day_without), **arrow)
ax.set(xlabel="day of February 2013", ylabel="mean wind (mph)", ylim=(0, 60))
ax.legend()
plt.show()

# %% [markdown]
# ## Build it right: quarantine
#
# A deleted row is a decision that nobody can review. So do not delete: *move*. A row that breaks a
# rule goes to a second table, together with **all** the rules that it broke.
#
# A rule takes the table and answers `True` for each row that may pass. It has to say what a null
# means, for `wind <= 253` and `~(wind > 253)` are the same sentence in English and opposite
# verdicts on a missing reading: `False` and `True`.


# %%
def split(table, rules):
    """Return the rows that pass, and the others with every rule they broke."""
    verdicts = pd.DataFrame({name: rule(table) for name, rule in rules.items()})
    passed = verdicts.all(axis=1)
    failed = ~verdicts[~passed]
    reasons = failed.apply(lambda row: list(row.index[row]), axis=1)
    return table[passed], table[~passed].assign(reasons=reasons)


def possible(table):
    """Let a null pass: whether wind was measured is another rule's business."""
    return table.wind_speed.isna() | table.wind_speed.between(0, RECORD_MPH)


rules = {
    "temp known": lambda t: t.temp.notna(),
    "humid known": lambda t: t.humid.notna(),
    "wind known": lambda t: t.wind_speed.notna(),
    "wind possible": possible,
    "hour unique": lambda t: ~t.duplicated(LOCAL, keep=False),
}
clean, rejected = split(weather, rules)
first_count = len(rejected)
on_the_night = len(rejected.query("month == 11 and day == 3 and hour == 1"))
rejected[["origin", "reasons", "month", "day", "hour", "time_hour"]]

# %% [markdown]
# There are {{ 12 | first_count }} rows, each with its reasons. Now **read them**: that is what a
# quarantine is for. {{ Half | 2 * on_the_night == first_count }} are from 1 a.m. on 3 November,
# and their `time_hour` differs. The clocks went back that night, so 1 a.m. happened twice. Nothing
# is wrong with those rows. The *rule* is wrong, and you can still mend it, because the rows are
# still there.

# %%
rules["hour unique"] = lambda t: ~t.duplicated(UTC, keep=False)
clean, rejected = split(weather, rules)
# None lost, none doubled.
assert sorted([*clean.index, *rejected.index]) == list(weather.index)

line_clean = storm_line(clean.wind_speed)
storms_clean = (clean.wind_speed > line_clean).sum()
print(f"{len(weather):,} in = {len(clean):,} clean + {len(rejected)} rejected")
print(rejected.reasons.explode().value_counts().to_string())
print(f"stormy above {line_clean:.1f} mph: {storms_clean} hours in the year")

# %% [markdown]
# None lost: {{ 26,109 | len(clean):, }} clean and {{ 6 | len(rejected) }} rejected. The storm flag
# finds {{ 218 | storms_clean }} hours where it found {{ 10 | storms_raw }}: one reading had been
# hiding {{ 209 | hidden }} of them.
#
# The `assert` is the line to keep. *Rows in = clean + rejected* costs nothing, and it catches the
# filter that drops nulls, the merge that doubles rows, and the colleague who "only removed a few
# outliers".
#
# !!! note "A row or a cell?"
#     The other columns of that row look fine. You may blank its one bad cell, keep the reason, and
#     let the row back in: as a second step that reads the quarantine, never instead of it.
#
#     How far does one cell reach? No flight leaves Newark at {{ 3 | top.hour }} a.m., so a join by
#     the same hour never meets it. Ask for the wind *two hours before* departure, and
#     {{ 2 | hit_by_lag }} flights get it. Ask for the day's mean, and all {{ 331 | len(that_day) }}
#     flights of the day do.
#
# ## How a professional does it
#
# Write the rules as a [pandera](https://pandera.readthedocs.io/) schema: types, ranges and nulls in
# one object that a pipeline imports and a reviewer reads. `lazy=True` collects all failures instead
# of stopping at the first.

# %%
schema = pa.DataFrameSchema(
    {
        "temp": pa.Column(float, nullable=False),  # False is the default
        "humid": pa.Column(float, pa.Check.in_range(0, 100)),
        "wind_speed": pa.Column(float, pa.Check.in_range(0, RECORD_MPH)),
    }
)
try:
    schema.validate(weather, lazy=True)
except pa.errors.SchemaErrors as found:
    failures = found.failure_cases
failures[["index", "column", "check", "failure_case"]]

# %% [markdown]
# The same {{ 6 | failures["index"].nunique() }} rows. `index` says which, so your quarantine is a
# `groupby("index")` away. Two defaults to know: a check is not asked about nulls, `nullable`
# decides those; and `drop_invalid_rows=True` deletes the offenders and hands you no list of them.
#
# For the looking, try `TableReport(weather)` from [skrub](https://skrub-data.org/): ranges, nulls
# and associations of every column, on one page.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A rule should refuse impossible wind. Where does its limit come from?**
#
# - [ ] From the column: the mean plus three standard deviations :: No: the fault has a vote in
#   that. With it, the limit was {{ 36.1 | line_raw:.1f }} mph. Without it, the same limit refuses
#   {{ 218 | storms_clean }} hours of real wind. Unusual is not impossible.
# - [ ] From the column: its 99.9th percentile :: No: that refuses about one row in a thousand of a
#   perfect table, and no more of a ruined one.
# - [x] From the world: what can wind do, what can the instrument report? :: Yes: such a limit stays
#   put when the data go wrong, which is when you need it.

# %% [markdown] tags=["question"]
# **`clean = weather[weather.wind_speed < 253]`. How many rows leave?**
#
# - [ ] {{ 1 | over_record }}: the impossible one :: No: a comparison with a null is `False`, and
#   `False` rows go.
# - [x] {{ 5 | masked_out }}: the impossible one, and {{ 4 | wind_nulls }} that nobody measured ::
#   Yes, and nobody is told. A rule has to say what a null means.
# - [ ] None: comparing with a null raises :: No: a column of floats answers `False` without a word.

# %% [markdown] tags=["question"]
# **The quarantine has doubled overnight. What do you do first?**
#
# - [ ] Loosen the rules until it is small again :: No: then the rules describe the data, and will
#   never object to anything.
# - [ ] Nothing: catching bad rows is its job :: No: a quarantine that nobody reads is deletion with
#   extra steps.
# - [x] Count the reasons, read ten rows of the commonest, and ask whether the data or the rule is
#   wrong :: Yes: on 3 November it was the rule.

# %% [markdown]
# ## Take to work
#
# - Before you fix anything: ranges, keys, nulls, sources. Look for absent rows as well as odd ones.
# - Limits come from the world, not from the column on trial.
# - Rows in = clean + rejected, asserted. Each reject carries all its reasons.
# - Read the quarantine. Sometimes the rule is what is broken.
#
# **Exercise:** [`quarantine`](../exercises/quarantine.md) wants a `split` that survives other
# people's rules. Ours does not: on a nullable column a rule may answer `<NA>`, `all()` skips that,
# and *unknown* passes as *fine*.
#
# **Next:** [Parse, don't coerce](parse-dont-coerce.md).
#
# **Sources:** [weather data card](../data/weather.md) · J. Courtney et al., *Documentation and
# verification of the world extreme wind gust record* (Australian Meteorological and Oceanographic
# Journal, 2012) · [pandera on lazy
# validation](https://pandera.readthedocs.io/en/stable/lazy_validation.html) · E. Breck et al.,
# [*Data Validation for Machine Learning*](https://mlsys.org/Conferences/2019/doc/2019/167.pdf)
# (2019)

# %% tags=["remove-cell"]
# The figures that only the text states.
top = weather.loc[wind.idxmax()]
spread_with, spread_without = wind.std(), wind[wind <= RECORD_MPH].std()
lost = 1 - len(scrubbed) / len(weather)
hidden = storms_clean - (storms_raw - 1)
over_record = (wind > RECORD_MPH).sum()
wind_nulls = wind.isna().sum()
masked_out = len(weather) - len(weather[wind < RECORD_MPH])
that_day = load("flights_2013").query("origin == 'EWR' and month == 2 and day == 12")
assert that_day.hour.min() > top.hour
hit_by_lag = (that_day.time_hour == top.time_hour + pd.Timedelta(hours=2)).sum()
